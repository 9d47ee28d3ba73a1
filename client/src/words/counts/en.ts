import { count } from '../en.ts';

/** How much was written: English. */
export const countsWords = {
  words: (number: number) => count(number, { one: '1 word', other: '# words' }),
  characters: (number: number) => count(number, { one: '1 character', other: '# characters' }),
  minutes: (number: number) => count(number, { one: '1 minute to read', other: '# minutes to read' }),
};

/** Each language has the same messages. */
export type CountsWords = typeof countsWords;
