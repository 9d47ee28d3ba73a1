import { Ranges } from '../document/ranges.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Received } from './received.ts';

/** Ranges of one acknowledgement beyond what is on disk without a gap; more wait for the next. */
const RANGES_TOLD = 64;
/** So many that a disk which takes nothing does not fill the memory. */
const OPEN_AT_MOST = 10_000;

/** Numbers of a peer that have come, and of which something is not on disk yet. */
interface Open {
  readonly first: number;
  readonly last: number;
  /** Documents of which that is so. */
  readonly documents: Set<DocumentName>;
}

/** What is on disk here of one peer's numbers. */
export interface Persisted {
  readonly through: number;
  /** Half-open ranges beyond `through`: start, end, start, end, … ascending. */
  readonly ahead: readonly number[];
}

/**
 * Which of a peer's numbered messages are not on disk yet (SPEC REPL-14). What came and is not among them is: either it was
 * written, or its documents were fetched, as the peer held them, and that was written.
 */
export class Persisting {
  /** By the first number, in the order in which they came. */
  #open = new Map<number, Open>();

  /** Numbers came that are about these documents. */
  add(first: number, last: number, documents: Iterable<DocumentName>): void {
    if (this.#open.size >= OPEN_AT_MOST) this.#join();
    const known = this.#open.get(first);
    const open = {
      first,
      last: Math.max(last, known?.last ?? 0),
      documents: new Set([...documents, ...(known?.documents ?? [])]),
    };
    if (open.documents.size > 0) this.#open.set(first, open);
  }

  /** Numbers `first` to `last`, which came as one, are on disk. */
  written(first: number, last: number): void {
    if (this.#open.get(first)?.last === last) this.#open.delete(first);
  }

  /** A document was fetched as the peer held it after its number `last`, and is on disk. */
  fetched(document: DocumentName, last: number): void {
    for (const open of this.#open.values()) {
      if (open.last <= last && open.documents.delete(document)) this.#forgetIfDone(open);
    }
  }

  /** Everything that the peer held after its number `last` is on disk, but for these documents. */
  compared(last: number, differing: ReadonlySet<DocumentName>): void {
    for (const open of this.#open.values()) {
      if (open.last > last) continue;
      for (const document of open.documents) if (!differing.has(document)) open.documents.delete(document);
      this.#forgetIfDone(open);
    }
  }

  #forgetIfDone({ first, documents }: Open): void {
    if (documents.size === 0) this.#open.delete(first);
  }

  /** Makes one of many: it is done when a comparison or fetches say so. */
  #join(): void {
    const all = [...this.#open.values()];
    const first = Math.min(...all.map((open) => open.first));
    const last = Math.max(...all.map((open) => open.last));
    const documents = new Set(all.flatMap((open) => [...open.documents]));
    this.#open = new Map([[first, { first, last, documents }]]);
  }

  /** What can be told now. */
  of(received: Received): Persisted {
    const open = new Ranges();
    for (const { first, last } of this.#open.values()) open.add(first, last + 1);
    const gap = open.bounds[0] ?? Infinity;
    const through = Math.min(received.through, gap - 1);
    const ahead: number[] = [];
    for (const [start, end] of received.rangesBeyond(through)) open.missing(start, end, ahead);
    return { through, ahead: ahead.slice(0, 2 * RANGES_TOLD) };
  }
}
