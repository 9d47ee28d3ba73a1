/** The most readers of one document. */
export interface Capacity {
  readonly readers: number;
  /** The least number that failed, and how; null if none did. */
  readonly failed: { readonly readers: number; readonly reason: string } | null;
}

/** The search begins with so many. */
const FIRST = 256;
/** A process may have 20,000 files open here and there, and a connection takes one on each side. */
const MOST = 16_384;
/** The search ends when the number that failed is this near to the one that passed. */
const NEAR = 1.1;
/** A number that fails is tried once more: one pause of the machine must not decide. */
const TRIES = 2;

/**
 * Searches the most readers that a server can serve: doubles until a number fails, then halves the gap. It tells what to try
 * next instead of trying, so that the searches of several servers can go on in turn and meet the same machine.
 */
export class CapacitySearch {
  #passed = 0;
  #failed: Capacity['failed'] = null;
  #next: number | null = FIRST;
  #tries = 0;

  /** How many readers to try next; null: the search has ended. */
  get next(): number | null {
    return this.#next;
  }

  get found(): Capacity {
    return { readers: this.#passed, failed: this.#failed };
  }

  /** What came of trying {@link next}: why that is too many, null if it is not. Throws when the search has ended. */
  heard(reason: string | null): void {
    const readers = this.#next;
    if (readers === null) throw new Error('the search has ended');
    this.#tries += 1;
    if (reason !== null && this.#tries < TRIES) return;
    this.#tries = 0;
    if (reason === null) this.#passed = readers;
    else this.#failed = { readers, reason };
    this.#next = this.#step();
  }

  #step(): number | null {
    if (this.#failed === null) return this.#passed < MOST ? this.#passed * 2 : null;
    const middle = Math.floor((this.#passed + this.#failed.readers) / 2);
    const near = this.#failed.readers / Math.max(this.#passed, 1) <= NEAR;
    return near || middle === this.#passed ? null : middle;
  }
}
