import type { NotFoundWords } from './en.ts';

/** German. */
export const notFoundWords: NotFoundWords = {
  title: 'Nicht gefunden',
  heading: 'Diese Seite gibt es nicht',
  before: 'Vielleicht ist die Adresse vertippt. Adressen von Dokumenten beginnen mit',
  after: '.',
};
