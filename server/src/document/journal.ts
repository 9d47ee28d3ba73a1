import { EntryPacker } from '../store/entries.ts';
import type { Author, LogBatch } from '../store/store.ts';
import type { Arrival } from './arrivals.ts';
import type { Piece } from './judge.ts';

/** Where an update began: here; at another server, which has taken it; or it was read from the log that servers share. */
export type Origin = 'here' | 'elsewhere' | 'log';

/** How an update came to a document. */
export interface Provenance {
  readonly author: Author;
  readonly origin: Origin;
  /** When it came, ms since 1970. */
  readonly time: number;
  /** What it came with from another server. */
  readonly arrival: Arrival | null;
}

/** What the next commit is to write of a document. */
export type Unwritten = Pick<LogBatch, 'first' | 'count' | 'entries' | 'owners'>;

/** A part of a log that servers share: its numbers, and what is in it. */
export interface LogPart {
  readonly first: number;
  /** May be 0: the log is known through the number before `first`. */
  readonly count: number;
  /** Yjs state vector (V1) of its structs alone: the end of each client's. */
  readonly stateVector: Uint8Array;
  /** Yjs delete set (V1). */
  readonly deleteSet: Uint8Array;
}

/** What a document has still to write, and through which of its own numbers everything is on disk. */
export interface Journal {
  /** The document's last number such that all through it is on disk. */
  readonly durable: number;
  /** A piece was taken under the document's next number. `update`: its bytes, which may be valid only now. */
  add(update: Uint8Array, piece: Piece, from: Provenance): void;
  /** What the next commit writes; `count` 0: nothing. */
  collect(): Unwritten;
  /** What `collect` gave last is on disk, from number `first` of the log on. What others may be told. */
  committed(first: number): LogPart | null;
}

/** The journal of a log that nobody else writes: its numbers are the document's own. */
export class LoneJournal implements Journal {
  #durable: number;
  /** The last number that a commit was given. */
  #committing: number;
  readonly #unwritten = new EntryPacker();
  #owners: [number, Author][] = [];

  /** `last`: the number that the log ends with. */
  constructor(last: number) {
    this.#durable = last;
    this.#committing = last;
  }

  get durable(): number {
    return this.#durable;
  }

  add(update: Uint8Array, piece: Piece, { author, origin, time, arrival }: Provenance): void {
    for (const { client, clock } of piece.sections) {
      if (clock > 0) continue;
      const owner = arrival?.owners.get(client) ?? author;
      // Who first writes down an owner is believed: nobody is, where another server may know better.
      if (origin === 'here' || owner !== '') this.#owners.push([client, owner]);
    }
    this.#unwritten.add(update, author, time);
  }

  collect(): Unwritten {
    const { count } = this.#unwritten;
    const first = this.#committing + 1;
    this.#committing += count;
    return { first, count, entries: this.#unwritten.take(), owners: this.#owners.splice(0) };
  }

  committed(): null {
    this.#durable = this.#committing;
    return null;
  }
}
