import type { DocumentName } from '../store/document-name.ts';
import type { Author } from '../store/store.ts';
import type { Document } from './document.ts';
import type { LogPart, Origin } from './journal.ts';

/**
 * Whoever passes on what this server takes to others that keep the same documents. No method may throw or call back
 * into the engine.
 */
export interface Relay {
  /** So many others have to have on disk what is acknowledged here; 0: none. */
  readonly others: number;
  /**
   * Something was taken under the document's next number. `update` may be a view that is only valid now.
   */
  taken(
    document: DocumentName,
    update: Uint8Array,
    from: { readonly seq: number; readonly author: Author; readonly origin: Origin },
  ): void;
  /** A part of the log that servers share was written here. */
  logged(document: DocumentName, part: LogPart): void;
  /**
   * Somebody waits for all of a document through its last number `seq`, whoever wrote it, to be where it has to be:
   * {@link Document.replicatedThrough} tells when.
   */
  wanted(document: DocumentName, seq: number): void;
  /** On how many servers' disks a document is through number `seq`, this one's included, as far as is known. */
  copies(document: DocumentName, seq: number): number;
  /** It has left memory: its numbers may be given anew. */
  closed(document: DocumentName): void;
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
