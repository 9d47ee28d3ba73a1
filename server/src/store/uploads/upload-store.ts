import type { UploadHash } from '@sheaf/proto/upload-address';
import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import type { Author } from '../store.ts';

/** A part of what is being uploaded into a document. */
export interface UploadPart {
  readonly document: DocumentName;
  /** What all parts together must come to. */
  readonly hash: UploadHash;
  /** Who uploads: nobody else's parts are mixed with these. */
  readonly author: Author;
  /** Bytes of all parts together. */
  readonly size: number;
  /** How many bytes came before this part. */
  readonly from: number;
  /** Read as it is written, so that a part is never in memory as a whole. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * What became of a part. `stored`: all of it is on disk, fsynced, and the document has it. `partial`: so many bytes are here,
 * go on behind them. `gap`: this part does not continue what is here, or another one is being read.
 */
export interface Receipt {
  readonly state: 'stored' | 'partial' | 'gap';
  readonly received: number;
}

/** An upload as it is stored. */
export interface StoredUpload {
  readonly size: number;
  /** Its first bytes, at most {@link HEAD_BYTES}: what it is shows there. */
  readonly head: Uint8Array;
  /** Bytes `from` to `to` (without `to`), read as they are taken. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** That a document has an upload; what is put into it again is as new. */
export interface UploadLink {
  readonly hash: UploadHash;
  /** Since when, ms since 1970. */
  readonly since: number;
}

/** As many bytes of an upload as tell what it is. */
export const HEAD_BYTES = 64;

/** Throws `too-many` where no further upload may begin while so many `all` and `own`, its author's, have not come whole. */
export function checkUnfinished(all: number, own: number, limits: UploadLimits): void {
  if (own >= limits.uploadsUnfinishedPerAuthor)
    throw new SheafError(
      'too-many',
      'Too many uploads of yours have not come whole: finish them, or try again later.',
    );
  if (all >= limits.uploadsUnfinished)
    throw new SheafError('too-many', 'Too many uploads are under way: try again later.');
}

/** Bounds of a store of uploads; see the limits of the same names. */
export interface UploadLimits {
  readonly uploadBytes: number;
  readonly documentUploads: number;
  readonly uploadsUnfinished: number;
  readonly uploadsUnfinishedPerAuthor: number;
  readonly uploadFreeBytes: number;
}

/**
 * What was uploaded, stored once by its hash however many documents have it. Nothing is given out that did not come whole
 * (SPEC UPLOAD). Errors: `too-large`, `too-many`, `malformed` (it is not what its hash says; what came is dropped),
 * `storage-unavailable`.
 */
export interface UploadStore {
  receive(part: UploadPart): Promise<Receipt>;
  /** null: the document does not have it. */
  open(document: DocumentName, hash: UploadHash): Promise<StoredUpload | null>;
  /** The documents that have uploads. */
  documents(): Promise<DocumentName[]>;
  /** What a document has. */
  links(document: DocumentName): Promise<UploadLink[]>;
  /** The document does not have it any more, unless it has it since `before` (ms since 1970) or later. */
  unlink(document: DocumentName, hash: UploadHash, before?: number): Promise<void>;
  /** Removes what no document has, and what did not come whole, if nobody added to it since `before` (ms since 1970). */
  tidy(before: number): Promise<void>;
  /** Waits for what was begun. */
  close(): Promise<void>;
}
