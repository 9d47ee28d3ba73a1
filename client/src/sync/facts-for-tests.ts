import type { SyncFacts } from './save-state.ts';

/** A page that is connected by a WebSocket, and of which everything is saved. */
export const SAVED: SyncFacts = {
  link: 'connected',
  online: true,
  failedAttempts: 0,
  synced: true,
  unacknowledged: 0,
  copies: null,
  unsavedChanges: 0,
  keptChanges: 0,
  keeping: 'works',
  persisted: null,
  carrier: { kind: 'websocket', reason: null },
  readOnly: false,
  refused: false,
  unanswered: false,
  login: null,
};
