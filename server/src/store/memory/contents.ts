import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import { join, sizeOf } from '../own-bytes.ts';
import type { StoreLimits } from '../store-limits.ts';
import type { Author, HistorySegment, LogBatch, LogRow, Snapshot } from '../store.ts';

/** A document of a store in memory. */
export interface MemoryDocument {
  readonly name: DocumentName;
  title: string;
  readonly created: number;
  updated: number;
  last: number;
  snapshot: Snapshot | null;
  previous: Snapshot | null;
  rows: LogRow[];
  history: HistorySegment[];
  pending: Uint8Array | null;
  readonly owners: Map<number, Author>;
}

/** Everything that a store in memory holds. */
export interface Contents {
  readonly documents: Map<DocumentName, MemoryDocument>;
  readonly tombstones: Map<DocumentName, number>;
  readonly limits: StoreLimits;
  readonly now: () => number;
}

/** Throws `deleted`. */
export function refuseDeleted({ tombstones }: Contents, name: DocumentName): void {
  if (tombstones.has(name)) throw new SheafError('deleted', `The document "${name}" was deleted.`);
}

/** The document of this name, made if there is none. */
export function findOrMake({ documents }: Contents, name: DocumentName, time: number): MemoryDocument {
  const known = documents.get(name);
  if (known !== undefined) return known;
  const document: MemoryDocument = {
    name,
    title: '',
    created: time,
    updated: time,
    last: 0,
    snapshot: null,
    previous: null,
    rows: [],
    history: [],
    pending: null,
    owners: new Map(),
  };
  documents.set(name, document);
  return document;
}

/** Throws `deleted`, or `too-large` for entries beyond the bound of one commit. */
export function refuseUnfit(contents: Contents, name: DocumentName, entries: readonly Uint8Array[]): void {
  refuseDeleted(contents, name);
  if (sizeOf(entries) > contents.limits.batchBytes)
    throw new SheafError('too-large', 'One commit of one document is too large.');
}

/** Does to a document what a batch that fits says. */
export function applyBatch(contents: Contents, batch: LogBatch): void {
  const time = contents.now();
  const document = findOrMake(contents, batch.document, time);
  document.updated = time;
  if (batch.count > 0) {
    document.last += batch.count;
    document.rows.push({ first: batch.first, count: batch.count, entries: join(batch.entries) });
  }
  if (batch.pending !== undefined) document.pending = batch.pending.length > 0 ? batch.pending : null;
  for (const [client, author] of batch.owners)
    if (!document.owners.has(client)) document.owners.set(client, author);
}
