import { SheafError } from '../error.ts';
import { ByteReader } from './byte-reader.ts';
import { copyBytes, varUintSize, writeVarUint } from './byte-writer.ts';
import { deleteSetSize, readDeleteSet, writeDeleteSet } from './knowledge.ts';
import type { Piece } from './judge.ts';
import { Ranges } from './ranges.ts';

/*
 * A piece in the arena:
 *   varUint sections  { varUint client  varUint structs  varUint clock  varUint size  structs }
 *   varUint clients   { varUint client  varUint ranges  { varUint clock  varUint length } }
 */

/** Bytes of an arena that `clear` keeps for the next pieces. */
const KEPT_BYTES = 8 * 1024;

/** A first piece so large, in a buffer of its own, is kept as it came: to copy 30 MB takes 30 ms and more. */
const LARGE_BYTES = 1024 * 1024;

/**
 * Pieces in the order in which they were admitted, kept as bytes and merged without being decoded. Holds copies:
 * a piece's source may be reused after `add`, unless it is large and has a buffer of its own. A piece takes its bytes and about 12 more.
 */
export class UpdateBuffer {
  #arena = new Uint8Array(0);
  #size = 0;
  /** Where each piece starts in the arena. */
  #starts = new Uint32Array(0);
  #count = 0;
  /** The only piece, while it is kept as it came; then there is nothing in the arena. */
  #only: Piece | null = null;
  /** Per client the clock that its next section must have. */
  readonly #next = new Map<number, number>();
  /** What `toUpdate` made last, for as long as somebody else needs it: many who open at once share it. */
  #merged: { readonly update: WeakRef<Uint8Array>; readonly deleteSet: Uint8Array | undefined } | null = null;

  /** How many pieces are held: also the position behind the last one. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of the pieces held. */
  get byteLength(): number {
    return this.#size;
  }

  /** Appends a piece. Throws `internal` if it does not continue what was added before. */
  add(piece: Piece): void {
    for (const { client, clock } of piece.sections)
      if ((this.#next.get(client) ?? clock) !== clock)
        throw new SheafError(
          'internal',
          `A piece starts at clock ${clock} of client ${client}, out of order.`,
        );
    if (this.#count === 0 && isLarge(piece)) {
      this.#only = piece;
      this.#size = piece.source.length;
      this.#count = 1;
    } else {
      this.#spread();
      this.#write(piece);
    }
    for (const { client, endClock } of piece.sections) this.#next.set(client, endClock);
    this.#merged = null;
  }

  #write(piece: Piece): void {
    this.#reserve(recordSize(piece));
    this.#starts[this.#count++] = this.#size;
    this.#size = writeRecord(this.#arena, this.#size, piece);
  }

  /** Puts into the arena what was kept as it came. */
  #spread(): void {
    const only = this.#only;
    if (only === null) return;
    this.#only = null;
    this.#size = 0;
    this.#count = 0;
    this.#write(only);
  }

