/** How often a connection that only counts is read, at best, ms. */
const INTERVAL_MS = 10;
/** Reads per second over all connections; with more of them each is read less often. */
const READS_PER_SECOND = 12_000;

/** What is read in turn: a connection that counts. */
interface Readable {
  resume(): void;
}

/**
 * Reads the counting connections in turn, a few at each tick, so that neither their number nor the number of
 * writes that a server makes decides what the load process costs. At 10,000 updates a second 10 ms are some
 * 5 KB: far from filling a socket's buffer, which would hold the server up.
 */
export class Sweep {
  readonly #connections: readonly Readable[];
  readonly #perMs: number;
  #next = 0;
  #owed = 0;

  constructor(connections: readonly Readable[]) {
    this.#connections = connections;
    this.#perMs = Math.min(connections.length / INTERVAL_MS, READS_PER_SECOND / 1_000);
  }

  /** Reads the connections whose turn it is, `elapsed` ms after the last tick. */
  tick(elapsed: number): void {
    this.#owed = Math.min(this.#owed + elapsed * this.#perMs, this.#connections.length);
    for (; this.#owed >= 1; this.#owed -= 1) {
      this.#connections[this.#next]?.resume();
      this.#next = (this.#next + 1) % this.#connections.length;
    }
  }
}
