import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import { sizeOf } from '../store/own-bytes.ts';
import type { LogBatch } from '../store/store.ts';

/** A document, as the committer sees it. */
export interface Writer {
  /** What is to be written now; null if nothing is. Called when a commit begins. */
  collect(): LogBatch | null;
  /** What `collect` gave last is on disk; its first number there. */
  committed(first: number): void;
  /** What `collect` gave last is not on disk, and never will be. */
  commitFailed(error: SheafError): void;
}

/** Writes batches, all or none; resolves, when they are on disk, with the first number of each. */
export type Append = (batches: readonly LogBatch[]) => Promise<readonly number[]>;

/** How far apart commits begin: see {@link Limits}. */
export type CommitLimits = Pick<Limits, 'commitMs' | 'busyUpdates' | 'busyCommitMs'>;

/**
 * Group commit (SPEC COMMIT): what all documents have to write goes into one commit. One is under way at a time; the
 * first after a pause begins in the same turn of the event loop, the next ones `commitMs` apart at least, so
 * that a busy log makes few large commits. A slow disk makes acknowledgements late, and nothing else.
 */
export class Committer {
  readonly #append: Append;
  readonly #limits: CommitLimits;
  readonly #now: () => number;
  #waiting = new Set<Writer>();
  #state: 'idle' | 'scheduled' | 'committing' = 'idle';
  /** No commit begins before. */
  #next = -Infinity;
  #idle: (() => void)[] = [];

  /** `now`: a monotonic clock, ms. */
  constructor(append: Append, limits: CommitLimits, now: () => number) {
    this.#append = append;
    this.#limits = limits;
    this.#now = now;
  }

  /** This document has something to write. */
  request(writer: Writer): void {
    this.#waiting.add(writer);
    if (this.#state === 'idle') this.#schedule();
  }

  /** Resolves when nothing waits any more and nothing is under way. */
  async settled(): Promise<void> {
    if (this.#state === 'idle') return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    this.#state = 'scheduled';
    const wait = this.#next - this.#now();
    if (wait <= 0) setImmediate(() => void this.#commit());
    else setTimeout(() => void this.#commit(), wait);
  }

  async #commit(): Promise<void> {
    this.#state = 'committing';
    const begun = this.#now();
    const writers = [...this.#waiting];
    this.#waiting.clear();
    const batches: LogBatch[] = [];
    const writing: Writer[] = [];
    for (const writer of writers) {
      const batch = writer.collect();
      if (batch === null) continue;
      batches.push(batch);
      writing.push(writer);
    }
    const { commitMs, busyUpdates, busyCommitMs } = this.#limits;
    const updates = batches.reduce((sum, { count }) => sum + count, 0);
    this.#next = begun + (updates < busyUpdates ? commitMs : busyCommitMs);
    const outcomes = await this.#write(batches);
    for (const [i, writer] of writing.entries()) {
      const outcome = outcomes[i];
      if (typeof outcome === 'number') writer.committed(outcome);
      else writer.commitFailed(outcome ?? new SheafError('internal', 'A commit without an outcome.'));
    }
    this.#state = 'idle';
    if (this.#waiting.size > 0) this.#schedule();
    else for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** For each batch its first number on disk, or why it is not there. */
  async #write(batches: readonly LogBatch[]): Promise<readonly (SheafError | number)[]> {
    const sizes = batches.map(({ entries }) => sizeOf(entries));
    try {
      return batches.length > 0 ? await this.#append(batches) : [];
    } catch (thrown) {
      const failure = SheafError.from(thrown, 'storage-unavailable');
      if (batches.length === 1 || failure.code === 'storage-unavailable') return batches.map(() => failure);
    }
    // The disk is well, and one document is refused: the others need not pay for it.
    const outcomes: (SheafError | number)[] = [];
    for (const [i, batch] of batches.entries()) {
      // What was handed over is not here any more: its clients bring it again.
      if (sizeOf(batch.entries) !== sizes[i])
        outcomes.push(new SheafError('storage-unavailable', 'The commit was refused for another document.'));
      else outcomes.push(...(await this.#write([batch])));
    }
    return outcomes;
  }
}
