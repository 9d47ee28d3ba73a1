import type { DocumentName } from './document-name.ts';

/** Who made a change: the principal's id (`sub` of a token), or '' for somebody unknown. */
export type Author = string;

/** One update as it came. */
export interface LogEntry {
  /** Yjs update, V1. */
  readonly update: Uint8Array;
  readonly author: Author;
  /** When the server received it, ms since 1970. */
  readonly time: number;
}

/** A compacted document. All three parts describe the same state. */
export interface Snapshot {
  /** Yjs update, V1, garbage-collected. */
  readonly update: Uint8Array;
  /** Yjs state vector, V1. */
  readonly stateVector: Uint8Array;
  /** Yjs delete set, V1: what stands behind the structs in an update. */
  readonly deleteSet: Uint8Array;
  /** The last sequence number that it holds. */
  readonly through: number;
  /** Deepest nesting of types, found when it was made. */
  readonly nesting: number;
}

/** What one commit does to one document. Sequence numbers count a document's updates from 1. */
export interface LogBatch {
  readonly document: DocumentName;
  /** Sequence number of the first entry. */
  readonly first: number;
  /** How many entries. May be 0 when only `pending` or `owners` changes. */
  readonly count: number;
  /**
   * The entries as an `EntryPacker` packs them, in parts that follow one another. Ownership passes: their buffers may be
   * transferred, but for shared ones, which stay as they are.
   */
  readonly entries: readonly Uint8Array[];
  /** Replaces the document's pending updates (packed entries); `undefined` leaves them. */
  readonly pending?: Uint8Array | undefined;
  /** Yjs client ids seen for the first time, and whose they are. */
  readonly owners: readonly (readonly [client: number, author: Author])[];
}

/** A document as the store holds it. */
export interface StoredDocument {
  readonly snapshot: Snapshot | null;
  /** Packed entries behind the snapshot, in order; the first has number `snapshot.through + 1`. */
  readonly tail: readonly Uint8Array[];
  /** Packed entries that wait for what they need. */
  readonly pending: Uint8Array | null;
  readonly owners: readonly (readonly [client: number, author: Author])[];
}

/** Replaces a snapshot and the tail that went into the new one. */
export interface Compaction {
  readonly document: DocumentName;
  /** `through` of the snapshot that was read; 0 without one. */
  readonly base: number;
  readonly snapshot: Snapshot;
}

/** A piece of history: updates `first` to `last` as they came. Immutable. */
export interface HistorySegment {
  readonly first: number;
  readonly last: number;
  /** Times of its first and last entry, ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of the packed entries. */
  readonly hash: Uint8Array;
  /** Packed entries. */
  readonly entries: Uint8Array;
}

/** A row of the log: `count` packed entries, of which the first has number `first`. */
export interface LogRow {
  readonly first: number;
  readonly count: number;
  readonly entries: Uint8Array;
}

/**
 * The update log. Every promise settles after the disk has answered; nothing is retried.
 * Errors: `storage-unavailable` (disk full, write or sync failed), `corrupt`, `stale`, `deleted`, `too-large`.
 */
export interface UpdateLog {
  /**
   * One transaction for all batches: durable (fsynced) when it resolves; when it rejects, none of it is
   * there, also after a restart. Rejects with `stale` if a batch does not continue its document's numbers.
   */
  append(batches: readonly LogBatch[]): Promise<void>;
  /** `null`: never written. Throws `deleted` for a tombstone, `corrupt` when a checksum fails and the previous
   * generation with history cannot mend it. */
  load(document: DocumentName): Promise<StoredDocument | null>;
  /**
   * In one transaction: the new snapshot replaces that of `base`, which is kept as the previous generation;
   * entries through `snapshot.through` become a history segment. Rejects with `stale` if `base` is not the
   * current snapshot any more.
   */
  compact(compaction: Compaction): Promise<void>;
  /**
   * History segments that overlap the sequence numbers `from` to `to`, in order, checked against their hash. Numbers
   * below 1 are of {@link EarlierHistory}.
   */
  history(document: DocumentName, from: number, to: number): Promise<HistorySegment[]>;
  /** Removes history segments that end before `time` (ms since 1970); returns how many. */
  expireHistory(time: number): Promise<number>;
  /** Checks every row of a document (or of all): the findings, empty when all is well. */
  verify(document?: DocumentName): Promise<string[]>;
  /** Bytes on disk that belong to a document. */
  size(document: DocumentName): Promise<{ snapshot: number; tail: number; history: number }>;
}

