import type { MediaWords } from './en.ts';

/** German. */
export const mediaWords: MediaWords = {
  undescribed: 'Bild ohne Beschreibung',
  caption: 'Bildunterschrift',
  describe: 'Das Bild für Menschen beschreiben, die es nicht sehen',
  width: 'Breite des Bildes',
  uploading: (percent) => `Wird hochgeladen, ${percent}`,
  elsewhere: (host) => `Bild bei ${host}, das von hier aus nicht geladen wird`,
  open: 'Bild öffnen',
  download: (name) => `${name} herunterladen`,
  downloadShort: 'Herunterladen',
  sending: {
    away: 'Noch nicht hochgeladen. Es wird aufbewahrt und gesendet, sobald eine Verbindung besteht.',
    missing: 'Der Server nimmt es nicht an.',
    refused: 'Du darfst diesem Dokument keine Dateien hinzufügen.',
    'too-large': 'Dem Server ist es zu groß.',
    'too-many':
      'Noch nicht hochgeladen: Der Server hat zu viel zu tun, oder das Dokument hat zu viele Dateien.',
    'no-room': 'Noch nicht hochgeladen: Der Server hat keinen Platz.',
    failed: 'Es konnte nicht hochgeladen werden.',
  },
  getting: {
    away: 'Es wird gezeigt, sobald eine Verbindung besteht.',
    missing: 'Es ist noch nicht auf dem Server.',
    refused: 'Du darfst es nicht sehen.',
    'too-large': 'Es konnte nicht geladen werden.',
    'too-many': 'Der Server hat zu viel zu tun.',
    'no-room': 'Es konnte nicht geladen werden.',
    failed: 'Es konnte nicht geladen werden.',
  },
  card: {
    name: (title, host) => `${title}, führt zu ${host}`,
    none: 'Noch keine Adresse',
    title: 'Titel',
    address: 'Adresse',
    wrong: 'Das ist keine Adresse im Web.',
    show: 'Hier zeigen',
    hide: 'Ausblenden',
    loads: (site) => `Lädt es von ${site}; dort wird bekannt, dass Sie es ansehen`,
    frame: (title, site) => `${title}, gezeigt von ${site}`,
  },
};
