/** How fast messages may come: `perSecond` for long, `atOnce` after a pause. */
export interface Rate {
  readonly perSecond: number;
  readonly atOnce: number;
}

/** What may still be sent: grows with time to `atOnce`, and shrinks with each message. */
export class Allowance {
  readonly #rate: Rate;
  readonly #now: () => number;
  #left: number;
  #at: number;

  /** `now`: a monotonic clock, ms. */
  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#left = rate.atOnce;
    this.#at = now();
  }

  /** Counts a message, which is taken in any case; answers how long nothing more should come, ms. 0: it may go on. */
  take(): number {
    // The clock is looked at only where it decides.
    if (this.#left < 2) this.#fill();
    this.#left -= 1;
    return this.#left >= 1 ? 0 : ((1 - this.#left) * 1_000) / this.#rate.perSecond;
  }

  #fill(): void {
    const { perSecond, atOnce } = this.#rate;
    const now = this.#now();
    this.#left = Math.min(atOnce, this.#left + ((now - this.#at) * perSecond) / 1_000);
    this.#at = now;
  }
}

/** Allowances that several share by name, for as long as anybody has one. */
export class SharedAllowances {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #shared = new Map<string, { readonly allowance: Allowance; holders: number }>();

  /** `now`: a monotonic clock, ms. */
  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** How many hold the allowance of this name. */
  holders(name: string): number {
    return this.#shared.get(name)?.holders ?? 0;
  }

  /** The allowance of this name, and what gives it back; call that once. */
  hold(name: string): { allowance: Allowance; release: () => void } {
    const entry = this.#shared.get(name) ?? { allowance: new Allowance(this.#rate, this.#now), holders: 0 };
    entry.holders += 1;
    this.#shared.set(name, entry);
    const release = (): void => {
      entry.holders -= 1;
      if (entry.holders === 0) this.#shared.delete(name);
    };
    return { allowance: entry.allowance, release };
  }
}
