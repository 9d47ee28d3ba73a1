import type { Limits } from '../limits.ts';

/** How long ago each side of a channel said something: marked as it happens, timed at each beat. */
export class Pulse {
  readonly #limits: Limits;
  #heard = true;
  #heardAt: number;
  #spoke = true;
  #spokeAt: number;

  /** `now`: ms of the clock of its beats. */
  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#heardAt = now;
    this.#spokeAt = now;
  }

  /** The client has shown itself. */
  heard(): void {
    this.#heard = true;
  }

  /** The client was sent something. */
  spoke(): void {
    this.#spoke = true;
  }

  /**
   * What the silence until `now` means: `dead`, the client has gone, for it was silent for `deadMs`; `due`, it must be told
   * that we are here.
   */
  beat(now: number, deadMs: number): 'dead' | 'due' | 'well' {
    if (this.#heard) this.#heardAt = now;
    if (this.#spoke) this.#spokeAt = now;
    this.#heard = false;
    this.#spoke = false;
    if (now - this.#heardAt >= deadMs) return 'dead';
    return now - this.#spokeAt >= this.#limits.channelHeartbeatMs ? 'due' : 'well';
  }
}
