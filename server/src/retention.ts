import { SheafError } from './error.ts';
import type { Store } from './store/store.ts';

const DAY_MS = 86_400_000;

/** How long a deleted document's name stays taken, so that an offline client cannot bring it back; days. */
const TOMBSTONE_DAYS = 90;

/** How often it looks, ms. */
const EVERY_MS = 3_600_000;

/** What forgetting needs. */
export interface RetentionOptions {
  readonly store: Store;
  /** Days that history is kept; 0 keeps none. */
  readonly historyDays: number;
  /** ms since 1970. */
  readonly time: () => number;
  readonly report: (words: string, error: SheafError) => void;
}

/** Forgets history and tombstones that are older than they are kept. */
export class Retention {
  readonly #options: RetentionOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Looks now, and from then on each hour. */
  start(): void {
    this.#running = this.run();
    this.#timer = setInterval(() => (this.#running = this.run()), EVERY_MS).unref();
  }

  /** Looks now. A failure is reported, and the next hour tries again. */
  async run(): Promise<void> {
    const { store, historyDays, time, report } = this.#options;
    try {
      await store.log.expireHistory(time() - historyDays * DAY_MS);
      await store.catalogue.expireTombstones(time() - TOMBSTONE_DAYS * DAY_MS);
    } catch (thrown) {
      report('Old history could not be removed', SheafError.from(thrown));
    }
  }

  /** Ends it; resolves when nothing is under way. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#running;
  }
}
