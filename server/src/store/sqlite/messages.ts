import type { DocumentName } from '../document-name.ts';
import type { CatalogueEntry, Compaction, HistorySegment } from '../store.ts';
import type { PackedDocument } from '../packed-document.ts';
import type { StoreLimits } from '../store-limits.ts';
import type { AppendMessage } from './append-message.ts';
import type { PreparedCompaction, StoredSegment } from './compaction.ts';

/** What both workers are started with. */
export interface WorkerSettings {
  readonly folder: string;
  readonly fsync: 'full' | 'normal';
  readonly limits: StoreLimits;
}

/** What the writing worker does: argument and result of each call. */
export interface WriterCalls {
  append: [AppendMessage & { readonly time: number }, void];
  compact: [PreparedCompaction, void];
  prepend: [{ readonly name: DocumentName; readonly segment: StoredSegment }, void];
  create: [{ readonly name: DocumentName; readonly time: number }, boolean];
  setTitle: [{ readonly name: DocumentName; readonly title: string }, void];
  delete: [{ readonly name: DocumentName; readonly time: number }, void];
  expireHistory: [number, number];
  expireTombstones: [number, number];
  close: [null, void];
}

/** What the reading worker does: argument and result of each call. */
export interface ReaderCalls {
  load: [DocumentName, PackedDocument | null];
  prepare: [Compaction, PreparedCompaction];
  prepend: [{ readonly name: DocumentName; readonly segment: HistorySegment }, StoredSegment];
  history: [{ readonly name: DocumentName; readonly from: number; readonly to: number }, HistorySegment[]];
  size: [DocumentName, { snapshot: number; tail: number; history: number }];
  list: [
    { readonly limit: number; readonly after: { updated: number; document: DocumentName } | undefined },
    CatalogueEntry[],
  ];
  get: [DocumentName, CatalogueEntry | null];
  all: [
    { readonly after: string; readonly limit: number },
    { readonly document: DocumentName; readonly deleted: number | null }[],
  ];
  names: [{ readonly after: string; readonly limit: number }, DocumentName[]];
  verify: [DocumentName, string[]];
  checkPages: [null, string[]];
  close: [null, void];
}
