import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { Member, Membership } from '../store/store.ts';

/** What a node's place among the others needs. */
export interface MembersOptions {
  readonly membership: Membership;
  readonly self: Member;
  readonly limits: Pick<Limits, 'memberBeatMs' | 'memberDeadMs'>;
  /** Who lives beside this node, when that has changed. */
  readonly changed: (members: readonly Member[]) => void;
  readonly report: (words: string, error: SheafError) => void;
}

/** Who works on the shared store: says that this node lives, and hears of the others. Dead ones leave by their age. */
export class Members {
  readonly #options: MembersOptions;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> | null = null;
  /** null: it is not known now. */
  #live: readonly Member[] | null = null;
  #told = '';
  #failed = false;
  #stopped = false;

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** Who lives beside this node; null while the store cannot be asked. */
  get live(): readonly Member[] | null {
    return this.#live;
  }

  /** Resolves when the others can know of this node. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.#beat(), this.#options.limits.memberBeatMs).unref();
    await this.#beat();
  }

  /** This node ends: nobody looks for it any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#beating;
    const { membership, self } = this.#options;
    // If that does not get through, its age tells.
    await membership.leave(self).catch(() => {});
  }

  #beat(): Promise<void> {
    this.#beating ??= this.#ask().finally(() => (this.#beating = null));
    return this.#beating;
  }

  async #ask(): Promise<void> {
    const { membership, self, limits, changed, report } = this.#options;
    try {
      this.#live = await membership.beat(self, limits.memberDeadMs);
      this.#failed = false;
    } catch (thrown) {
      // The store says itself that it is away; whom this node is linked to it still knows.
      this.#live = null;
      if (!this.#failed) report('membership', SheafError.from(thrown));
      this.#failed = true;
      return;
    }
    const told = JSON.stringify(this.#live);
    if (told === this.#told || this.#stopped) return;
    this.#told = told;
    changed(this.#live);
  }
}
