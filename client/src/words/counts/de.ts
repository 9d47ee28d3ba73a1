import { count } from '../de.ts';
import type { CountsWords } from './en.ts';

/** German. */
export const countsWords: CountsWords = {
  words: (number) => count(number, { one: '1 Wort', other: '# Wörter' }),
  characters: (number) => count(number, { one: '1 Zeichen', other: '# Zeichen' }),
  minutes: (number) => count(number, { one: '1 Minute Lesezeit', other: '# Minuten Lesezeit' }),
};
