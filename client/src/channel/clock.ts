import type { Environment } from './environment.ts';

/**
 * The wall clock of one channel, and its one alarm. A clock that was set back takes along what is due, or a wait of a
 * moment would last for hours.
 */
export class Clock {
  readonly #world: Pick<Environment, 'now' | 'timer'>;
  readonly #wasSetBack: (ms: number) => void;
  #lookedAt = -Infinity;
  #due = Infinity;
  #cancel: (() => void) | null = null;

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
      this.#wasSetBack(ms);
    }
    return now;
  }

  /** Calls `ring` at `due`, in place of what was to ring before; never for Infinity. `lateMs`: so much later than that. */
  ring(due: number, ring: (lateMs: number) => void): void {
    this.silence();
    if (due === Infinity) return;
    this.#due = due;
    const now = this.now();
    this.#due = Math.max(this.#due, now);
    this.#cancel = this.#world.timer(
      () => ring(Math.max(0, this.now() - this.#due)),
      Math.ceil(this.#due - now),
    );
  }

  silence(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#due = Infinity;
  }
}
