import { count } from '../de.ts';
import type { FindWords } from './en.ts';

/** German. */
export const findWords: FindWords = {
  title: 'Suchen',
  find: 'Im Dokument suchen',
  matchCase: 'Groß- und Kleinschreibung',
  wholeWord: 'Ganze Wörter',
  regex: 'Regulärer Ausdruck',
  previous: 'Vorheriger Treffer',
  next: 'Nächster Treffer',
  replaceMore: 'Ersetzen…',
  replaceWith: 'Ersetzen durch',
  replace: 'Ersetzen',
  replaceAll: 'Alle ersetzen',
  replaced: (number) => count(number, { one: '1 Stelle ersetzt', other: '# Stellen ersetzt' }),
  position: (current, all) => `${current} von ${all}`,
  searching: 'Wird gesucht…',
  nothing: 'Nicht gefunden',
  slow: 'Dieses Muster braucht zu lange',
  wrong: 'Kein regulärer Ausdruck',
};
