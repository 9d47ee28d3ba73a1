import type { Limits } from '../limits.ts';
import { SheafError } from '../error.ts';
import { copyBytes, varUintSize, writeVarUint } from './byte-writer.ts';
import { truncated } from './byte-reader.ts';
import { deleteSetSize, writeDeleteSet } from './knowledge.ts';
import type { Knowledge } from './knowledge.ts';
import { Ranges } from './ranges.ts';
import { NONE, UpdateReader } from './update-reader.ts';
import { Ends, Waits } from './waits.ts';

/** Clocks stay below this: no document comes near it, and sums stay exact. */
const CLOCK_BOUND = 2 ** 40;

/** Bytes that a struct, and a delete range, take at the least. */
const MIN_BYTES = 2;

const NOTHING: readonly number[] = [];
const NO_DELETES: readonly PieceDeletes[] = [];
const KNOWN: Verdict = { kind: 'known' };

/** New structs of one client inside the bytes that were judged. */
export interface PieceSection {
  readonly client: number;
  /** Clock of the first new struct, which is the client's next one. */
  readonly clock: number;
  /** The client's next clock behind them. */
  readonly endClock: number;
  /** How many structs. */
  readonly structs: number;
  /** Byte range in the piece's source. */
  readonly from: number;
  readonly to: number;
}

/** New delete ranges of one client: start, end, start, end, … ascending, not overlapping. */
export interface PieceDeletes {
  readonly client: number;
  readonly bounds: ArrayLike<number>;
}

/** What is new in an update. A plain object: it can be posted to another thread. */
export interface Piece {
  /** The judged bytes, possibly a view into a network chunk: copy what is kept. */
  readonly source: Uint8Array;
  /** Everything in `source` was new: it is itself the update. */
  readonly whole: boolean;
  readonly sections: readonly PieceSection[];
  readonly deletes: readonly PieceDeletes[];
  /** Types with an explicit parent among the structs. */
  readonly nesting: number;
}

/** Why the judge leaves an update to a real Y.Doc. */
export type SlowReason =
  | 'gap' // a client's structs begin behind its next clock
  | 'dependency' // refers to structs that are not known
  | 'deletes' // deletes what is not known
  | 'overlap' // a struct is partly known
  | 'size' // more bytes, structs or ranges than the judge reads
  | 'types' // more new types than the judge certifies
  | 'nesting' // the nesting must be measured first
  | 'clients' // the document would have too many clients
  | 'unusual'; // an encoding that Yjs doesn't write

/** What is to be done with an update. */
export type Verdict =
  /** Continues the document. `newClients`: ids without any struct until now. */
  | { readonly kind: 'new'; readonly piece: Piece; readonly newClients: readonly number[] }
  /** Nothing in it is new. */
  | { readonly kind: 'known' }
  /** Not certified. `gaps`: clients whose structs begin behind their next clock in this update. */
  | { readonly kind: 'slow'; readonly reason: SlowReason; readonly gaps: readonly number[] }
  | {
      readonly kind: 'refused';
      readonly code: 'malformed' | 'subdocument';
      readonly reason: string;
    };

/** The bounds that the judge works under. */
export type JudgeLimits = Pick<
  Limits,
  'judgeBytes' | 'judgeStructs' | 'judgeRanges' | 'judgeTypes' | 'documentClients' | 'nesting'
>;

/**
 * Judges a Yjs V1 update against what is known of its document. Changes nothing. Sound, not complete: what it calls
 * new, `Y.applyUpdate` on a Y.Doc of that document integrates without parking or throwing.
 */
export function judge(knowledge: Knowledge, update: Uint8Array, limits: JudgeLimits): Verdict {
  if (update.length > limits.judgeBytes) return { kind: 'slow', reason: 'size', gaps: NOTHING };
  try {
    return new Trial(knowledge, update, limits).verdict();
  } catch (thrown) {
    if (!(thrown instanceof SheafError && thrown.code === 'malformed')) throw thrown;
    return { kind: 'refused', code: 'malformed', reason: thrown.message };
  }
}

