import { changes, count } from '../de.ts';
import type { DeviceWords } from './en.ts';

/** German. */
export const deviceWords: DeviceWords = {
  title: 'Auf diesem Gerät',
  failed: 'Was hier behalten wird, ist nicht zu lesen',
  intro:
    'Dieser Browser behält eine Kopie der Dokumente, die Sie geöffnet haben, damit sie sofort aufgehen und auch ohne Netz zu beschreiben sind.',
  needsHttps: 'Sheaf selbst öffnet hier nicht ohne Netz: Browser erlauben das nur bei Adressen mit https.',
  reading: 'Wird gelesen…',
  removed: 'Alles wurde entfernt.',
  nothing: 'Auf diesem Gerät wird nichts behalten.',
  forget: 'Dieses Gerät vergessen lassen',
  forgetMore: 'Entfernt diese Kopien aus diesem Browser. Die Dokumente bleiben auf dem Server.',
  changedMeanwhile:
    'Inzwischen wurde etwas geschrieben, hier oder in einem anderen Tab: Sehen Sie es erst an.',
  notYet: (number) =>
    count(number, {
      one: 'Noch nicht: Ein Dokument enthält Änderungen, die nicht auf dem Server sind. Öffnen Sie es mit einer Verbindung, laden Sie es herunter oder verwerfen Sie es.',
      other:
        'Noch nicht: # Dokumente enthalten Änderungen, die nicht auf dem Server sind. Öffnen Sie jedes mit einer Verbindung, laden Sie es herunter oder verwerfen Sie es.',
    }),
  deleted: 'auf dem Server gelöscht',
  damaged: (number) =>
    count(number, {
      one: '1 beschädigter Teil beiseitegelegt',
      other: '# beschädigte Teile beiseitegelegt',
    }),
  unsent: (number) => `${changes(number)} nicht auf dem Server`,
  unsentDownloaded: (number) => `${changes(number)} nicht auf dem Server, heruntergeladen`,
  downloadText: 'Text herunterladen',
  downloadTextOf: (title) => `Text von ${title} herunterladen`,
  update: 'Yjs-Update',
  updateOf: (title) => `Yjs-Update von ${title}`,
  discard: 'Verwerfen',
  discardOf: (title) => `${title} verwerfen`,
  discardSure: 'Für immer verwerfen?',
  discardSureOf: (title) => `Für immer verwerfen? ${title}`,
};
