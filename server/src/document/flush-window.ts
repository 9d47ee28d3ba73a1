import type { Sender, SendTurns } from './send-turns.ts';

/** A window is this many times what the last round of sending cost: sending takes at most a quarter of the time. */
const WINDOW_PER_COST = 3;
/** Timers are no finer, ms: what is shorter is no window. */
const FINEST_MS = 1;

/**
 * When to fan out (SPEC FAN). The first change after a pause goes out at the end of the same turn of the
 * event loop; what arrives while the last round is fresh waits for the end of its window and is merged. The
 * window is a multiple of what the last round cost, wider as the event loop fills, and never over `maxMs`; where a
 * round itself takes longer than that, the window shrinks by as much, down to nothing.
 */
export class FlushWindow implements Sender {
  readonly #serve: (most: number) => number;
  readonly #turns: SendTurns;
  readonly #maxMs: number;
  readonly #now: () => number;
  readonly #load: () => number;
  /** `due`: nobody has been served yet. `more`: something came for those who have been. */
  #state: 'open' | 'waiting' | 'due' | 'sending' | 'more' | 'closed' = 'open';
  #opens = -Infinity;

  /**
   * `serve`: see {@link Sender.send}. `now`: a monotonic clock, ms. `load`: how busy the event loop is, 0 to 1.
   */
  constructor(options: {
    serve: (most: number) => number;
    turns: SendTurns;
    maxMs: number;
    now: () => number;
    load: () => number;
  }) {
    this.#serve = options.serve;
    this.#turns = options.turns;
    this.#maxMs = options.maxMs;
    this.#now = options.now;
    this.#load = options.load;
  }

  /** There is something to send. */
  request(): void {
    if (this.#state === 'sending') this.#state = 'more';
    if (this.#state !== 'open') return;
    const wait = this.#opens - this.#now();
    if (wait < FINEST_MS) this.#begin();
    else {
      this.#state = 'waiting';
      setTimeout(() => {
        if (this.#state !== 'closed') this.#begin();
      }, wait);
    }
  }

  /** Never sends again. */
  close(): void {
    this.#state = 'closed';
  }

  send(most: number): number {
    if (this.#state === 'closed') return 0;
    if (this.#state === 'due') this.#state = 'sending';
    return this.#serve(most);
  }

  sent(cost: number): void {
    if (this.#state === 'closed') return;
    const more = this.#state === 'more';
    this.#state = 'open';
    this.#opens = this.#now() + this.#windowAfter(cost);
    if (more) this.request();
  }

  #begin(): void {
    this.#state = 'due';
    this.#turns.add(this);
  }

  #windowAfter(cost: number): number {
    const idle = Math.max(1 - this.#load(), 0.05);
    const room = Math.max(0, 2 * this.#maxMs - cost);
    return Math.min((cost * WINDOW_PER_COST) / idle, this.#maxMs, room);
  }
}
