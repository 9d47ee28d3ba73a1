import type { FindAnswer, FindRequest } from './find.worker.ts';
import type { Match, Wanted } from './search.ts';

/** A search that takes longer is ended, ms: there are patterns that would take years. */
const LONGEST_MS = 1_500;

/** What came of a search. `late`: another one was begun meanwhile. */
export type Found =
  | { readonly state: 'found'; readonly matches: readonly Match[] }
  | { readonly state: 'wrong'; readonly why: string }
  | { readonly state: 'slow' | 'late' };

/** Searches texts in a worker, so that no pattern stops the page: one search at a time, the latest wins. */
export class Finder {
  readonly #start: () => Worker;
  #worker: Worker | null = null;
  #id = 0;
  #giveUp: ((found: Found) => void) | null = null;

  constructor(start: () => Worker = startWorker) {
    this.#start = start;
  }

  find(texts: readonly string[], wanted: Wanted): Promise<Found> {
    this.#giveUp?.({ state: 'late' });
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = (this.#id += 1);
    return new Promise((resolve) => {
      const end = (found: Found) => {
        clearTimeout(timer);
        worker.removeEventListener('message', answered);
        worker.removeEventListener('error', failed);
        this.#giveUp = null;
        resolve(found);
      };
      const answered = ({ data }: MessageEvent<FindAnswer>) => {
        if (data.id !== id) return;
        end(
          'matches' in data ? { state: 'found', matches: data.matches } : { state: 'wrong', why: data.wrong },
        );
      };
      const failed = () => {
        this.destroy();
        end({ state: 'slow' });
      };
      // A worker that is still busy with the pattern before never gets to this one: it is ended either way.
      const timer = setTimeout(failed, LONGEST_MS);
      this.#giveUp = end;
      worker.addEventListener('message', answered);
      worker.addEventListener('error', failed);
      const request: FindRequest = { id, texts, wanted };
      worker.postMessage(request);
    });
  }

  /** Ends what is being searched. */
  destroy(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./find.worker.ts', import.meta.url), { type: 'module' });
}
