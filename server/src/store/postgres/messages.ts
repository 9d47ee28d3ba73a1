import type { DocumentName } from '../document-name.ts';
import type { PackedDocument } from '../packed-document.ts';
import type { CatalogueEntry, Compaction, HistorySegment, LogRow, Member } from '../store.ts';
import type { PostgresLimits } from './limits.ts';

/** What the thread for everything but the log's commits is started with. */
export interface BulkSettings {
  /** Holds the password. Read again by the thread: what it says of TLS has functions, which do not cross threads. */
  readonly url: string;
  readonly limits: PostgresLimits;
  readonly fsync: 'full' | 'normal';
  /** What its connections are called in `pg_stat_activity`. */
  readonly name: string;
  /** See STORE_LIMITS. */
  readonly segmentBytes: number;
}

/** The cluster that the database belongs to. `created`: ms since 1970. */
export interface ClusterRow {
  readonly id: string;
  readonly created: number;
}

/** What it does: argument and result of each call. */
export interface BulkCalls {
  load: [DocumentName, PackedDocument | null];
  compact: [Compaction, void];
  history: [{ readonly name: DocumentName; readonly from: number; readonly to: number }, HistorySegment[]];
  size: [DocumentName, { snapshot: number; tail: number; history: number }];
  verify: [DocumentName | undefined, string[]];
  list: [
    { readonly limit: number; readonly after: { updated: number; document: DocumentName } | undefined },
    CatalogueEntry[],
  ];
  get: [DocumentName, CatalogueEntry | null];
  names: [
    { readonly after: string; readonly limit: number },
    { readonly document: DocumentName; readonly deleted: number | null }[],
  ];
  create: [{ readonly name: DocumentName; readonly time: number }, boolean];
  setTitle: [{ readonly name: DocumentName; readonly title: string }, void];
  delete: [{ readonly name: DocumentName; readonly time: number }, void];
  expireHistory: [number, number];
  expireTombstones: [number, number];
  read: [{ readonly name: DocumentName; readonly after: number }, LogRow[] | null];
  ends: [readonly DocumentName[], { readonly document: DocumentName; readonly end: number | null }[]];
  beat: [{ readonly self: Member; readonly withinMs: number }, Member[]];
  leave: [Member, void];
  cluster: [ClusterRow, ClusterRow];
  close: [null, void];
}
