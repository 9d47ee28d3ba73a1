import { changes } from '../de.ts';
import type { ListWords } from './en.ts';

/** German. */
export const listWords: ListWords = {
  title: 'Dokumente',
  creating: 'Wird angelegt…',
  notCreated: (reason) => `Das Dokument wurde nicht angelegt. ${reason}`,
  failed: 'Die Liste konnte nicht geladen werden',
  failedMore: (reason) => `${reason} Nichts ist verloren: Dokumente liegen auf dem Server.`,
  empty: 'Hier ist noch nichts',
  emptyMore: 'Beginnen Sie ein Dokument und schicken Sie seine Adresse allen, die mitschreiben sollen.',
  loading: 'Die Liste wird geladen…',
  kept: 'Der Server ist nicht zu erreichen. Dies sind die Dokumente auf diesem Gerät; Sie können sie lesen und in ihnen schreiben.',
  keptDenied: (reason) => `${reason} Dies sind die Dokumente auf diesem Gerät.`,
  more: 'Mehr anzeigen',
  unsent: (number) => `${changes(number)} nicht gesendet`,
};
