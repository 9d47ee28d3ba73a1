import { count } from '../de.ts';
import type { PaletteWords } from './en.ts';

/** German. */
export const paletteWords: PaletteWords = {
  title: 'Gehe zu',
  search: 'Dokumente und Befehle suchen',
  documents: 'Dokumente',
  headings: 'In diesem Dokument',
  commands: 'Befehle',
  nothing: 'Nichts gefunden',
  results: (number) => count(number, { one: '1 Treffer', other: '# Treffer' }),
};
