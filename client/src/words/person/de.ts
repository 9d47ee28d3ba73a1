import type { PersonWords } from './en.ts';

/** German. */
export const personWords: PersonWords = {
  title: 'Ihr Name',
  heading: 'So sehen Sie die anderen',
  name: 'Name',
  colour: 'Farbe',
  colourNumber: (number) => `Farbe ${number}`,
  language: 'Sprache',
  note: 'Wird in diesem Browser behalten, wie auch Kopien Ihrer Dokumente.',
  device: 'Ansehen, oder alles auf diesem Gerät vergessen',
};