  /**
   * One Yjs V1 update, equal in effect to all pieces, with the deletes of `deleteSet` (V1) besides. The same array
   * while it is in use, until something is added or another delete set is given: not to be changed. Throws `malformed` for a broken
   * delete set.
   */
  toUpdate({ deleteSet }: { deleteSet?: Uint8Array | undefined } = {}): Uint8Array {
    if (this.#only !== null && deleteSet === undefined) return this.#only.source;
    this.#spread();
    const merged = this.#merged?.deleteSet === deleteSet ? this.#merged?.update.deref() : undefined;
    if (merged !== undefined) return merged;
    const update = this.#merge(0, deleteSet);
    this.#merged = { update: new WeakRef(update), deleteSet };
    return update;
  }

  /** One Yjs V1 update of the pieces from `position` (a former `count`) on. */
  since(position: number): Uint8Array {
    if (position === 0) return this.toUpdate();
    this.#spread();
    const start = this.#start(position);
    return (position === this.#count - 1 ? this.#single(start) : null) ?? this.#merge(start, undefined);
  }

  /** Drops the pieces before `position` (a compaction holds them); positions then count from there. */
  dropBefore(position: number): void {
    if (position > 0 && this.#only !== null) return this.#drop();
    const start = this.#start(position);
    this.#arena = this.#arena.slice(start, this.#size);
    this.#size -= start;
    this.#starts = this.#starts.slice(position, this.#count).map((at) => at - start);
    this.#count -= position;
    this.#merged = null;
  }

  #drop(): void {
    this.#only = null;
    this.#size = 0;
    this.#count = 0;
    this.#merged = null;
  }

  /** Gives back the room that was kept for more. */
  trim(): void {
    if (this.#only !== null) return;
    if (this.#arena.length > this.#size) this.#arena = this.#arena.slice(0, this.#size);
    if (this.#starts.length > this.#count) this.#starts = this.#starts.slice(0, this.#count);
  }

  /** Forgets all pieces; a small arena is kept for the next. */
  clear(): void {
    if (this.#arena.length > KEPT_BYTES) {
      this.#arena = new Uint8Array(0);
      this.#starts = new Uint32Array(0);
    }
    this.#next.clear();
    this.#drop();
  }

  #start(position: number): number {
    return position >= this.#count ? this.#size : (this.#starts[position] ?? 0);
  }

  #reserve(bytes: number): void {
    const needed = this.#size + bytes;
    if (needed > this.#arena.length) {
      const arena = new Uint8Array(Math.max(needed, 256, Math.ceil(this.#arena.length * 1.5)));
      arena.set(this.#arena.subarray(0, this.#size));
      this.#arena = arena;
    }
    if (this.#count < this.#starts.length) return;
    const starts = new Uint32Array(Math.max(16, Math.ceil(this.#starts.length * 1.5)));
    starts.set(this.#starts);
    this.#starts = starts;
  }

  /** The last piece as an update, when it is so simple that nothing is to be merged or sorted; else null. */
  #single(start: number): Uint8Array | null {
    const reader = new ByteReader(this.#arena.subarray(0, this.#size));
    reader.position = start;
    const sections = reader.varUint();
    if (sections > 1) return null;
    // An update is as long as a piece, less a section's size.
    const update = new Uint8Array(this.#size - start);
    let at = writeVarUint(update, 0, sections);
    if (sections === 1) {
      const client = reader.varUint();
      at = writeVarUint(update, at, reader.varUint());
      at = writeVarUint(update, at, client);
      at = writeVarUint(update, at, reader.varUint());
      // The size: what remains is the structs, and deletes as in an update.
      reader.varUint();
    }
    at = copyBytes(update, at, { source: this.#arena, from: reader.position, to: this.#size });
    return update.subarray(0, at);
  }

  #merge(start: number, deleteSet: Uint8Array | undefined): Uint8Array {
    const reader = new ByteReader(this.#arena.subarray(0, this.#size));
    reader.position = start;
    const clients = new Map<number, MergedClient>();
    const deletes = deleteSet === undefined ? new Map<number, Ranges>() : readDeleteSet(deleteSet);
    while (reader.position < this.#size) {
      for (let left = reader.varUint(); left > 0; left -= 1) readSection(reader, clients);
      for (let left = reader.varUint(); left > 0; left -= 1) readDeletes(reader, deletes);
    }
    const sorted = [...clients.values()].toSorted((a, b) => b.client - a.client);
    let size = varUintSize(sorted.length) + deleteSetSize(deletes);
    for (const { client, structs, clock, bytes } of sorted)
      size += varUintSize(structs) + varUintSize(client) + varUintSize(clock) + bytes;
    const update = new Uint8Array(size);
    let at = writeVarUint(update, 0, sorted.length);
    for (const { client, structs, clock, parts } of sorted) {
      at = writeVarUint(update, at, structs);
      at = writeVarUint(update, at, client);
      at = writeVarUint(update, at, clock);
      for (let i = 0; i < parts.length; i += 2)
        at = copyBytes(update, at, { source: this.#arena, from: parts[i] ?? 0, to: parts[i + 1] ?? 0 });
    }
    writeDeleteSet(update, at, deletes);
    return update;
  }
}

function isLarge({ whole, source }: Piece): boolean {
  return whole && source.length >= LARGE_BYTES && source.length === source.buffer.byteLength;
}

/** All sections of a client, which follow one another in clock. */
interface MergedClient {
  readonly client: number;
  readonly clock: number;
  structs: number;
  bytes: number;
  /** Byte ranges in the arena: from, to, from, to, … */
  readonly parts: number[];
}

function readSection(reader: ByteReader, clients: Map<number, MergedClient>): void {
  const client = reader.varUint();
  const structs = reader.varUint();
  const clock = reader.varUint();
  const bytes = reader.varUint();
  const from = reader.position;
  reader.position += bytes;
  const merged = clients.get(client);
  if (merged === undefined) {
    clients.set(client, { client, clock, structs, bytes, parts: [from, reader.position] });
    return;
  }
  merged.structs += structs;
  merged.bytes += bytes;
  merged.parts.push(from, reader.position);
}

function readDeletes(reader: ByteReader, deletes: Map<number, Ranges>): void {
  const client = reader.varUint();
  let ranges = deletes.get(client);
  if (ranges === undefined) deletes.set(client, (ranges = new Ranges()));
  const bounds: number[] = [];
  for (let left = reader.varUint(); left > 0; left -= 1) {
    const start = reader.varUint();
    bounds.push(start, start + reader.varUint());
  }
  ranges.addAll(bounds);
}

function recordSize({ sections, deletes }: Piece): number {
  let size = varUintSize(sections.length) + varUintSize(deletes.length);
  for (const { client, structs, clock, from, to } of sections)
    size +=
      varUintSize(client) + varUintSize(structs) + varUintSize(clock) + varUintSize(to - from) + to - from;
  for (const { client, bounds } of deletes) {
    size += varUintSize(client) + varUintSize(bounds.length / 2);
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i] ?? 0;
      size += varUintSize(start) + varUintSize((bounds[i + 1] ?? 0) - start);
    }
  }
  return size;
}

function writeRecord(target: Uint8Array, position: number, { source, sections, deletes }: Piece): number {
  let at = writeVarUint(target, position, sections.length);
  for (const { client, structs, clock, from, to } of sections) {
    at = writeVarUint(target, at, client);
    at = writeVarUint(target, at, structs);
    at = writeVarUint(target, at, clock);
    at = writeVarUint(target, at, to - from);
    at = copyBytes(target, at, { source, from, to });
  }
  at = writeVarUint(target, at, deletes.length);
  for (const { client, bounds } of deletes) {
    at = writeVarUint(target, at, client);
    at = writeVarUint(target, at, bounds.length / 2);
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i] ?? 0;
      at = writeVarUint(target, at, start);
      at = writeVarUint(target, at, (bounds[i + 1] ?? 0) - start);
    }
  }
  return at;
}
