/** A client is asked for a newer token this long before its grant ends, ms. */
const ASK_BEFORE_MS = 60_000;
/** setTimeout takes no more than this, ms. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Watches the end of a grant: asks for a newer token in time, and tells when none came. */
export class GrantTimer {
  readonly #time: () => number;
  readonly #ask: () => void;
  readonly #expired: () => void;
  #timer: NodeJS.Timeout | null = null;

  /** `time`: wall clock, ms since 1970. */
  constructor(options: { time: () => number; ask: () => void; expired: () => void }) {
    this.#time = options.time;
    this.#ask = options.ask;
    this.#expired = options.expired;
  }

  /** The grant ends at `expires`, ms since 1970; Infinity: never. */
  set(expires: number): void {
    this.clear();
    if (expires === Infinity) return;
    const left = expires - this.#time();
    if (left > ASK_BEFORE_MS * 2)
      this.#after(left - ASK_BEFORE_MS, () => {
        if (expires - this.#time() > ASK_BEFORE_MS * 2) this.set(expires);
        else this.#askUntil(expires);
      });
    else this.#after(left / 2, () => this.#askUntil(expires));
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #askUntil(expires: number): void {
    this.#ask();
    this.#after(Math.max(expires - this.#time(), 0), this.#expired);
  }

  #after(ms: number, then: () => void): void {
    this.#timer = setTimeout(then, Math.min(ms, LONGEST_TIMEOUT_MS));
  }
}
