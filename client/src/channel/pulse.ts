import { COMFORT_MS } from './comfort.ts';

/** Heartbeats until the server has said its own, ms; and the bounds of what it may say, ms. */
const HEARTBEAT_MS = 10_000;
const HEARTBEAT_BOUNDS_MS = [20, 60_000] as const;
/** So many heartbeats of silence are the end of a carrier. */
const DEAD_HEARTBEATS = 2.5;
/** A carrier that is asked for a sign of life must give one within, ms. */
const VERIFY_MS = 5_000;
/** Who was heard when, by the wall clock: which silence is an end, and which must be broken (SPEC CH-7). Times in ms. */
export class Pulse {
  #heartbeatMs = HEARTBEAT_MS;
  #heardAt = 0;
  #verifyBy = Infinity;
  #deliveredAt: number | null = null;

  /** Each side says something this often, ms. */
  get heartbeatMs(): number {
    return this.#heartbeatMs;
  }

  /** The clock was set back by `ms`: what is due stays as far away as it was. */
  setBack(ms: number): void {
    this.#heardAt -= ms;
    this.#verifyBy -= ms;
    if (this.#deliveredAt !== null) this.#deliveredAt -= ms;
  }

  /** The server said how often. */
  agree(heartbeatMs: number): void {
    const [shortest, longest] = HEARTBEAT_BOUNDS_MS;
    this.#heartbeatMs = Math.min(longest, Math.max(shortest, heartbeatMs));
  }

  /** Something came by the present carrier. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#verifyBy = Infinity;
  }

  /** The present carrier was asked for a sign of life. */
  verify(now: number): void {
    this.#verifyBy = Math.min(this.#verifyBy, now + VERIFY_MS);
  }

  /** The program was told something. */
  delivered(now: number): void {
    this.#deliveredAt = now;
  }

  /** When silence is the end of the carrier. `beats`: whether it is one that is never silent for long. */
  silentBy(beats: boolean): number {
    return Math.min(beats ? this.#heardAt + DEAD_HEARTBEATS * this.#heartbeatMs : Infinity, this.#verifyBy);
  }

  /** When a program without a carrier must be told something. */
  comfortAt(): number {
    return this.#deliveredAt === null ? Infinity : this.#deliveredAt + COMFORT_MS;
  }
}
