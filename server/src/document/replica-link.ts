import type { DocumentState } from './document-state.ts';
import type { Feed } from './replica-tasks.ts';
import type { TaskRunner } from './replicas.ts';
import type { Integration } from './replica.ts';
import type { Limits } from '../limits.ts';

/** A document's tie to its replica in the worker: sends what the replica lacks, or all when it is gone. */
export class ReplicaLink {
  readonly #key: string;
  readonly #state: DocumentState;
  readonly #replicas: TaskRunner;
  /** The number through which the worker's replica was fed; null if it has none. */
  #at: number | null = null;

  /** `key` names this stay of the document in memory. */
  constructor(key: string, state: DocumentState, replicas: TaskRunner) {
    this.#key = key;
    this.#state = state;
    this.#replicas = replicas;
  }

  /** Lets a real Y.Doc of the document take an update. Errors: those of {@link TaskRunner.run}. */
  async integrate(update: Uint8Array, limits: Limits): Promise<Integration> {
    for (let feed = this.#increment(); ; feed = this.#whole()) {
      const { knowledge } = this.#state;
      const [stateVector, deleteSet] = [knowledge.stateVector(), knowledge.deleteSet()];
      const ask = { feed, update, stateVector, deleteSet, nestingBound: knowledge.nestingBound, limits };
      const answer = await this.#replicas.run('integrate', ask);
      if (answer !== 'stale') return this.#fed(feed, answer);
    }
  }

  /** Judges an update without the fast way's bounds, and without a replica: null when one is needed. */
  async judgeAtLength(update: Uint8Array, limits: Limits): Promise<Integration | null> {
    const { knowledge } = this.#state;
    const [stateVector, deleteSet] = [knowledge.stateVector(), knowledge.deleteSet()];
    const ask = { feed: null, update, stateVector, deleteSet, nestingBound: 0, limits };
    const answer = await this.#replicas.run('integrate', ask);
    return answer === 'stale' ? null : answer;
  }

  /** The document's title; null if it is no document of the editor. */
  async title(): Promise<string | null> {
    for (let feed = this.#increment() ?? this.#whole(); ; feed = this.#whole()) {
      const answer = await this.#replicas.run('title', { feed });
      if (answer !== 'stale') return this.#fed(feed, answer).title;
    }
  }

  /** The replica took something that the document did not, or nobody needs it any more. */
  forget(): void {
    if (this.#at === null) return;
    this.#at = null;
    if (!this.#replicas.running) return;
    // A replica that is not dropped is only memory; the worker's end drops it as well.
    this.#replicas.run('forget', { key: this.#key }).catch(() => {});
  }

  #increment(): Feed | null {
    if (this.#at === null) return null;
    const update = this.#at === this.#state.received ? null : this.#state.since(this.#at);
    if (update === null && this.#at !== this.#state.received) return null;
    return { key: this.#key, from: this.#at, base: null, update, to: this.#state.received };
  }

  #whole(): Feed {
    return { key: this.#key, from: 0, base: this.#state.updates(), update: null, to: this.#state.received };
  }

  #fed<T>(feed: Feed | null, answer: T): T {
    if (feed !== null) this.#at = feed.to;
    return answer;
  }
}
