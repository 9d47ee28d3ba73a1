import type { Worker } from 'node:worker_threads';
import { startBehind } from '../background-thread.ts';
import { SheafError } from '../error.ts';
import type { Request, Response, TaskKind, Tasks } from './replica-tasks.ts';

/** Memory of one worker's heap, MiB. A document that needs more fails its task, not the process. */
const WORKER_HEAP_MIB = 2048;
/** Of that its young generation: a quarter of what V8 takes by itself. */
const WORKER_YOUNG_MIB = 12;

/** A worker without a task gives its memory back after, ms. */
const WORKER_IDLE_MS = 5_000;

interface Waiting {
  resolve(answer: Response & { answer: unknown }): void;
  reject(error: SheafError): void;
}

/** Whoever works on real Y.Docs for the documents of a server. */
export interface TaskRunner {
  /** Whether it may have replicas. */
  readonly running: boolean;
  /** How many tasks were given to it. */
  readonly tasks: number;
  /** Errors: what the task throws, or `internal` when whoever did it died of it. */
  run<K extends TaskKind>(kind: K, ask: Tasks[K]['ask']): Promise<Tasks[K]['answer']>;
  /** Ends it; what it had not answered fails with `draining`. */
  close(): Promise<void>;
}

/**
 * A worker thread that works on real Y.Docs: what the judge leaves to it, diffs, compactions, titles. It
 * starts with the first task; one that dies fails what it had, and the next task starts another.
 */
export class Replicas implements TaskRunner {
  readonly #niceness: number;
  #worker: Worker | null = null;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #idleTimer: NodeJS.Timeout | null = null;

  /** `niceness`: how far the thread stands back from this one. */
  constructor(niceness: number) {
    this.#niceness = niceness;
  }

  get running(): boolean {
    return this.#worker !== null;
  }

  get tasks(): number {
    return this.#lastId;
  }

  async run<K extends TaskKind>(kind: K, ask: Tasks[K]['ask']): Promise<Tasks[K]['answer']> {
    const worker = this.#worker ?? this.#start();
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<Response & { answer: unknown }>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    worker.ref();
    worker.postMessage({ id, kind, ask } as Request);
    // The worker answers a task with its own kind of answer: `Tasks` ties the two together on both sides.
    return (await answered).answer as Tasks[K]['answer'];
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#fail(new SheafError('draining', 'The server is stopping.'));
    await worker?.terminate();
  }

  #start(): Worker {
    const file = new URL('./replica-worker.ts', import.meta.url);
    const worker = startBehind(this.#niceness, file, {
      resourceLimits: {
        maxOldGenerationSizeMb: WORKER_HEAP_MIB,
        maxYoungGenerationSizeMb: WORKER_YOUNG_MIB,
      },
    });
    worker.on('message', (response: Response) => {
      const waiting = this.#waiting.get(response.id);
      this.#waiting.delete(response.id);
      if (this.#waiting.size === 0) this.#rest(worker);
      if ('error' in response) waiting?.reject(new SheafError(response.error.code, response.error.message));
      else waiting?.resolve(response);
    });
    const died = (thrown: unknown): void => {
      if (this.#worker === worker) this.#fail(SheafError.from(thrown));
    };
    worker.on('error', died);
    worker.on('exit', (code) => died(new Error(`the replica worker ended with ${code}`)));
    this.#worker = worker;
    return worker;
  }

  /** Nothing to do: the process may end, and after a while the worker does. */
  #rest(worker: Worker): void {
    worker.unref();
    this.#idleTimer = setTimeout(() => {
      this.#worker = null;
      worker.terminate().catch((thrown: unknown) => this.#fail(SheafError.from(thrown)));
    }, WORKER_IDLE_MS).unref();
  }

  #fail(error: SheafError): void {
    this.#worker = null;
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
