import { deflateSync, inflateSync } from 'node:zlib';
import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import { hashEntries } from '../segments.ts';
import type { HistorySegment, LogRow, Snapshot } from '../store.ts';
import { rowChecksum } from '../checksum.ts';

/** A segment as its row holds it. */
export interface StoredSegment extends Omit<HistorySegment, 'entries'> {
  /** 1: `stored` is deflated. */
  readonly deflated: number;
  readonly crc: number;
  readonly stored: Uint8Array;
}

/** All that a compaction writes, made beside the commits so that it does not hold them up. */
export interface PreparedCompaction {
  readonly name: DocumentName;
  /** `through` of the current snapshot when this was made; 0: there was none. */
  readonly current: number;
  /** That snapshot is damaged: it goes, and the generation before stays. */
  readonly damaged: boolean;
  readonly snapshot: Snapshot;
  readonly checksum: number;
  readonly segments: readonly StoredSegment[];
  readonly rest: LogRow | null;
}

/** A row's checksum for a snapshot of document `id`. */
export function snapshotChecksum(id: number, snapshot: Snapshot): number {
  const { through, nesting, stateVector, deleteSet, update } = snapshot;
  return rowChecksum([id, through, nesting], stateVector, deleteSet, update);
}

/** Deflated entries are kept if they are smaller than this part of the plain ones. */
const PAYS = 0.9;

/** A segment as the row of document `id`. */
export function storeSegment(id: number, segment: HistorySegment): StoredSegment {
  const { first, last, from, to, hash, entries } = segment;
  // Level 1: history is written often and read seldom, and higher levels gain little on short updates.
  // Copied, because zlib's results can lie in a shared pool, which cannot be handed over between threads.
  const small = new Uint8Array(deflateSync(entries, { level: 1 }));
  const pays = small.length < entries.length * PAYS;
  const deflated = pays ? 1 : 0;
  const crc = rowChecksum([id, first, last, from, to, deflated], hash);
  return { first, last, from, to, hash, deflated, crc, stored: pays ? small : entries };
}

/** The segment of a row of document `id`. Throws `corrupt`. */
export function readSegment(id: number, row: StoredSegment): HistorySegment {
  const { first, last, from, to, hash, deflated, stored } = row;
  const damaged = (cause?: unknown): SheafError =>
    new SheafError('corrupt', `History from ${first} to ${last} is damaged.`, { cause });
  if (rowChecksum([id, first, last, from, to, deflated], hash) !== row.crc) throw damaged();
  let entries = stored;
  if (deflated === 1) {
    try {
      entries = new Uint8Array(inflateSync(stored));
    } catch (thrown) {
      throw damaged(thrown);
    }
  }
  if (Buffer.compare(hashEntries(entries), hash) !== 0) throw damaged();
  return { first, last, from, to, hash, entries };
}
