import type { Environment } from './environment.ts';

/** Where an alarm is set again so soon the machine has not slept in between. */
const AWAKE_MS = 1_000;

/**
 * The wall clock of one channel, and its one alarm. A clock that was set back takes along what is due, or a wait of a
 * moment would last for hours.
 */
export class Clock {
  readonly #world: Pick<Environment, 'now' | 'timer'>;
  readonly #wasSetBack: (ms: number) => void;
  #lookedAt = -Infinity;
  #due = Infinity;
  #ring: (lateMs: number) => void = () => undefined;
  #cancel: (() => void) | null = null;
  /** When the timer that runs ends, ms of the wall clock. */
  #ends = Infinity;
  /** When it was last set, or left to go on. */
  #setAt = -Infinity;

  /** `wasSetBack` hears by how much, ms, before the time is told. */
  constructor(world: Pick<Environment, 'now' | 'timer'>, wasSetBack: (ms: number) => void) {
    this.#world = world;
    this.#wasSetBack = wasSetBack;
  }

  /** ms of the wall clock. */
  now(): number {
    const now = this.#world.now();
    const ms = this.#lookedAt - now;
    this.#lookedAt = now;
    if (ms > 0 && ms < Infinity) {
      this.#due -= ms;
      this.#ends -= ms;
      this.#setAt -= ms;
      this.#wasSetBack(ms);
    }
    return now;
  }

  /**
   * Calls `ring` at `due`, in place of what was to ring before; never for Infinity. `lateMs`: so much later than that. What is put off
   * at each frame costs no timer each: the one that runs goes on, and begins anew where it ends too early.
   */
  ring(due: number, ring: (lateMs: number) => void): void {
    if (due === Infinity) return this.silence();
    this.#due = due;
    this.#ring = ring;
    const now = this.now();
    this.#due = Math.max(this.#due, now);
    // A timer stands still while the machine sleeps.
    const mayGoOn = this.#cancel !== null && now - this.#setAt < AWAKE_MS;
    this.#setAt = now;
    if (!mayGoOn || this.#ends > this.#due) this.#start(now);
  }

  silence(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#due = Infinity;
  }

  #start(now: number): void {
    this.#cancel?.();
    this.#ends = this.#due;
    this.#cancel = this.#world.timer(() => this.#ended(), Math.ceil(this.#due - now));
  }

  #ended(): void {
    this.#cancel = null;
    const now = this.now();
    // By when it was to end, and not by the clock: that may have been set back since.
    if (this.#ends < this.#due) this.#start(Math.max(now, this.#ends));
    else this.#ring(Math.max(0, now - this.#due));
  }
}
