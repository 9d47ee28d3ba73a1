import { count } from '../de.ts';
import type { CompanionWords } from './en.ts';

/** German. */
export const companionWords: CompanionWords = {
  find: {
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
  },

  slash: {
    title: 'Einfügen',
    nothing: 'Nichts heißt so',
    results: (number) => count(number, { one: '1 Treffer', other: '# Treffer' }),
  },

  mention: {
    title: 'Person, Dokument oder Tag erwähnen',
    days: { today: 'Heute', tomorrow: 'Morgen', yesterday: 'Gestern' },
    put: (name: string) => `Eingefügt: ${name}`,
  },

  bubble: { selection: 'Ausgewählter Text', link: 'Verweis', card: 'In eine Linkkarte umwandeln' },

  emoji: { title: 'Emoji', search: 'Emoji suchen (englische Namen)' },

  link: {
    title: 'Verweis',
    address: 'Adresse',
    apply: 'Übernehmen',
    open: 'Öffnen',
    edit: 'Verweis bearbeiten',
    remove: 'Verweis entfernen',
    wrong: 'Das ist keine Adresse, zu der ein Verweis führen kann.',
  },
};
