import type { SourceWords } from './en.ts';

/** German. */
export const sourceWords: SourceWords = {
  code: {
    block: 'Code',
    blockIn: (language) => `Code in ${language}`,
    language: 'Sprache des Codes',
    plain: 'Nur Text',
    copy: 'Code kopieren',
    copied: 'Code kopiert',
  },

  diagram: {
    label: 'Diagramm',
    nothing: 'Leeres Diagramm',
    unknown: 'Diese Art von Diagramm kann hier nicht gezeichnet werden.',
    wrong: (line) => `Das Diagramm kann nicht gezeichnet werden: Zeile ${String(line)} bedeutet nichts.`,
    failed: (words) =>
      words === ''
        ? 'Das Diagramm kann nicht gezeichnet werden.'
        : `Das Diagramm kann nicht gezeichnet werden: ${words}`,
    large: 'Das ist zu groß, um gezeichnet zu werden.',
    slow: 'Das Zeichnen dauerte zu lange und wurde abgebrochen.',
    away: 'Ohne Verbindung können Diagramme noch nicht gezeichnet werden.',
  },
};
