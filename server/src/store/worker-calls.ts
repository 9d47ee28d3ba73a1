import type { Transferable, Worker } from 'node:worker_threads';
import { NICENESS, startBehind } from '../background-thread.ts';
import { SheafError } from '../error.ts';
import type { Calls, Notice, Reply, Request } from './worker-messages.ts';

/** Young generation of a storage thread, MiB: what a commit was made of goes back to the system before long. */
const WORKER_YOUNG_MIB = 6;

/** A thread that ended by itself, out of memory perhaps, is started again after, ms. */
const RESTART_MS = 1_000;

type State = 'starting' | 'healthy' | 'failed' | 'ended';

/**
 * A worker thread whose calls are promises. Calls are done in the order in which they were made. A thread that ends by
 * itself refuses what is under way with `storage-unavailable`, though it may have been done (SPEC LOG-33), and is
 * started again.
 */
export class WorkerCalls<Table extends Calls<Table>> {
  readonly #file: URL;
  readonly #settings: object;
  /** null between the end of one and the start of the next. */
  #worker: Worker | null = null;
  #restart: NodeJS.Timeout | undefined;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #started = Promise.withResolvers<void>();
  #state: State = 'starting';
  #epoch = 0;
  /** Why it failed last, as the end of a sentence. */
  #reason = '';
  #lastId = 0;

  /** `settings` are the worker's `workerData`. */
  constructor(file: URL, settings: object) {
    this.#file = file;
    this.#settings = settings;
  }

  /** Resolves once the worker can be called; rejects with the reason if it will not start. */
  async start(): Promise<void> {
    this.#run();
    await this.#started.promise;
  }

  /** Whether calls can succeed now. */
  healthy(): boolean {
    return this.#state === 'healthy';
  }

  /** The error of calls that come while the worker is not healthy. */
  unavailable(): SheafError {
    return new SheafError('storage-unavailable', `The storage does not work now${this.#reason}.`);
  }

  /** Rejects with the worker's SheafError; with `storage-unavailable`, at once, when it is not healthy. */
  call<Name extends keyof Table>(
    name: Name,
    argument: Table[Name][0],
    transfer: readonly Transferable[] = [],
  ): Promise<Table[Name][1]> {
    if (this.#state !== 'healthy') return Promise.reject(this.unavailable());
    return this.#send(name, argument, transfer);
  }

  /** Asks the worker to close what it has open, and waits for its end. */
  async close(): Promise<void> {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === null) return;
    try {
      // The table of every worker has `close`; the type parameter cannot say so.
      await this.#send('close' as keyof Table, null, []);
    } finally {
      await worker.terminate();
    }
  }

  #run(): void {
    const worker = startBehind(NICENESS.awaited, this.#file, {
      workerData: this.#settings,
      resourceLimits: { maxYoungGenerationSizeMb: WORKER_YOUNG_MIB },
    });
    this.#worker = worker;
    this.#epoch = 0;
    worker.on('message', (message: Reply | Notice) => this.#receive(message));
    worker.on('error', (error) => this.#gone(worker, SheafError.from(error)));
    worker.on('exit', () => this.#gone(worker, new Error('it was ended')));
  }

  #send<Name extends keyof Table>(
    name: Name,
    argument: Table[Name][0],
    transfer: readonly Transferable[],
  ): Promise<Table[Name][1]> {
    const id = ++this.#lastId;
    const request: Request<Table> = { id, epoch: this.#epoch, call: name, argument };
    const done = Promise.withResolvers<unknown>();
    this.#waiting.set(id, done);
    this.#worker?.postMessage(request, transfer);
    return done.promise;
  }

  #receive(message: Reply | Notice): void {
    if (typeof message === 'number') return this.#take(message)?.resolve(undefined);
    if ('state' in message) return this.#notice(message);
    const waiting = this.#take(message.id);
    if ('code' in message) waiting?.reject(new SheafError(message.code, message.message));
    else waiting?.resolve(message.result);
  }

  #take(id: number): PromiseWithResolvers<unknown> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #notice(notice: Notice): void {
    if (this.#state === 'ended') return;
    switch (notice.state) {
      case 'ready':
        this.#state = 'healthy';
        return this.#started.resolve();
      case 'refused':
        return this.#refused(new SheafError(notice.code, notice.message));
      case 'failed':
        this.#state = 'failed';
        this.#epoch = notice.epoch;
        this.#reason = ` (${notice.reason})`;
        return;
      case 'healthy':
        this.#state = 'healthy';
        return;
    }
  }

  /** It will not start: for good if it never has, else it is tried again. */
  #refused(error: SheafError): void {
    if (this.#state === 'starting') {
      this.#state = 'ended';
      return this.#started.reject(error);
    }
    this.#reason = ` (${error.message})`;
    // The thread ends by itself, which brings the next try.
    void this.#worker?.terminate();
  }

  /** Its thread ended, by itself or because it was closed. Told twice of an error. */
  #gone(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const error = new SheafError('storage-unavailable', `A storage thread ended: ${cause.message}`, {
      cause,
    });
    if (this.#state === 'starting') this.#state = 'ended';
    this.#started.reject(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    if (this.#state === 'ended') return;
    if (this.#state === 'healthy') this.#reason = ` (${cause.message})`;
    this.#state = 'failed';
    this.#restart = setTimeout(() => this.#run(), RESTART_MS);
  }
}
