import type { Limits } from '../limits.ts';
import type { ReplicaLink } from './replica-link.ts';

/**
 * Finds out in a worker whether an update that may not be taken holds nothing new (SPEC HP-6). What waits for the
 * answer is bounded like what waits for the slow way: a reader sends as fast as a writer.
 */
export class KnownCheck {
  readonly #link: Pick<ReplicaLink, 'judgeAtLength'>;
  readonly #limits: Limits;
  #bytes = 0;
  #updates = 0;

  constructor(link: Pick<ReplicaLink, 'judgeAtLength'>, limits: Limits) {
    this.#link = link;
    this.#limits = limits;
  }

  /** 'too-many': so much waits that nobody looks at it. Errors: those of {@link ReplicaLink.judgeAtLength}. */
  async ask(update: Uint8Array): Promise<'known' | 'new' | 'too-many'> {
    const { slowBytes, slowUpdates } = this.#limits;
    if (this.#bytes + update.length > slowBytes || this.#updates >= slowUpdates) return 'too-many';
    this.#bytes += update.length;
    this.#updates += 1;
    try {
      const integration = await this.#link.judgeAtLength(update, this.#limits);
      return integration?.kind === 'integrated' && integration.piece === null ? 'known' : 'new';
    } finally {
      this.#bytes -= update.length;
      this.#updates -= 1;
    }
  }
}
