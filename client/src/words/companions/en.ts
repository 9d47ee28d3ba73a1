import { count } from '../en.ts';

/** The messages of the find bar: English. */
export const findWords = {
  title: 'Find',
  find: 'Find in the document',
  matchCase: 'Match case',
  wholeWord: 'Whole words',
  regex: 'Regular expression',
  previous: 'Previous match',
  next: 'Next match',
  replaceMore: 'Replace…',
  replaceWith: 'Replace with',
  replace: 'Replace',
  replaceAll: 'Replace all',
  replaced: (number: number) => count(number, { one: '1 place replaced', other: '# places replaced' }),
  position: (current: string, all: string) => `${current} of ${all}`,
  searching: 'Searching…',
  nothing: 'Not found',
  slow: 'This pattern takes too long',
  wrong: 'No regular expression',
};

/** Each language has the same messages. */
export type FindWords = typeof findWords;
