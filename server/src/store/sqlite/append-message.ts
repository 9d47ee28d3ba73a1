import type { DocumentName } from '../document-name.ts';
import { join, sizeOf } from '../own-bytes.ts';
import type { Author, LogBatch } from '../store.ts';

/*
 * What an append sends to the worker: one buffer for all batches, because each object in a message costs about
 * as much as a hundred bytes. Little-endian, for each batch:
 *
 *   float64 first  uint32 count  uint32 bytes of the name  uint32 bytes of the entries
 *   uint32 bytes of pending, or NONE  uint32 owners  uint32 parts in which the entries travel beside; 0: they are here
 *   name (UTF-8)  entries  pending  then for each owner: float64 client  uint32 bytes of the author  author
 */
const HEAD_BYTES = 32;
const OWNER_BYTES = 12;
const NONE = 0xffffffff;

/** A part of the entries above this size that has a buffer of its own is handed over, not copied, bytes. */
const TRANSFER_BYTES = 16 * 1024;

/** Batches as they travel to the worker. Every buffer belongs to the message, or is shared: transfer the others. */
export interface AppendMessage {
  readonly packed: Uint8Array;
  /** Parts of large entries, in the order of their batches. */
  readonly beside: Uint8Array[];
}

/** A batch as the worker gets it. */
export interface ReceivedBatch {
  readonly name: DocumentName;
  readonly first: number;
  readonly count: number;
  readonly entries: Uint8Array;
  readonly pending: Uint8Array | null;
  readonly owners: readonly (readonly [client: number, author: Author])[];
}

/** Packs batches. Large entries are taken out of the caller's hands (see {@link LogBatch}). */
export function packBatches(batches: readonly LogBatch[]): AppendMessage {
  let size = 0;
  for (const { document, entries, pending, owners } of batches) {
    size += HEAD_BYTES + Buffer.byteLength(document) + (isLarge(entries) ? 0 : sizeOf(entries));
    if (pending !== undefined) size += pending.length;
    for (const [, author] of owners) size += OWNER_BYTES + Buffer.byteLength(author);
  }
  // `new Uint8Array`, not `Buffer.allocUnsafe`: the latter lies in a shared pool that cannot be transferred.
  const packed = new Uint8Array(size);
  const text = Buffer.from(packed.buffer);
  const view = new DataView(packed.buffer);
  const beside: Uint8Array[] = [];
  let at = 0;
  for (const { document, first, count, entries, pending, owners } of batches) {
    const name = text.write(document, at + HEAD_BYTES);
    const aside = isLarge(entries);
    view.setFloat64(at, first, true);
    view.setUint32(at + 8, count, true);
    view.setUint32(at + 12, name, true);
    view.setUint32(at + 16, sizeOf(entries), true);
    view.setUint32(at + 20, pending === undefined ? NONE : pending.length, true);
    view.setUint32(at + 24, owners.length, true);
    view.setUint32(at + 28, aside ? entries.length : 0, true);
    at += HEAD_BYTES + name;
    if (aside) beside.push(...entries);
    else
      for (const part of entries) {
        packed.set(part, at);
        at += part.length;
      }
    if (pending !== undefined) {
      packed.set(pending, at);
      at += pending.length;
    }
    for (const [client, author] of owners) {
      const bytes = text.write(author, at + OWNER_BYTES);
      view.setFloat64(at, client, true);
      view.setUint32(at + 8, bytes, true);
      at += OWNER_BYTES + bytes;
    }
  }
  return { packed, beside };
}

/** The batches of a message; their bytes are views into it. */
export function unpackBatches({ packed, beside }: AppendMessage): ReceivedBatch[] {
  const text = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const batches: ReceivedBatch[] = [];
  let nextBeside = 0;
  let at = 0;
  while (at < packed.length) {
    const nameBytes = view.getUint32(at + 12, true);
    const entriesBytes = view.getUint32(at + 16, true);
    const pendingBytes = view.getUint32(at + 20, true);
    const head = at;
    at += HEAD_BYTES;
    // The main thread packed a DocumentName: the brand crosses the threads with it.
    const name = text.toString('utf8', at, at + nameBytes) as DocumentName;
    at += nameBytes;
    const parts = beside.slice(nextBeside, nextBeside + view.getUint32(head + 28, true));
    nextBeside += parts.length;
    const here = parts.length === 0 ? entriesBytes : 0;
    const [only = packed.subarray(at, at + here)] = parts;
    const entries = parts.length > 1 ? join(parts) : only;
    at += here;
    const pending = pendingBytes === NONE ? null : packed.subarray(at, at + pendingBytes);
    at += pending?.length ?? 0;
    const owners: [number, Author][] = [];
    for (let left = view.getUint32(head + 24, true); left > 0; left -= 1) {
      const authorEnd = at + OWNER_BYTES + view.getUint32(at + 8, true);
      owners.push([view.getFloat64(at, true), text.toString('utf8', at + OWNER_BYTES, authorEnd)]);
      at = authorEnd;
    }
    const first = view.getFloat64(head, true);
    batches.push({ name, first, count: view.getUint32(head + 8, true), entries, pending, owners });
  }
  return batches;
}

function isLarge(parts: readonly Uint8Array[]): boolean {
  return parts.some((part) => part.length > TRANSFER_BYTES && part.length === part.buffer.byteLength);
}
