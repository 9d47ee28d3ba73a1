import { decodeEntries } from '../store/entries.ts';
import type { Snapshot, StoredDocument } from '../store/store.ts';
import { admit, judge, type Piece } from './judge.ts';
import { Knowledge, readStateVector, stateVectorCovers } from './knowledge.ts';
import { WORKER_LIMITS } from './replica.ts';
import { UpdateBuffer } from './update-buffer.ts';

/** How a newcomer is brought up to date. */
export type Opening =
  /** With bytes that are here: the snapshot first if there is one, then step 2. */
  | { readonly kind: 'bytes'; readonly snapshot: Uint8Array | null; readonly stepTwo: Uint8Array }
  /** With a difference that a worker makes. */
  | { readonly kind: 'diff' };

/** A Yjs update of a delete set (V1) and no structs. */
export function deletesOnly(deleteSet: Uint8Array): Uint8Array {
  const update = new Uint8Array(deleteSet.length + 1);
  update.set(deleteSet, 1);
  return update;
}

const NOTHING = new Uint8Array([0]);
const EMPTY_PIECE: Piece = {
  source: new Uint8Array([0, 0]),
  whole: true,
  sections: [],
  deletes: [],
  nesting: 0,
};

/**
 * A document in memory: encoded snapshot, tail of updates since, and what is needed to judge the next one.
 * Sequence numbers count updates from 1; the tail begins behind `base`. They are the log's where nobody else writes it.
 */
export class DocumentState {
  readonly knowledge: Knowledge;
  readonly #tail = new UpdateBuffer();
  #snapshot: Snapshot | null;
  #snapshotVector: ReadonlyMap<number, number> | null = null;
  #base: number;
  constructor(snapshot: Snapshot | null) {
    this.#snapshot = snapshot;
    this.#base = snapshot?.through ?? 0;
    this.knowledge = Knowledge.read(snapshot?.stateVector ?? NOTHING, snapshot?.deleteSet ?? NOTHING);
    this.knowledge.measured(snapshot?.nesting ?? 0, 0);
  }

  /** A stored document; null if its tail can't be taken as it stands, and a compaction must look at it. */
  static fromStored(stored: StoredDocument): DocumentState | null {
    const state = new DocumentState(stored.snapshot);
    for (const packed of stored.tail)
      for (const { update } of decodeEntries(packed)) {
        const verdict = judge(state.knowledge, update, WORKER_LIMITS);
        // A compaction may have found deletes that a later update brings as well: it keeps its number.
        if (verdict.kind === 'known') state.admit(EMPTY_PIECE);
        else if (verdict.kind === 'new') state.admit(verdict.piece);
        else return null;
      }
    return state;
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** The last number before the tail: the snapshot holds all through it. */
  get base(): number {
    return this.#base;
  }

  /** The last number that was admitted. */
  get received(): number {
    return this.#base + this.#tail.count;
  }

  get tailCount(): number {
    return this.#tail.count;
  }

  get tailBytes(): number {
    return this.#tail.byteLength;
  }

  /** The document's encoded size, bytes. */
  get bytes(): number {
    return (this.#snapshot?.update.length ?? 0) + this.#tail.byteLength;
  }

  /** Takes a certified piece: its number. */
  admit(piece: Piece): number {
    admit(this.knowledge, piece);
    this.#tail.add(piece);
    return this.received;
  }

  /** Whether a piece that was certified a while ago still continues the document. */
  continues(piece: Piece): boolean {
    return piece.sections.every(({ client, clock }) => this.knowledge.clock(client) === clock);
  }

  /** Everything behind number `seq` as one update; null if the snapshot has swallowed some of it. */
  since(seq: number): Uint8Array | null {
    return seq < this.#base ? null : this.#tail.since(seq - this.#base);
  }

  /** The whole document as updates in order, without copies. */
  updates(): Uint8Array[] {
    const tail = this.#tail.count === 0 ? [] : [this.#tail.toUpdate()];
    return this.#snapshot === null ? tail : [this.#snapshot.update, ...tail];
  }

  /** How to open for a peer with this state vector. Throws `malformed`, `too-many`. */
  opening(stateVector: Uint8Array): Opening {
    const peer = readStateVector(stateVector, WORKER_LIMITS.documentClients);
    if (peer.size === 0 || this.#snapshot === null)
      return { kind: 'bytes', snapshot: this.#snapshot?.update ?? null, stepTwo: this.#tail.toUpdate() };
    if (this.knowledge.isKnownTo(peer))
      return { kind: 'bytes', snapshot: null, stepTwo: deletesOnly(this.knowledge.deleteSet()) };
    this.#snapshotVector ??= readStateVector(this.#snapshot.stateVector, WORKER_LIMITS.documentClients);
    if (!stateVectorCovers(peer, this.#snapshotVector)) return { kind: 'diff' };
    const stepTwo = this.#tail.toUpdate({ deleteSet: this.#snapshot.deleteSet });
    return { kind: 'bytes', snapshot: null, stepTwo };
  }

  /** Gives back the room that was kept for more updates. */
  trim(): void {
    this.#tail.trim();
    this.knowledge.pack();
  }

  /**
   * A new snapshot takes the place of the old one and of the tail through number `through`, all of which it holds. It may
   * hold more, if that is known here.
   */
  adopt(snapshot: Snapshot, through: number): void {
    this.#tail.dropBefore(through - this.#base);
    this.knowledge.adopt(snapshot.deleteSet);
    this.#snapshot = snapshot;
    this.#snapshotVector = null;
    this.#base = through;
  }
}
