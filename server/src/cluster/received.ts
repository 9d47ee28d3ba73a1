import { Ranges } from '../document/ranges.ts';
import type { DocumentName } from '../store/document-name.ts';

/** Numbers that count once these documents were fetched. */
interface Healing {
  readonly first: number;
  readonly last: number;
  readonly documents: Set<DocumentName>;
}

/**
 * Which of a peer's numbered messages have come (SPEC REPL). Numbers count what one life of the peer sends to us. What
 * did not come counts once the documents that it may have been about were fetched.
 */
export class Received {
  #through = 0;
  #last = 0;
  /** Numbers beyond `#through` that have come. */
  #ahead = new Ranges();
  readonly #healing = new Set<Healing>();

  /** Everything through this number has come. */
  get through(): number {
    return this.#through;
  }

  /** The last number that the peer is known to have used. */
  get last(): number {
    return this.#last;
  }

  /** What came beyond a number that came itself: half-open ranges, ascending. */
  *rangesBeyond(number: number): Generator<readonly [start: number, end: number]> {
    if (this.#through > number) yield [number + 1, this.#through + 1];
    const { bounds } = this.#ahead;
    for (let i = 0; i < bounds.length; i += 2) yield [bounds[i] ?? 0, bounds[i + 1] ?? 0];
  }

  /** Whether a number was lost, and nothing is under way that makes up for it. */
  get lacks(): boolean {
    if (this.#through >= this.#last) return false;
    const covered = new Ranges();
    covered.addAll(this.#ahead.bounds);
    for (const { first, last } of this.#healing) covered.add(first, last + 1);
    return !covered.contains(this.#through + 1, this.#last + 1);
  }

  /** Numbers `first` to `first + count - 1` came. False: all of them had come before. */
  add(first: number, count: number): boolean {
    const end = first + count;
    this.told(end - 1);
    if (end - 1 <= this.#through || this.#ahead.contains(first, end)) return false;
    this.#ahead.add(first, end);
    this.#advance();
    return true;
  }

  /** The peer has used numbers through `last`. */
  told(last: number): void {
    this.#last = Math.max(this.#last, last);
  }

  /** The numbers `first` to `last` will have come when these documents were fetched. */
  heal(first: number, last: number, documents: Iterable<DocumentName>): void {
    this.told(last);
    if (last >= first) this.#healing.add({ first, last, documents: new Set(documents) });
    this.#settle();
  }

  /** A document was fetched, as the peer held it after all that {@link heal} was told so far. */
  fetched(document: DocumentName): void {
    for (const { documents } of this.#healing) documents.delete(document);
    this.#settle();
  }

  /** The link is gone: nothing of what was to be fetched is under way any more. */
  interrupt(): void {
    this.#healing.clear();
  }

  #settle(): void {
    for (const healing of [...this.#healing]) {
      if (healing.documents.size > 0) continue;
      this.#healing.delete(healing);
      this.#ahead.add(healing.first, healing.last + 1);
    }
    this.#advance();
  }

  #advance(): void {
    const { bounds } = this.#ahead;
    let used = 0;
    while (used < bounds.length && (bounds[used] ?? 0) <= this.#through + 1) {
      this.#through = Math.max(this.#through, (bounds[used + 1] ?? 0) - 1);
      used += 2;
    }
    if (used === 0) return;
    const rest = new Ranges();
    rest.addAll(bounds.slice(used));
    this.#ahead = rest;
  }
}
