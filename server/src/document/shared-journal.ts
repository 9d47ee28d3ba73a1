import { EntryPacker } from '../store/entries.ts';
import type { Author } from '../store/store.ts';
import type { DocumentState } from './document-state.ts';
import type { Journal, LogPart, Provenance, Unwritten } from './journal.ts';
import type { Piece, PieceDeletes, PieceSection } from './judge.ts';
import { Knowledge } from './knowledge.ts';
import { Ranges } from './ranges.ts';
import { type Contents, contentsOf, isKnown, readContents } from './update-contents.ts';

/** Parts of the log that were told before what is in them came: beyond so many, the oldest are read instead. */
const TOLD_PARTS = 1_000;

/** An update that is not known to be in the log. */
interface Unlogged {
  /** The document's number of it, here. */
  readonly number: number;
  /** Bytes of its own. */
  readonly update: Uint8Array;
  readonly author: Author;
  readonly time: number;
  /** When it came, by a monotonic clock, ms. */
  readonly since: number;
  readonly newClients: readonly number[];
  /** What of it was not found in the log. */
  sections: readonly PieceSection[];
  deletes: readonly PieceDeletes[];
  /** It is written by the next commit whatever else is: it began here, or whoever has it writes it too late. */
  due: boolean;
  writing: boolean;
}

/**
 * The journal of a document whose log others write as well (SPEC SHARED). The document numbers what it takes in its own
 * order, the log in another. What came from others is not written here as long as they do that; but a commit of this
 * server holds, in its order, all that stands before its own updates and is not known to be in the log. So whatever the
 * log holds, it holds what that refers to, too, whoever dies; and who is acknowledged need not wait for others. What is
 * in the log twice is harmless.
 *
 * What is in the log is recognised by its contents, so that nothing depends on who tells it, how often, or in which order.
 */
export class SharedJournal implements Journal {
  readonly #state: DocumentState;
  readonly #now: () => number;
  readonly #maxClients: number;
  #queue: Unlogged[] = [];
  /** All rows through this number are accounted for: what they hold is here. */
  #position: number;
  /** Numbers beyond that are accounted for as well. */
  #ahead = new Ranges();
  /** The log is known to reach so far. */
  #heard: number;
  #told: { readonly part: LogPart; readonly contents: Contents }[] = [];
  /** What the commit under way writes. */
  #writing = { count: 0, held: new Knowledge() };

  /** `state` is what the log holds through number `position`. `now`: a monotonic clock, ms. */
  constructor(
    state: DocumentState,
    position: number,
    { now, maxClients }: { readonly now: () => number; readonly maxClients: number },
  ) {
    this.#state = state;
    this.#position = position;
    this.#heard = position;
    this.#now = now;
    this.#maxClients = maxClients;
  }

  /** The log's rows through this number are accounted for. */
  get position(): number {
    return this.#position;
  }

  /** How many updates are not known to be in the log. */
  get unlogged(): number {
    return this.#queue.length;
  }

  get durable(): number {
    const [first] = this.#queue;
    return first === undefined ? this.#state.received : first.number - 1;
  }

  add(update: Uint8Array, piece: Piece, { author, origin, time }: Provenance): void {
    if (origin === 'log') return;
    const { sections, deletes } = piece;
    this.#queue.push({
      number: this.#state.received + 1,
      update: new Uint8Array(update),
      author,
      time,
      since: this.#now(),
      newClients: sections.filter(({ clock }) => clock === 0).map(({ client }) => client),
      sections,
      deletes,
      due: origin === 'here',
      writing: false,
    });
  }

  /** What came from others at `before` (monotonic, ms) or earlier is written here; whether there is something. */
  takeOver(before: number): boolean {
    let found = false;
    for (const entry of this.#queue) {
      if (entry.since > before) break;
      if (entry.due) continue;
      entry.due = true;
      found = true;
    }
    return found;
  }

  collect(): Unwritten {
    const packer = new EntryPacker();
    const owners: [number, Author][] = [];
    const held = new Knowledge();
    const last = this.#queue.findLastIndex(({ due }) => due);
    for (const entry of this.#queue.slice(0, last + 1)) {
      entry.writing = true;
      packer.add(entry.update, entry.author, entry.time);
      for (const client of entry.newClients) owners.push([client, entry.author]);
      for (const { client, endClock } of entry.sections) held.advance(client, endClock);
      for (const { client, bounds } of entry.deletes) held.addDeleted(client, bounds);
    }
    const { count } = packer;
    this.#writing = { count, held };
    return { first: this.#position + 1, count, entries: packer.take(), owners };
  }

  committed(first: number): LogPart | null {
    const { count, held } = this.#writing;
    if (count === 0) return null;
    this.#queue = this.#queue.filter(({ writing }) => !writing);
    this.account(first, count);
    return { first, count, stateVector: held.stateVector(), deleteSet: held.deleteSet() };
  }

  /** Another server has written a part of the log. Throws `malformed`, `too-many`. */
  told(part: LogPart): void {
    const contents = readContents(part, this.#maxClients);
    this.#cover(contents);
    this.#heard = Math.max(this.#heard, part.first + part.count - 1);
    if (part.count === 0 || part.first + part.count - 1 <= this.#position) return;
    if (this.#told.length >= TOLD_PARTS) this.#told.shift();
    this.#told.push({ part, contents });
    this.review();
  }

  /** What was told and has come by now is accounted for. Whether the log is known to hold more. */
  review(): boolean {
    this.#told = this.#told.filter(({ part: { first, count }, contents }) => {
      if (first + count - 1 <= this.#position) return false;
      if (!isKnown(contents, this.#state.knowledge)) return true;
      this.#cover(contents);
      this.account(first, count);
      return false;
    });
    return this.#position < this.#heard;
  }

  /** An update stands in the log, and is here. Throws `malformed`. */
  found(update: Uint8Array): void {
    if (this.#queue.length > 0) this.#cover(contentsOf(update));
  }

  /** What the log's numbers from `first` on hold is here. */
  account(first: number, count: number): void {
    this.#heard = Math.max(this.#heard, first + count - 1);
    if (count > 0) this.#ahead.add(first, first + count);
    const [start = Infinity, end = 0] = this.#ahead.bounds;
    if (start > this.#position + 1) return;
    this.#position = Math.max(this.#position, end - 1);
    const rest = new Ranges();
    rest.addAll(this.#ahead.bounds.slice(2));
    this.#ahead = rest;
    this.account(this.#position + 1, 0);
  }

  /** The log holds this: of a client it holds all before what it holds. */
  #cover({ ends, deletes }: Contents): void {
    this.#queue = this.#queue.filter((entry) => {
      entry.sections = entry.sections.filter(({ client, endClock }) => (ends.get(client) ?? 0) < endClock);
      entry.deletes = entry.deletes.flatMap((part) => uncovered(part, deletes.get(part.client)));
      return entry.sections.length > 0 || entry.deletes.length > 0;
    });
  }
}

function uncovered({ client, bounds }: PieceDeletes, covered: Ranges | undefined): PieceDeletes[] {
  if (covered === undefined) return [{ client, bounds }];
  const rest: number[] = [];
  for (let at = 0; at < bounds.length; at += 2) covered.missing(bounds[at] ?? 0, bounds[at + 1] ?? 0, rest);
  return rest.length === 0 ? [] : [{ client, bounds: rest }];
}
