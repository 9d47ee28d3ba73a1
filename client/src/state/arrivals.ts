import type { Peer } from '../sync/presence.ts';

/** Whoever is seen within this time after the first look was there before, ms: presence comes bit by bit. */
const SETTLED_MS = 3_000;

/** Tells who has come since one looked last. Somebody with two pages, or who was gone for a moment, comes once. */
export class Arrivals {
  readonly #known = new Set<string>();
  #began: number | null = null;

  /** The people among `peers` who are new at the time `now` (ms). */
  seen(peers: readonly Peer[], now: number): Peer[] {
    this.#began ??= now;
    const settled = now - this.#began >= SETTLED_MS;
    const fresh = peers.filter(({ id }) => id !== '' && !this.#known.has(id));
    for (const { id } of fresh) this.#known.add(id);
    return settled ? fresh : [];
  }
}
