import type { CompactionRequest } from './compaction.worker.ts';

/** A compaction that takes longer than this is ended, ms. */
const LONGEST_MS = 60_000;

/**
 * Compacts copies in a worker, so that no page waits: one at a time, the next when the last has answered. A copy that
 * cannot be compacted only takes more room, and is tried again when it has grown.
 */
export class Compactor {
  readonly #database: string;
  #last: Promise<void> = Promise.resolve();

  /** `database`: the name of the store's database. */
  constructor(database: string) {
    this.#database = database;
  }

  /** Resolves when the copy of `document` is compacted, or could not be. */
  compact(document: string): Promise<void> {
    this.#last = this.#last.then(() => run({ database: this.#database, document }));
    return this.#last;
  }
}

function run(request: CompactionRequest): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./compaction.worker.ts', import.meta.url), { type: 'module' });
    const end = () => {
      clearTimeout(timer);
      worker.terminate();
      resolve();
    };
    const timer = setTimeout(end, LONGEST_MS);
    worker.addEventListener('message', end);
    worker.addEventListener('error', end);
    worker.postMessage(request);
  });
}
