import type { ShortcutWords } from './en.ts';

/** German. */
export const shortcutWords: ShortcutWords = {
  title: 'Tastenkürzel',
  search: 'Tastenkürzel suchen',
  nothing: 'Nichts gefunden',
  typed: 'am Anfang einer Zeile getippt',
  leave: 'Den Text verlassen',
  toBar: 'Zur Formatleiste',
  slash: 'Block einfügen',
  colon: 'Emoji nach seinem Namen',
  sheet: 'Diese Übersicht, außerhalb des Textes',
  indent: 'Punkt, Absatz oder Code einrücken',
  outdent: 'Wieder ausrücken',
  check: 'Aufgabe abhaken, oder Aufklapper öffnen und schließen',
  toHead: 'Zur Sprache von Code',
  groups: {
    history: 'Rückgängig',
    mark: 'Schrift',
    heading: 'Überschriften',
    list: 'Listen und Blöcke',
    align: 'Ausrichtung',
    insert: 'Einfügen',
    block: 'Blöcke',
    view: 'Ansicht',
    page: 'Seite',
  },
};
