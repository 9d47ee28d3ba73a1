/** What is known about the way to the server; the input of {@link saveState}. */
export interface SyncFacts {
  /**
   * `opening` until the server first let us in, `connected` while it listens, `lost` since a connection ended,
   * `unavailable` since the server said that it cannot store, `denied` since it refused this person, `deleted`
   * since it said that there is no such document any more.
   */
  readonly link: 'opening' | 'connected' | 'lost' | 'unavailable' | 'denied' | 'deleted';
  /** Whether the browser believes that it has a network. */
  readonly online: boolean;
  /** Attempts to connect that failed in a row. */
  readonly failedAttempts: number;
  /** Whether the handshake of this connection is done: all that the server had is here. */
  readonly synced: boolean;
  /** Messages that the server has not acknowledged, the handshake among them (HocuspocusProvider's count). */
  readonly unacknowledged: number;
  /** Changes made on this page that no acknowledgement covers yet. */
  readonly unsavedChanges: number;
  /** Whether the server takes no changes from this person. */
  readonly readOnly: boolean;
  /** Whether the server refused a change of this connection: it will not be saved as it is. */
  readonly refused: boolean;
}

/** What the save pill says. Only `saved` promises that every change of this page is on the server's disk. */
export interface SaveState {
  readonly state:
    | 'opening'
    | 'saved'
    | 'saving'
    | 'reconnecting'
    | 'offline'
    | 'not-saved'
    | 'read-only'
    | 'denied'
    | 'deleted';
  /** Changes made on this page that are not known to be saved. */
  readonly unsavedChanges: number;
}

/**
 * The one rule of the pill. `saved` needs all of: connected, synced, nothing unacknowledged, and no change of
 * ours that is not covered. What is uncertain is never called saved.
 */
export function saveState(facts: SyncFacts): SaveState {
  return { state: stateOf(facts), unsavedChanges: facts.unsavedChanges };
}

function stateOf(facts: SyncFacts): SaveState['state'] {
  const away = !facts.online || facts.failedAttempts > 0 ? 'offline' : null;
  switch (facts.link) {
    case 'denied':
    case 'deleted':
      return facts.link;
    case 'unavailable':
      return 'not-saved';
    case 'opening':
      return away ?? 'opening';
    case 'lost':
      return away ?? 'reconnecting';
    case 'connected':
      if (facts.refused) return 'not-saved';
      if (facts.readOnly) return facts.unsavedChanges > 0 ? 'not-saved' : 'read-only';
      if (facts.unsavedChanges > 0) return 'saving';
      if (!facts.synced) return 'opening';
      return facts.unacknowledged > 0 ? 'saving' : 'saved';
  }
}

/** The words of the pill. They claim no copy on this device: unsaved changes live in this page only. */
export function saveWords({ state, unsavedChanges }: SaveState): string {
  switch (state) {
    case 'opening':
      return 'Opening…';
    case 'saved':
      return 'Saved';
    case 'saving':
      return 'Saving…';
    case 'reconnecting':
      return 'Reconnecting…';
    case 'offline':
      return unsavedChanges > 0 ? `Offline, ${changes(unsavedChanges)} not saved yet` : 'Offline';
    case 'not-saved':
      return unsavedChanges > 0 ? `Not saved: ${changes(unsavedChanges)}` : 'Not saved';
    case 'read-only':
      return 'Read only';
    case 'denied':
      return unsavedChanges > 0 ? `No access, ${changes(unsavedChanges)} not saved` : 'No access';
    case 'deleted':
      return unsavedChanges > 0 ? `Deleted, ${changes(unsavedChanges)} not saved` : 'Deleted';
  }
}

/** What a person may want to know beyond {@link saveWords}: what happened, what was kept, what to do. */
export function saveExplanation({ state, unsavedChanges }: SaveState): string {
  const kept = unsavedChanges > 0 ? ' Keep this page open: your changes are in it and nowhere else yet.' : '';
  switch (state) {
    case 'opening':
      return 'The document is on its way from the server.';
    case 'saved':
      return 'Everything you wrote is on the server’s disk.';
    case 'saving':
      return 'The server has not confirmed your latest changes yet.';
    case 'reconnecting':
      return `The connection ended and is being made again.${kept}`;
    case 'offline':
      return `The server can’t be reached. You can go on writing; the page keeps trying.${kept}`;
    case 'not-saved':
      return `The server can’t store your changes at the moment. The page keeps trying.${kept}`;
    case 'read-only':
      return 'You may read this document, but not change it.';
    case 'denied':
      return `The server did not let you into this document.${kept}`;
    case 'deleted':
      return `Somebody deleted this document.${kept}`;
  }
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}
