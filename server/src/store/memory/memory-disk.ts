import { SheafError } from '../../error.ts';

function unavailable(): SheafError {
  return new SheafError('storage-unavailable', 'The storage does not take changes now.');
}

/** What stands for the disk of a store in memory: puts writes in order, and fails them on demand. */
export class MemoryDisk {
  #queue: Promise<void> = Promise.resolve();
  #stopped = false;
  #closed = false;
  #failNext = false;
  /** Writes begun in an earlier epoch than this fail. */
  #epoch = 0;
  #held: PromiseWithResolvers<void> | null = null;

  healthy(): boolean {
    return !this.#stopped && !this.#closed;
  }

  failNext(): void {
    this.#failNext = true;
  }

  stop(): void {
    this.#stopped = true;
    this.#epoch += 1;
    this.release();
  }

  resume(): void {
    this.#stopped = false;
  }

  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
    this.#held = null;
  }

  async close(): Promise<void> {
    this.release();
    this.#closed = true;
    await this.#queue;
  }

  /** Runs `change` behind those before it. Rejects with `storage-unavailable` when the disk fails. */
  write<T>(change: () => T, fallible = false): Promise<T> {
    if (!this.healthy()) return Promise.reject(unavailable());
    const epoch = this.#epoch;
    const done = this.#queue.then(async () => {
      while (this.#held !== null) await this.#held.promise;
      return this.#settle(change, epoch, fallible);
    });
    this.#queue = done.then(
      () => undefined,
      // The caller has the error; the queue only keeps order.
      () => undefined,
    );
    return done;
  }

  #settle<T>(change: () => T, epoch: number, fallible: boolean): T {
    if (fallible && this.#failNext) {
      this.#failNext = false;
      this.stop();
    }
    if (epoch !== this.#epoch) throw unavailable();
    return change();
  }
}
