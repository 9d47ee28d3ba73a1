import type { DocumentName } from '../store/document-name.ts';
import type { Author } from '../store/store.ts';
import type { Document } from './document.ts';
import type { LogPart, Origin } from './journal.ts';

/**
 * Whoever passes on what this server takes to others that keep the same documents. No method may throw or call back
 * into the engine.
 */
export interface Relay {
  /**
   * Something was taken. `update` may be a view that is only valid now.
   */
  taken(document: DocumentName, update: Uint8Array, from: { author: Author; origin: Origin }): void;
  /** A part of the log that servers share was written here. */
  logged(document: DocumentName, part: LogPart): void;
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
