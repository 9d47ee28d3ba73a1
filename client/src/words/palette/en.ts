import { count } from '../en.ts';

/** What the palette says: English. */
export const paletteWords = {
  title: 'Go to',
  search: 'Search documents and commands',
  documents: 'Documents',
  headings: 'In this document',
  commands: 'Commands',
  nothing: 'Nothing found',
  results: (number: number) => count(number, { one: '1 result', other: '# results' }),
};

/** Each language has the same messages. */
export type PaletteWords = typeof paletteWords;
