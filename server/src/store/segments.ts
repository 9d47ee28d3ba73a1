import { createHash } from 'node:crypto';
import { SheafError } from '../error.ts';
import { decodeEntries, encodeEntries } from './entries.ts';
import type { HistorySegment, LogEntry, LogRow } from './store.ts';

/** What a compaction makes of the rows of a log. */
export interface Cut {
  /** The entries with numbers up to `through`, in order, in segments of bounded size. */
  readonly segments: HistorySegment[];
  /** What is left of a row that reached beyond `through`. */
  readonly rest: LogRow | null;
}

/**
 * Cuts rows at `through`: what lies up to it becomes history segments of at most `segmentBytes` (a larger
 * entry has one of its own). `rows` are those with `first <= through`, without a gap. Throws `corrupt`.
 */
export function cutRows(rows: readonly LogRow[], through: number, segmentBytes: number): Cut {
  const segments: HistorySegment[] = [];
  let rest: LogRow | null = null;
  let group: LogEntry[] = [];
  let groupBytes = 0;
  let groupFirst = rows[0]?.first ?? 1;
  for (const row of rows) {
    const entries = decodeRow(row);
    const taken = Math.min(row.count, through - row.first + 1);
    for (const entry of entries.slice(0, taken)) {
      const bytes = entry.update.length + Buffer.byteLength(entry.author) + ENTRY_OVERHEAD;
      if (group.length > 0 && groupBytes + bytes > segmentBytes) {
        segments.push(makeSegment(group, groupFirst));
        groupFirst += group.length;
        group = [];
        groupBytes = 0;
      }
      group.push(entry);
      groupBytes += bytes;
    }
    if (taken < row.count)
      rest = { first: through + 1, count: row.count - taken, entries: encodeEntries(entries.slice(taken)) };
  }
  if (group.length > 0) segments.push(makeSegment(group, groupFirst));
  return { segments, rest };
}

/** The same entries under the numbers below `first`. */
export function moveBelow(segment: HistorySegment, first: number): HistorySegment {
  const count = segment.last - segment.first + 1;
  return { ...segment, first: first - count, last: first - 1 };
}

/** The most that time and the two lengths of a packed entry take, bytes. */
const ENTRY_OVERHEAD = 18;

/** The entries of a row. Throws `corrupt` if they are not as many as the row says. */
function decodeRow(row: LogRow): LogEntry[] {
  const entries = decodeEntries(row.entries);
  if (entries.length !== row.count)
    throw new SheafError(
      'corrupt',
      `The log's row ${row.first} holds ${entries.length} entries, not ${row.count}.`,
    );
  return entries;
}

/** SHA-256 of packed entries: what a segment's `hash` is. */
export function hashEntries(entries: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(entries).digest());
}

function makeSegment(group: readonly LogEntry[], first: number): HistorySegment {
  const entries = encodeEntries(group);
  return {
    first,
    last: first + group.length - 1,
    from: group[0]?.time ?? 0,
    to: group.at(-1)?.time ?? 0,
    hash: hashEntries(entries),
    entries,
  };
}
