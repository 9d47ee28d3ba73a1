/** A window is this many times what the last flush cost: flushing takes at most a fifth of the time. */
const WINDOW_PER_COST = 4;
/** Up to this nobody notices a window, ms: so far it may be wider, */
const UNNOTICED_MS = 1;
/** which leaves the core more room for the next peak. */
const UNNOTICED_PER_COST = 16;

/**
 * When to fan out (SPEC FAN). The first change after a pause goes out at the end of the same turn of the
 * event loop; what arrives while the last flush is fresh waits for the end of its window and is merged. The
 * window is a multiple of what the last flush cost, wider as the event loop fills, and never over `maxMs`.
 */
export class FlushWindow {
  readonly #flush: () => void;
  readonly #maxMs: number;
  readonly #now: () => number;
  readonly #load: () => number;
  #scheduled = false;
  #closed = false;
  #opens = -Infinity;

  /** `now`: a monotonic clock, ms. `load`: how busy the event loop is, 0 to 1. */
  constructor(options: { flush: () => void; maxMs: number; now: () => number; load: () => number }) {
    this.#flush = options.flush;
    this.#maxMs = options.maxMs;
    this.#now = options.now;
    this.#load = options.load;
  }

  /** There is something to send. */
  request(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const wait = this.#opens - this.#now();
    if (wait <= 0) setImmediate(this.#run);
    else setTimeout(this.#run, wait);
  }

  /** Never flushes again. */
  close(): void {
    this.#closed = true;
  }

  readonly #run = (): void => {
    this.#scheduled = false;
    if (this.#closed) return;
    const began = this.#now();
    this.#flush();
    // Sockets gather what a turn sends and write it when the turn's callback is over: that is most of the cost.
    process.nextTick(() => {
      const ended = this.#now();
      this.#opens = ended + this.#windowAfter(ended - began);
    });
  };

  #windowAfter(cost: number): number {
    const idle = Math.max(1 - this.#load(), 0.05);
    const unnoticed = Math.min(cost * UNNOTICED_PER_COST, UNNOTICED_MS);
    return Math.min(Math.max((cost * WINDOW_PER_COST) / idle, unnoticed), this.#maxMs);
  }
}
