/** What a page that is none says: English. */
export const notFoundWords = {
  title: 'Not found',
  heading: 'There is no such page',
  /** Said around the beginning of an address. */
  before: 'The address may be mistyped. Documents have addresses that start with',
  after: '.',
};

/** Each language has the same messages. */
export type NotFoundWords = typeof notFoundWords;