/** The same log, as several servers write it at once. Errors: those of {@link UpdateLog}. */
export interface SharedLog {
  /**
   * As `UpdateLog.append`, but a batch's `first` says only how far its writer has read: the log ends at `first - 1` or
   * later, and the batch gets the next numbers. Resolves with the first number of each. Rejects with `stale` if a log
   * ends before.
   */
  append(batches: readonly LogBatch[]): Promise<number[]>;
  /**
   * What stands behind number `after`: rows in order and without a gap, of which the first may begin before. null: not all
   * of it is kept as it came.
   */
  read(document: DocumentName, after: number): Promise<LogRow[] | null>;
  /** The last number of each document's log; null for one that was deleted. Who was never written is not in it. */
  ends(documents: readonly DocumentName[]): Promise<ReadonlyMap<DocumentName, number | null>>;
}

/** A server that works on a shared store, as it tells the others. */
export interface Member {
  /** Its lasting name, and what was drawn at its start. */
  readonly node: string;
  readonly incarnation: string;
  /** Where the others call it. */
  readonly address: string;
}

/** Which servers work on a shared store. Who lives and who does not is judged by the store's own clock. */
export interface Membership {
  /** Says that this one lives; the others that were heard of in the last `withinMs`. */
  beat(self: Member, withinMs: number): Promise<Member[]>;
  /** This one ends. */
  leave(self: Member): Promise<void>;
  /** The cluster that all of them are of: the one that was proposed first. `created`: ms since 1970. */
  cluster(proposed: {
    readonly id: string;
    readonly created: number;
  }): Promise<{ readonly id: string; readonly created: number }>;
}

/** What several servers need to work on one store. */
export interface SharedStore {
  readonly log: SharedLog;
  readonly members: Membership;
}

/** History of before a document came here, as another server has kept it. */
export interface EarlierHistory {
  /**
   * Puts a segment before all history that is here: its entries get the numbers below the lowest one, 0 and less where
   * there are only this store's own. Errors: those of {@link UpdateLog}, and `not-found`.
   */
  prepend(document: DocumentName, segment: HistorySegment): Promise<void>;
}

/** A document in the list. */
export interface CatalogueEntry {
  readonly document: DocumentName;
  /** Projected from the content; '' when the document has none. */
  readonly title: string;
  /** ms since 1970. */
  readonly created: number;
  readonly updated: number;
}

/** What documents there are. A document enters it with its first commit, or by `create`. */
export interface Catalogue {
  /** Latest change first. `after`: the `updated` and `document` of the last entry of the previous page. */
  list(options: {
    limit: number;
    after?: { updated: number; document: DocumentName } | undefined;
  }): Promise<CatalogueEntry[]>;
  get(document: DocumentName): Promise<CatalogueEntry | null>;
  /**
   * All names behind `after` ('' for the first page), in the order of their UTF-8 bytes, those of deleted documents too.
   * `deleted`: when, ms since 1970.
   */
  names(options: {
    after: DocumentName | '';
    limit: number;
  }): Promise<{ readonly document: DocumentName; readonly deleted: number | null }[]>;
  /** Makes an empty document; false if it exists already. Throws `deleted`. */
  create(document: DocumentName, time: number): Promise<boolean>;
  setTitle(document: DocumentName, title: string): Promise<void>;
  /** Puts a tombstone that outranks every update; log, snapshots and history go. */
  delete(document: DocumentName, time: number): Promise<void>;
  /** Forgets tombstones older than `time` (ms since 1970); returns how many. */
  expireTombstones(time: number): Promise<number>;
}

/** Where a server keeps its documents. */
export interface Store {
  readonly log: UpdateLog;
  readonly catalogue: Catalogue;
  /** null: one server at a time. */
  readonly shared: SharedStore | null;
  /** null: no document comes here from another server's store. */
  readonly earlier: EarlierHistory | null;
  /** Whether commits go through now. After a failed commit the store opens itself anew from disk and
   * tries a small write every second until one goes through. */
  readonly healthy: () => boolean;
  /** Waits for what was begun, then closes. */
  close(): Promise<void>;
}