/** Takes a piece that `judge` has just called new into what is known. */
export function admit(knowledge: Knowledge, piece: Piece): void {
  for (const section of piece.sections) knowledge.advance(section.client, section.endClock);
  for (const { client, bounds } of piece.deletes) knowledge.addDeleted(client, bounds);
  knowledge.nestingAdded += piece.nesting;
}

/** One update on trial. */
class Trial {
  readonly #knowledge: Knowledge;
  readonly #reader: UpdateReader;
  readonly #limits: JudgeLimits;
  #doubt: SlowReason | null = null;
  #gaps: number[] | null = null;
  /** Nothing has been left out so far. */
  #whole = true;
  readonly #sections: PieceSection[] = [];
  #deletes: PieceDeletes[] | null = null;
  #newClients: number[] | null = null;
  #structs = 0;
  #ranges = 0;
  #types = 0;
  #nesting = 0;
  /** Next clock of each client of this update once it is applied. */
  readonly #ends: Ends = new Ends();
  #waits: Waits | null = null;

  constructor(knowledge: Knowledge, update: Uint8Array, limits: JudgeLimits) {
    this.#knowledge = knowledge;
    this.#reader = new UpdateReader(update);
    this.#limits = limits;
  }

  verdict(): Verdict {
    const reader = this.#reader;
    for (let left = reader.varUint(); left > 0; left -= 1) {
      this.#section();
      if (this.#structs > this.#limits.judgeStructs) return this.#slow('size');
      if (reader.subdocument)
        return { kind: 'refused', code: 'subdocument', reason: 'Documents inside documents are not kept.' };
    }
    if (this.#waits !== null && !this.#waits.resolve(this.#knowledge, this.#ends)) this.#doubts('dependency');
    for (let left = reader.varUint(); left > 0; left -= 1) {
      this.#deletesOfClient();
      if (this.#ranges > this.#limits.judgeRanges) return this.#slow('size');
    }
    if (reader.position !== reader.bytes.length)
      throw new SheafError('malformed', 'The update goes on behind its end: it may be of version 2.');
    return this.#conclusion();
  }

  #conclusion(): Verdict {
    if (this.#doubt !== null) return this.#slow(this.#doubt);
    if (this.#reader.unusual) return this.#slow('unusual');
    if (this.#sections.length === 0 && this.#deletes === null) return KNOWN;
    if (this.#types > this.#limits.judgeTypes) return this.#slow('types');
    if (this.#nesting > 0 && this.#knowledge.nestingBound + this.#nesting > this.#limits.nesting)
      return this.#slow('nesting');
    const newClients = this.#newClients ?? NOTHING;
    if (newClients.length > 0 && this.#knowledge.clients + newClients.length > this.#limits.documentClients)
      return this.#slow('clients');
    const piece = {
      source: this.#reader.bytes,
      whole: this.#whole,
      sections: this.#sections,
      deletes: this.#deletes ?? NO_DELETES,
      nesting: this.#nesting,
    };
    return { kind: 'new', piece, newClients };
  }

  /** The structs of one client. */
  #section(): void {
    const reader = this.#reader;
    const structs = reader.varUint();
    const client = reader.varUint();
    const first = reader.varUint();
    const known = this.#knowledge.clock(client);
    if (structs * MIN_BYTES > reader.bytes.length - reader.position) throw truncated();
    this.#structs += structs;
    if (this.#structs > this.#limits.judgeStructs) return;
    if (structs === 0 || this.#ends.has(client)) this.#doubts('unusual');
    if (first > known) this.#gap(client);
    let clock = first;
    let from = -1;
    let newStart = 0;
    let newStructs = 0;
    for (let i = 0; i < structs; i += 1) {
      const start = reader.position;
      reader.struct();
      const end = clock + reader.length;
      if (end === clock || end > CLOCK_BOUND) this.#doubts('unusual');
      if (reader.skip) {
        if (end > known) this.#gap(client);
      } else this.#references(client, clock);
      if (end <= known) this.#whole = false;
      else if (clock < known) this.#doubts('overlap');
      else {
        if (from < 0) {
          from = start;
          newStart = clock;
        }
        newStructs += 1;
        if (reader.type) {
          this.#types += 1;
          if (reader.parentClient !== NONE) this.#nesting += 1;
        }
      }
      clock = end;
    }
    this.#ends.set(client, Math.max(clock, known));
    if (from < 0) return;
    if (known === 0) (this.#newClients ??= []).push(client);
    this.#sections.push({
      client,
      clock: newStart,
      endClock: clock,
      structs: newStructs,
      from,
      to: reader.position,
    });
  }

  /** What the struct just read refers to. Yjs looks at it also when the struct is known. */
  #references(client: number, clock: number): void {
    const { originClient, rightClient, parentClient, originClock, rightClock, parentClock } = this.#reader;
    if (originClient !== NONE) this.#reference(client, clock, originClient, originClock);
    if (rightClient !== NONE) this.#reference(client, clock, rightClient, rightClock);
    if (parentClient !== NONE) this.#reference(client, clock, parentClient, parentClock);
  }

  #reference(client: number, clock: number, toClient: number, toClock: number): void {
    if (toClient === client) {
      // No client can have made it, and Yjs throws at it each time it is applied.
      if (toClock >= clock)
        throw new SheafError('malformed', 'A struct refers to itself or to a later one of its client.');
    } else if (toClock >= this.#knowledge.clock(toClient))
      (this.#waits ??= new Waits()).add({ client, clock, toClient, toClock });
  }

  /** The deletes of one client. Comes after all sections. */
  #deletesOfClient(): void {
    const reader = this.#reader;
    const client = reader.varUint();
    const count = reader.varUint();
    if (count * MIN_BYTES > reader.bytes.length - reader.position) throw truncated();
    this.#ranges += count;
    if (this.#ranges > this.#limits.judgeRanges) return;
    const end = this.#ends.get(client) ?? this.#knowledge.clock(client);
    const known = this.#knowledge.deleted(client);
    const bounds: number[] = [];
    let read = 0;
    for (let i = 0; i < count; i += 1) {
      const start = reader.varUint();
      const length = reader.varUint();
      if (length === 0) this.#doubts('unusual');
      if (start + length > end) this.#doubts('deletes');
      if (start < read) this.#doubts('unusual');
      read = start + length;
      const before = bounds.length;
      if (known === undefined) bounds.push(start, read);
      else known.missing(start, read, bounds);
      if (bounds.length !== before + 2 || bounds[before] !== start || bounds[before + 1] !== read)
        this.#whole = false;
    }
    if (bounds.length === 0) return;
    (this.#deletes ??= []).push({ client, bounds });
  }

  #gap(client: number): void {
    const gaps = (this.#gaps ??= []);
    if (gaps.at(-1) !== client) gaps.push(client);
    this.#doubts('gap');
  }

  #doubts(reason: SlowReason): void {
    this.#doubt ??= reason;
  }

  #slow(reason: SlowReason): Verdict {
    return { kind: 'slow', reason, gaps: this.#gaps ?? NOTHING };
  }
}

/** A Yjs V1 update of what is new: `source` itself when all of it was, else written anew. */
export function pieceBytes(piece: Piece): Uint8Array {
  if (piece.whole) return piece.source;
  const sections = piece.sections.toSorted((a, b) => b.client - a.client);
  const deletes = new Map<number, Ranges>();
  for (const { client, bounds } of piece.deletes) {
    const ranges = deletes.get(client) ?? new Ranges();
    deletes.set(client, ranges);
    ranges.addAll(bounds);
  }
  let size = varUintSize(sections.length) + deleteSetSize(deletes);
  for (const { client, structs, clock, from, to } of sections)
    size += varUintSize(structs) + varUintSize(client) + varUintSize(clock) + to - from;
  const bytes = new Uint8Array(size);
  let at = writeVarUint(bytes, 0, sections.length);
  for (const { client, structs, clock, from, to } of sections) {
    at = writeVarUint(bytes, at, structs);
    at = writeVarUint(bytes, at, client);
    at = writeVarUint(bytes, at, clock);
    at = copyBytes(bytes, at, { source: piece.source, from, to });
  }
  writeDeleteSet(bytes, at, deletes);
  return bytes;
}
