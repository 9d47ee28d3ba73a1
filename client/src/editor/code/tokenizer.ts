import type { TokensRequest } from './code.worker.ts';

/**
 * Code whose tokens are not found after so long is left plain, ms: there is code on which a grammar takes years. How long the
 * worker takes to come says nothing of that.
 */
export const LONGEST_MS = 2_000;
/** A worker that has not come after so long, ms, does not: the next code asks for another. */
export const COMING_MS = 60_000;

/** Finds tokens in a worker, one piece of code at a time, so that no code stops the page. */
export class Tokenizer {
  readonly #start: () => Worker;
  #worker: Worker | null = null;
  /** Whether it has come. */
  #ready = false;

  constructor(start: () => Worker = startWorker) {
    this.#start = start;
  }

  /** What `tokensOf` finds; null where it took too long, or failed. */
  tokens(request: TokensRequest): Promise<Uint32Array | null> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve) => {
      const end = (found: Uint32Array | null) => {
        clearTimeout(timer);
        worker.removeEventListener('message', answered);
        worker.removeEventListener('error', failed);
        resolve(found);
      };
      const answered = ({ data }: MessageEvent<Uint32Array | null>) => {
        if (data) return end(data);
        this.#ready = true;
        clearTimeout(timer);
        timer = setTimeout(failed, LONGEST_MS);
      };
      const failed = () => {
        this.destroy();
        end(null);
      };
      let timer = setTimeout(failed, this.#ready ? LONGEST_MS : COMING_MS);
      worker.addEventListener('message', answered);
      worker.addEventListener('error', failed);
      worker.postMessage(request);
    });
  }

  /** Ends the worker; the next code starts another one. */
  destroy(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = false;
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./code.worker.ts', import.meta.url), { type: 'module' });
}
