import type { DocumentName } from '../store/document-name.ts';
import type { Author } from '../store/store.ts';
import type { Document } from './document.ts';

/**
 * Whoever passes on what this server takes to others that keep the same documents. No method may throw or call back
 * into the engine.
 */
export interface Relay {
  /**
   * Something was taken. `update` may be a view that is only valid now. `passOn`: it began here, and not at another
   * server, from which it came.
   */
  taken(document: DocumentName, update: Uint8Array, from: { author: Author; passOn: boolean }): void;
  /** What was taken of a document is not on disk, and not in memory any more. */
  lost(document: DocumentName): void;
  /** Somebody is in it; before nobody was. */
  followed(document: Document): void;
  /** Nobody is in it any more. */
  unfollowed(document: Document): void;
  /** Presence in it may have changed. */
  presenceChanged(document: Document): void;
  /** It was deleted here. `time`: ms since 1970. */
  deleted(document: DocumentName, time: number): void;
}
