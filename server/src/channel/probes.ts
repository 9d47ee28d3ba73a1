import type { Limits } from '../limits.ts';
import type { Carrier } from './carrier.ts';

/** Carriers of a channel that only prove themselves so far: few, and not for long. */
export class Probes {
  readonly #limits: Limits;
  readonly #since = new Map<Carrier, number>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Adds one; returns what has to go for it, null if there is room. `now`: ms of the clock of {@link overdue}. */
  add(carrier: Carrier, now: number): Carrier | null {
    this.#since.set(carrier, now);
    if (this.#since.size < this.#limits.channelWebSockets) return null;
    const oldest = this.#since.keys().next().value ?? null;
    if (oldest !== null) this.#since.delete(oldest);
    return oldest;
  }

  /** It carries now, or has ended. */
  delete(carrier: Carrier): void {
    this.#since.delete(carrier);
  }

  /** Takes out those that proved themselves and were not used. */
  overdue(now: number): Carrier[] {
    const late = [...this.#since].filter(([, since]) => now - since >= this.#limits.channelDeadMs);
    for (const [carrier] of late) this.#since.delete(carrier);
    return late.map(([carrier]) => carrier);
  }

  /** Takes out all. */
  takeAll(): Carrier[] {
    const all = [...this.#since.keys()];
    this.#since.clear();
    return all;
  }
}
