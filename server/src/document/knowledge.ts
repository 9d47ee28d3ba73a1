import { SheafError } from '../error.ts';
import { ByteReader } from './byte-reader.ts';
import { varUintSize, writeVarUint } from './byte-writer.ts';
import { Ranges } from './ranges.ts';

/** Bounds of a delete range are below this, so that sums stay exact. */
const CLOCK_BOUND = 2 ** 52;
/** Delete ranges that a quiet document keeps encoded at most: to read so many takes about a millisecond. */
const PACKED_RANGES = 20_000;

/** What is known of a document without a Y.Doc: the next clock of each client, and the deleted ranges. */
export class Knowledge {
  /** Types with an explicit parent that were admitted so far. Nesting grows by nothing else. */
  nestingAdded = 0;
  /** A root's own types are 1 deep, and no parent is named for them. */
  #depth = 1;
  #depthAt = 0;

  /** No type is nested deeper than this. Nesting can't be seen from bytes: it is measured now and then. */
  get nestingBound(): number {
    return this.#depth + this.nestingAdded - this.#depthAt;
  }

  /** Somebody has measured the nesting of everything that was admitted when `nestingAdded` was `at`. */
  measured(depth: number, at: number): void {
    if (at < this.#depthAt) return;
    this.#depth = Math.max(depth, 1);
    this.#depthAt = at;
  }
  readonly #clocks = new Map<number, number>();
  /** Of each client; null while they are packed in `#deleteSet`. */
  #deletes: Map<number, Ranges> | null = new Map();
  #stateVector: Uint8Array | null = null;
  #deleteSet: Uint8Array | null = null;

  /**
   * Of a stored document: both as a Y.Doc encodes them (V1), and not to be changed. Throws `malformed`; for the delete set
   * only when a range of it is asked for.
   */
  static read(stateVector: Uint8Array, deleteSet: Uint8Array): Knowledge {
    const knowledge = new Knowledge();
    for (const [client, clock] of readStateVector(stateVector, Infinity)) knowledge.advance(client, clock);
    // There may be a hundred thousand ranges, and who compares documents needs none of them.
    knowledge.#deletes = null;
    knowledge.#deleteSet = deleteSet;
    return knowledge;
  }

  /** How many clients are known. */
  get clients(): number {
    return this.#clocks.size;
  }

  /** The next clock expected of a client; 0 for an unknown one. */
  clock(client: number): number {
    return this.#clocks.get(client) ?? 0;
  }

  /** What of a client is deleted; `undefined` when nothing is. Not to be changed. */
  deleted(client: number): Ranges | undefined {
    return this.#unpacked.get(client);
  }

  /**
   * Yjs state vector, V1, clients descending, as a Y.Doc would encode it. The same array until something changes:
   * not to be changed.
   */
  stateVector(): Uint8Array {
    this.#stateVector ??= encodeStateVector(this.#clocks);
    return this.#stateVector;
  }

  /** Yjs delete set, V1, clients descending, ranges merged. The same array until something changes. */
  deleteSet(): Uint8Array {
    this.#deleteSet ??= encodeDeleteSet(this.#unpacked);
    return this.#deleteSet;
  }

  /**
   * Nothing may come for a while: delete ranges are kept encoded, in a fifth of the memory, until somebody asks for one.
   * Many are not, for to read them again takes as long as all that is done in a turn.
   */
  pack(): void {
    let ranges = 0;
    for (const { count } of this.#deletes?.values() ?? []) ranges += count;
    if (ranges > PACKED_RANGES) return;
    this.deleteSet();
    this.#deletes = null;
  }

  get #unpacked(): Map<number, Ranges> {
    this.#deletes ??= readDeleteSet(this.deleteSet());
    return this.#deletes;
  }

  /** Whether a peer with this state vector has every struct that is known here. */
  isKnownTo(peer: ReadonlyMap<number, number>): boolean {
    return stateVectorCovers(peer, this.#clocks);
  }

  /** Whether every struct of a peer with this state vector is known here. */
  includes(peer: ReadonlyMap<number, number>): boolean {
    return stateVectorCovers(this.#clocks, peer);
  }

  /** Whether every range of the delete set (V1) is known as deleted. Throws `malformed`. */
  containsDeletes(deleteSet: Uint8Array): boolean {
    for (const [client, ranges] of readDeleteSet(deleteSet)) {
      const known = this.#unpacked.get(client);
      if (known === undefined) return false;
      const { bounds } = ranges;
      for (let i = 0; i < bounds.length; i += 2)
        if (!known.contains(bounds[i] ?? 0, bounds[i + 1] ?? 0)) return false;
    }
    return true;
  }

  /** Whether every range that is known as deleted stands in the delete set (V1). Throws `malformed`. */
  deletesContainedIn(deleteSet: Uint8Array): boolean {
    const other = new Knowledge();
    other.adopt(deleteSet);
    return other.containsDeletes(this.deleteSet());
  }

  /** Whether the state vector (V1) is this one's, client by client. Throws `malformed`. */
  hasStateVector(stateVector: Uint8Array): boolean {
    const other = readStateVector(stateVector, Infinity);
    return this.isKnownTo(other) && this.includes(other);
  }

  /** Whether the delete set (V1) is this one's, byte for byte: there are other ways to write the same. */
  hasDeleteSet(deleteSet: Uint8Array): boolean {
    return Buffer.compare(deleteSet, this.deleteSet()) === 0;
  }

  /** Takes over a delete set (V1) found elsewhere, by union. Throws `malformed`; then nothing has changed. */
  adopt(deleteSet: Uint8Array): void {
    if (this.hasDeleteSet(deleteSet)) return;
    for (const [client, { bounds }] of readDeleteSet(deleteSet)) this.addDeleted(client, bounds);
  }

  /** For `admit`: the client's next clock is now `clock`. */
  advance(client: number, clock: number): void {
    if (clock === 0) return;
    this.#clocks.set(client, clock);
    this.#stateVector = null;
  }

  /** For `admit`: these clocks of the client are deleted; start, end, start, end, … ascending. */
  addDeleted(client: number, bounds: ArrayLike<number>): void {
    const deletes = this.#unpacked;
    let ranges = deletes.get(client);
    if (ranges === undefined) deletes.set(client, (ranges = new Ranges()));
    ranges.addAll(bounds);
    this.#deleteSet = null;
  }
}

/**
 * A peer's state vector (Yjs V1): next clock per client. Throws `malformed` when it is broken or names a client
 * twice, `too-many` above `maxClients`.
 */
export function readStateVector(bytes: Uint8Array, maxClients: number): Map<number, number> {
  const reader = new ByteReader(bytes);
  const count = reader.varUint();
  if (count > maxClients)
    throw new SheafError('too-many', `The state vector names ${count} clients, more than ${maxClients}.`);
  const clocks = new Map<number, number>();
  for (let i = 0; i < count; i += 1) {
    const client = reader.varUint();
    if (clocks.has(client)) throw new SheafError('malformed', 'The state vector names a client twice.');
    clocks.set(client, reader.varUint());
  }
  if (reader.position !== bytes.length)
    throw new SheafError('malformed', 'The state vector goes on behind its end.');
  return clocks;
}

/** Whether a state vector (Yjs V1) names no client: its sender has nothing at all. */
export function isEmptyStateVector(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === 0;
}

/** Whether a peer with state vector `peer` has everything that `other` (a snapshot's, say) has. */
export function stateVectorCovers(
  peer: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): boolean {
  for (const [client, clock] of other) if ((peer.get(client) ?? 0) < clock) return false;
  return true;
}

/** Reads a delete set (Yjs V1). Throws `malformed`. */
export function readDeleteSet(bytes: Uint8Array): Map<number, Ranges> {
  const reader = new ByteReader(bytes);
  const deletes = new Map<number, Ranges>();
  for (let clients = reader.varUint(); clients > 0; clients -= 1) {
    const client = reader.varUint();
    const ranges = deletes.get(client) ?? new Ranges();
    // Nearly all are in order, and there may be a hundred thousand.
    let inOrder: number[] = [];
    let last = 0;
    for (let count = reader.varUint(); count > 0; count -= 1) {
      const start = reader.varUint();
      const end = start + reader.varUint();
      if (end > CLOCK_BOUND)
        throw new SheafError('malformed', 'The delete set holds a clock that is too large.');
      if (start < last) {
        ranges.addAll(inOrder);
        inOrder = [];
      }
      if (end > start) inOrder.push(start, end);
      last = end;
    }
    ranges.addAll(inOrder);
    if (ranges.count > 0) deletes.set(client, ranges);
  }
  if (reader.position !== bytes.length)
    throw new SheafError('malformed', 'The delete set goes on behind its end.');
  return deletes;
}

/** Bytes that a delete set (Yjs V1) takes. */
export function deleteSetSize(deletes: ReadonlyMap<number, Ranges>): number {
  let size = varUintSize(deletes.size);
  for (const [client, { bounds, count }] of deletes) {
    size += varUintSize(client) + varUintSize(count);
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i] ?? 0;
      size += varUintSize(start) + varUintSize((bounds[i + 1] ?? 0) - start);
    }
  }
  return size;
}

/** Writes a delete set (Yjs V1) with its clients descending; returns the position behind it. */
export function writeDeleteSet(
  target: Uint8Array,
  position: number,
  deletes: ReadonlyMap<number, Ranges>,
): number {
  let at = writeVarUint(target, position, deletes.size);
  for (const client of [...deletes.keys()].toSorted((a, b) => b - a)) {
    const bounds = deletes.get(client)?.bounds ?? [];
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

function encodeDeleteSet(deletes: ReadonlyMap<number, Ranges>): Uint8Array {
  const bytes = new Uint8Array(deleteSetSize(deletes));
  writeDeleteSet(bytes, 0, deletes);
  return bytes;
}

function encodeStateVector(clocks: ReadonlyMap<number, number>): Uint8Array {
  let size = varUintSize(clocks.size);
  for (const [client, clock] of clocks) size += varUintSize(client) + varUintSize(clock);
  const bytes = new Uint8Array(size);
  let at = writeVarUint(bytes, 0, clocks.size);
  for (const [client, clock] of [...clocks].toSorted(([a], [b]) => b - a)) {
    at = writeVarUint(bytes, at, client);
    at = writeVarUint(bytes, at, clock);
  }
  return bytes;
}
