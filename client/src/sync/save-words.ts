import type { Keeping } from './keeper.ts';
import { changesAtRisk } from './save-state.ts';
import type { Carrier, SaveState } from './save-state.ts';

/** The words of the pill. What it calls kept is in this browser's store, and nothing else is. */
export function saveWords(save: SaveState): string {
  switch (save.state) {
    case 'opening':
      return 'Opening…';
    case 'saved':
      return 'Saved';
    case 'saving':
      return 'Saving…';
    case 'reconnecting':
      return 'Reconnecting…';
    case 'offline':
      return `${save.cause === 'token' ? 'Not connected' : 'Offline'}${held(save)}`;
    case 'not-saved':
      return `Not saved${held(save)}`;
    case 'read-only':
      return 'Read only';
    case 'denied':
      return `${save.login === null ? 'No access' : 'Signed out'}${held(save)}`;
    case 'deleted':
      return `Deleted${held(save)}`;
  }
}

/** What the pill says in a few words to who does not look at it: the state without its counts. */
export function saveHeadline(save: SaveState): string {
  return saveWords({ ...save, unsavedChanges: 0, keptChanges: 0 });
}

/** What a person may want to know beyond {@link saveWords}: what happened, what was kept, what to do. */
export function saveExplanation(save: SaveState): string {
  return [whatHappened(save), whatWasKept(save), carrierExplanation(save.carrier)]
    .filter((words) => words !== '')
    .join(' ');
}

/** How the page is connected, in words, where it is not by a WebSocket; '' where it is, or is not connected. */
export function carrierWords(carrier: Carrier | null): string {
  if (carrier === null || carrier.kind === 'websocket') return '';
  return carrier.reason === 'network'
    ? 'Connected over HTTP: your network blocks WebSockets'
    : 'Connected over HTTP';
}

/** Where what cannot be kept in this browser stands, in a sentence; '' where it is kept. */
export function keepingWords(keeping: Keeping): string {
  switch (keeping) {
    case 'starting':
    case 'works':
      return '';
    case 'stopped':
      return 'This browser was told to forget its copies, and keeps nothing of this page: reload to keep changes again.';
    case 'full':
      return 'This device has no room left to keep changes: free some space.';
    case 'unavailable':
      return 'This browser keeps nothing for this site, as in a private window or with storage switched off.';
    case 'blocked':
      return 'Another tab holds an older version of Sheaf open, so nothing can be kept here: close or reload that tab.';
    case 'outdated':
      return 'A newer version of Sheaf is open in another tab: reload this page to keep changes on this device again.';
    case 'too-large':
      return 'This document is too large to be kept on this device.';
    case 'failed':
      return 'The browser failed to keep changes on this device; the page keeps trying.';
  }
}

function whatHappened({ state, cause, login }: SaveState): string {
  switch (state) {
    case 'opening':
      return 'The document is on its way from the server.';
    case 'saved':
      return 'Everything you wrote is on the server’s disk.';
    case 'saving':
      return 'The server has not confirmed your latest changes yet.';
    case 'reconnecting':
      return 'The connection ended and is being made again.';
    case 'offline':
      if (cause === 'token')
        return 'Whoever lets people in here does not answer. You can go on writing; the page keeps trying.';
      return 'The server can’t be reached. You can go on writing; the page keeps trying.';
    case 'not-saved':
      if (cause === 'corrupt')
        return 'The server can’t read this document from its disk. Tell whoever runs it.';
      if (cause === 'read-only')
        return 'You may only read this document now: the server does not take your changes.';
      if (cause === 'refused') return 'The server refused a change. The document may be too large.';
      return 'The server can’t store your changes at the moment. The page keeps trying.';
    case 'read-only':
      return 'You may read this document, but not change it.';
    case 'denied':
      return login === null
        ? 'You have no access to this document, or none any more.'
        : 'You are not signed in any more. Sign in, and this page goes on.';
    case 'deleted':
      return 'Somebody deleted this document.';
  }
}

function whatWasKept(save: SaveState): string {
  const { state, unsavedChanges, keeping, persisted } = save;
  const risk = changesAtRisk(save);
  const trouble = keepingWords(keeping);
  if (unsavedChanges === 0) return state === 'deleted' ? '' : trouble;
  const count = changes(unsavedChanges);
  if (risk > 0 && trouble !== '')
    return `${trouble} Keep this page open: ${changes(risk)} ${are(risk)} in it and nowhere else.`;
  if (risk > 0)
    return `Keep this page open a moment: ${changes(risk)} ${are(risk)} not kept on this device yet.`;
  const promise = persisted === false ? ' The browser may remove them if this device runs out of space.' : '';
  if (state === 'saving' || state === 'opening')
    return `${count} ${are(unsavedChanges)} kept on this device.`;
  if (state === 'denied' || state === 'deleted' || (state === 'not-saved' && save.cause !== null))
    return `${count} ${are(unsavedChanges)} kept on this device and can be downloaded.${promise}`;
  return `${count} ${are(unsavedChanges)} kept on this device, also if you close this page, and will be sent when the server takes them.${promise}`;
}

function carrierExplanation(carrier: Carrier | null): string {
  const words = carrierWords(carrier);
  if (words === '') return '';
  return `${words}. That works as well: others see your changes a little later.`;
}

/** Behind the headline: how many changes wait, and where they are. */
function held(save: SaveState): string {
  const { unsavedChanges, keptChanges } = save;
  const risk = changesAtRisk(save);
  if (unsavedChanges === 0) return '';
  if (risk === 0) return `, ${changes(keptChanges)} kept on this device`;
  // While the latest ones are on their way to the store, those before must not be read as all.
  if (keepingWords(save.keeping) === '' && keptChanges > 0)
    return `, ${keptChanges} of ${changes(unsavedChanges)} kept on this device`;
  return `, ${changes(risk)} only in this page`;
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
