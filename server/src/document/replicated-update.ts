import type { Author } from '../store/store.ts';

/** What another server has taken. */
export interface ReplicatedUpdate {
  /** Yjs update, V1. */
  readonly update: Uint8Array;
  readonly author: Author;
}
