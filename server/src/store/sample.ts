import assert from 'node:assert/strict';
import { SheafError } from '../error.ts';
import type { ErrorCode } from '../error.ts';
import type { DocumentName } from './document-name.ts';
import { decodeEntries, encodeEntries } from './entries.ts';
import type { LogBatch, LogEntry, Snapshot, StoredDocument } from './store.ts';

/** An entry whose bytes say which it is. */
export function entry(number: number, bytes = 8): LogEntry {
  const update = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 1) update[at] = (number * 31 + at) % 251;
  return { update, author: `author ${number % 3}`, time: 1_000 + number };
}

/** Entries `first` to `first + count - 1`, packed. */
export function packed(first: number, count = 1): Uint8Array {
  return encodeEntries(Array.from({ length: count }, (_, at) => entry(first + at)));
}

/** The batch of entries `first` to `first + count - 1`. */
export function batch(
  document: DocumentName,
  first: number,
  count = 1,
  more: Partial<LogBatch> = {},
): LogBatch {
  return { document, first, count, entries: [packed(first, count)], owners: [], ...more };
}

/** A snapshot whose bytes say which it is. */
export function snapshot(through: number): Snapshot {
  const bytes = (kind: string): Uint8Array => Uint8Array.from(Buffer.from(`${kind} through ${through}`));
  return {
    update: bytes('update'),
    stateVector: bytes('state vector'),
    deleteSet: bytes('delete set'),
    through,
    nesting: through % 7,
  };
}

/** Asserts that a promise rejects with a SheafError of this code. */
export async function rejects(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  await assert.rejects(promise, (thrown: unknown) => {
    assert.ok(thrown instanceof SheafError, `not a SheafError: ${String(thrown)}`);
    assert.equal(thrown.code, code, thrown.message);
    return true;
  });
}

/** Asserts that a document holds the updates behind `through`, up to `last`, and that snapshot. */
export function assertHolds(document: StoredDocument | null, through: number, last: number): void {
  assert.ok(document !== null, 'the document is there');
  assert.deepEqual(plain(document.snapshot), through === 0 ? null : plain(snapshot(through)));
  const expected = Array.from({ length: last - through }, (_, at) => entry(through + 1 + at));
  assert.deepEqual(document.tail.flatMap(decodeEntries).map(plain), expected.map(plain));
}

/** Bytes as hexadecimal text: assertion messages stay short, and views equal copies. */
export function plain(value: object | null): unknown {
  if (value === null) return null;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part,
    ]),
  );
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32, in the public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
