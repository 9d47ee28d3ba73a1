import { setImmediate as turn } from 'node:timers/promises';
import { SheafError } from '../error.ts';
import { decodeEntries } from '../store/entries.ts';
import type { LogEntry, LogRow, Store, SharedLog } from '../store/store.ts';
import type { Document } from './document.ts';
import type { SharedJournal } from './shared-journal.ts';

/** So many entries of the log are taken in one turn of the event loop. */
const ENTRIES_PER_TURN = 500;

/** What is read of a log, and what for. */
export interface CatchUpOptions {
  readonly document: Document;
  readonly journal: SharedJournal;
  readonly store: Store;
  readonly log: SharedLog;
  /** How long something that was told may take to come before the log is read for it, ms. */
  readonly graceMs: number;
  /** It cannot be read, and nobody waits for that. */
  readonly failed: (error: SheafError) => void;
}

/** Reads what others have written into the log of one open document (SPEC SHARED). */
export class CatchUp {
  readonly #options: CatchUpOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** The log may hold more than is here. If nobody brings it soon, it is read. */
  look(): void {
    const { document, journal, graceMs, failed } = this.#options;
    if (this.#timer !== null || !journal.review()) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (journal.review()) this.read().catch((thrown: unknown) => failed(SheafError.from(thrown)));
      else document.journalChanged();
    }, graceMs);
  }

  /** Reads what the log holds as of a time after this call; resolves when it was taken. Errors: those of `SharedLog.read`. */
  read(): Promise<void> {
    if (this.#running === null) return this.#begin();
    // What is under way may have been answered before this call.
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = null;
        return this.#begin();
      });
    return this.#next;
  }

  /** Nothing more is read. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #begin(): Promise<void> {
    this.#running = this.#read().finally(() => (this.#running = null));
    return this.#running;
  }

  async #read(): Promise<void> {
    const { document, journal, log } = this.#options;
    if (document.closed) return;
    const after = journal.position;
    const rows = (await log.read(document.name, after)) ?? (await this.#readAll());
    const taken: LogEntry[] = [];
    for (const { first, entries } of rows)
      for (const [at, entry] of decodeEntries(entries).entries()) {
        if (document.closed) return;
        if (first + at <= after) continue;
        document.takeLogged(entry.update, entry.author);
        taken.push(entry);
        if (taken.length % ENTRIES_PER_TURN === 0) await turn();
      }
    await document.whenDecided();
    if (document.closed) return;
    for (const { update } of taken) journal.found(update);
    for (const { first, count } of rows) journal.account(first, count);
    document.journalChanged();
  }

  /** What is not kept as it came is in the snapshot. */
  async #readAll(): Promise<LogRow[]> {
    const { document, store } = this.#options;
    const stored = await store.log.load(document.name);
    if (stored === null) return [];
    const through = stored.snapshot?.through ?? 0;
    const rows: LogRow[] = [];
    let next = through + 1;
    for (const entries of stored.tail) {
      const count = decodeEntries(entries).length;
      rows.push({ first: next, count, entries });
      next += count;
    }
    if (stored.snapshot !== null && !document.closed) {
      document.takeLogged(stored.snapshot.update, '');
      await document.whenDecided();
      this.#options.journal.found(stored.snapshot.update);
      this.#options.journal.account(
        this.#options.journal.position + 1,
        through - this.#options.journal.position,
      );
    }
    return rows;
  }
}
