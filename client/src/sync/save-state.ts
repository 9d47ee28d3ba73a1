import type { Keeping } from './keeper.ts';

/** Which way leads to the server. */
export interface Carrier {
  readonly kind: 'websocket' | 'sse' | 'poll';
  /** Why it is not a WebSocket: the network lets none through, or somebody asked for this one. Null for a WebSocket. */
  readonly reason: 'network' | 'chosen' | null;
}

/** On how many of the servers that have to have it something is on disk. */
export interface Copies {
  readonly nodes: number;
  readonly of: number;
}

/** What is known about the way to the server and about this browser's copy; the input of {@link saveState}. */
export interface SyncFacts {
  /**
   * `opening` until the server first let us in, `connected` while it listens, `lost` since a connection ended,
   * `unavailable` since the server said that it cannot store, `denied` since this person was refused, `deleted`
   * since it said that there is no such document any more, `corrupt` since it said that it cannot read it.
   */
  readonly link: 'opening' | 'connected' | 'lost' | 'unavailable' | 'denied' | 'deleted' | 'corrupt';
  /** Whether the browser believes that it has a network. */
  readonly online: boolean;
  /** Attempts to connect that failed in a row. */
  readonly failedAttempts: number;
  /** Whether the handshake of this connection is done: all that the server had is here. */
  readonly synced: boolean;
  /** Messages that the server has not acknowledged, the handshake among them (HocuspocusProvider's count). */
  readonly unacknowledged: number;
  /**
   * All that is unacknowledged is on the disks of so many servers, as the server says; null: it says nothing, or not of all.
   */
  readonly copies: Copies | null;
  /** Changes made in this browser that are in this document and that no acknowledgement covers yet. */
  readonly unsavedChanges: number;
  /** How many of these are in this browser's store. */
  readonly keptChanges: number;
  /** Whether this browser keeps what is written. */
  readonly keeping: Keeping;
  /** Whether the browser promised not to remove what it keeps when space runs short; null: not asked yet. */
  readonly persisted: boolean | null;
  /** Null while there is no connection. */
  readonly carrier: Carrier | null;
  /** Whether the server takes no changes from this person. */
  readonly readOnly: boolean;
  /** Whether the server refused a change of this connection: it will not be saved as it is. */
  readonly refused: boolean;
  /** Whether whoever gives tokens does not answer, so that the page can't connect. */
  readonly unanswered: boolean;
  /** Where a person who is signed out can sign in; null where nobody said so. */
  readonly login: string | null;
}

/** What the save pill says. Only `saved` promises that every change of this browser is on the server's disk. */
export interface SaveState {
  readonly state:
    | 'opening'
    | 'saved'
    | 'saving'
    | 'partly-saved'
    | 'reconnecting'
    | 'offline'
    | 'not-saved'
    | 'read-only'
    | 'denied'
    | 'deleted';
  /** Changes made in this browser that are not known to be saved. */
  readonly unsavedChanges: number;
  /** How many of these are in this browser's store; the others are in this page and nowhere else. */
  readonly keptChanges: number;
  readonly keeping: Keeping;
  readonly persisted: boolean | null;
  /** Why the server takes nothing, where `state` alone does not tell. `token`: whoever gives tokens does not answer. */
  readonly cause: 'corrupt' | 'read-only' | 'refused' | 'token' | null;
  readonly carrier: Carrier | null;
  /** Where to sign in; null where that is not what is missing. */
  readonly login: string | null;
  /** With `partly-saved`: where the changes are. */
  readonly copies: Copies | null;
}

/** The state of a page that has no document open: nothing is written, and nothing has to be kept. */
export function emptySaveState(state: SaveState['state']): SaveState {
  return {
    state,
    unsavedChanges: 0,
    keptChanges: 0,
    keeping: 'starting',
    persisted: null,
    cause: null,
    carrier: null,
    login: null,
    copies: null,
  };
}

/**
 * The one rule of the pill. `saved` needs all of: connected, synced, nothing unacknowledged, and no change of
 * ours that is not covered. What is uncertain is never called saved, nor kept.
 */
export function saveState(facts: SyncFacts): SaveState {
  const { unsavedChanges, keptChanges, keeping, persisted, carrier } = facts;
  const state = stateOf(facts);
  return {
    state,
    copies: state === 'partly-saved' ? facts.copies : null,
    unsavedChanges,
    keptChanges: Math.min(keptChanges, unsavedChanges),
    keeping,
    persisted,
    cause: causeOf(facts),
    carrier,
    login: facts.link === 'denied' ? facts.login : null,
  };
}

/** Changes that are in this page and nowhere else: leaving it loses them. */
export function changesAtRisk({
  unsavedChanges,
  keptChanges,
}: Pick<SaveState, 'unsavedChanges' | 'keptChanges'>): number {
  return Math.max(0, unsavedChanges - keptChanges);
}

/** Whether the server will not take changes that are here, so that a person should be offered them as a file. */
export function mayRecover({ state, unsavedChanges, cause }: SaveState): boolean {
  return (
    unsavedChanges > 0 &&
    (state === 'denied' || state === 'deleted' || (state === 'not-saved' && cause !== null))
  );
}

function causeOf({ link, readOnly, refused, online, unanswered }: SyncFacts): SaveState['cause'] {
  if (link === 'corrupt') return 'corrupt';
  if ((link === 'opening' || link === 'lost') && online && unanswered) return 'token';
  if (link !== 'connected') return null;
  if (refused) return 'refused';
  return readOnly ? 'read-only' : null;
}

function stateOf(facts: SyncFacts): SaveState['state'] {
  const away = !facts.online || facts.failedAttempts > 0 || facts.unanswered ? 'offline' : null;
  switch (facts.link) {
    case 'denied':
    case 'deleted':
      return facts.link;
    case 'unavailable':
    case 'corrupt':
      return 'not-saved';
    case 'opening':
      return away ?? (facts.unsavedChanges > 0 ? 'saving' : 'opening');
    case 'lost':
      return away ?? 'reconnecting';
    case 'connected':
      if (facts.refused) return 'not-saved';
      if (facts.readOnly) return facts.unsavedChanges > 0 ? 'not-saved' : 'read-only';
      if (facts.synced && facts.unacknowledged > 0 && facts.copies !== null) return 'partly-saved';
      if (facts.unsavedChanges > 0) return 'saving';
      if (!facts.synced) return 'opening';
      return facts.unacknowledged > 0 ? 'saving' : 'saved';
  }
}
