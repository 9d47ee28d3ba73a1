import * as Y from 'yjs';
import { applyRows } from './compact.ts';
import { KeepError } from './keep-error.ts';
import type { KeepErrorCode } from './keep-error.ts';
import { mergeUpdates } from './merge-updates.ts';
import type { KeptDocument } from './offline-database.ts';
import type { CopyFacts, OfflineStore } from './offline-store.ts';

/** Whether this browser keeps what is written, and why not where it does not. `stopped`: it was told to. */
export type Keeping =
  | 'starting'
  | 'works'
  | 'stopped'
  | Extract<KeepErrorCode, 'full' | 'unavailable' | 'blocked' | 'outdated' | 'too-large' | 'failed'>;

/** What a keeper needs. */
export interface KeeperOptions {
  readonly store: OfflineStore;
  readonly document: string;
  readonly doc: Y.Doc;
  /** Runs `change` with nobody listening to the document's updates: what is stored need not be stored or sent. */
  readonly unheard: <Result>(change: () => Result) => Result;
  /** This session's id among all that write to the store. */
  readonly page: string;
  /** Compacts a document's rows, away from the page's thread. Never rejects. */
  readonly compact: (document: string) => Promise<void>;
  /** Makes room by removing copies of other documents. */
  readonly makeRoom: () => Promise<unknown>;
  /**
   * The copy is in the document: `complete` if all that the server had was in it once, with `unsent` changes that the
   * server lacks.
   */
  readonly onLoaded: (copy: { complete: boolean; unsent: number }) => void;
  readonly onChange: () => void;
}

/**
 * Keeps one open document in this browser: every update of the page, in order, one transaction at a time; what comes
 * meanwhile gathers. Changes are numbered, so that what is kept and what the server has can be told apart.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  #keeping: Keeping = 'starting';
  #loading: Promise<void> | null = null;
  #loaded = false;
  #epoch: string | null = null;
  #damaged = 0;
  /** Numbers of the latest own change: made, stored, on the server, marked as such in the store. */
  #made = 0;
  #kept = 0;
  #covered = 0;
  #marked = 0;
  /** What earlier sessions left unsent and this document holds: their latest numbers. */
  #inherited = new Map<string, number>();
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Whether the whole document has to be written, because the updates alone would leave a gap. */
  #whole = false;
  #facts: CopyFacts = {};
  #running: Promise<void> | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #markTimer: ReturnType<typeof setTimeout> | undefined;
  /** What the server has gathers. */
  #gathering: ReturnType<typeof setTimeout> | undefined;
  /** Until then the server may say that it has this page's own: with that it gathers too. */
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #compactAbove: { rows: number; bytes: number } | null = null;
  #ended = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get keeping(): Keeping {
    return this.#keeping;
  }

  /** Changes that the server lacks and that are in this browser's store. */
  get keptChanges(): number {
    return Math.max(0, this.#kept - this.#covered);
  }

  /** Stored rows of this document that could not be read and were set aside. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Brings the stored copy into the document. Resolves when it is there, or when that failed, which is told. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Takes an update of the document. `own`: it was made here, and is one change more that the server lacks. */
  add(update: Uint8Array, own: boolean): void {
    if (this.#ended) return;
    if (own) this.#made += 1;
    if (!this.#whole) this.#enqueue([...this.#queue, update], this.#queuedBytes + update.byteLength);
    const { gatherMs, ownMs } = this.#options.store.limits;
    this.#gathering ??= setTimeout(() => this.#wakeNow(), gatherMs);
    if (own) this.#waiting ??= setTimeout(() => this.#wakeNow(), ownMs);
  }

  /** Takes what is worth knowing about the copy; it is written with what gathers. */
  note(facts: CopyFacts): void {
    this.#facts = { ...this.#facts, ...facts };
    this.#wake();
  }

  /** The server has every change that was made up to now. */
  cover(): void {
    if (this.#covered === this.#made) return;
    this.#covered = this.#made;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#markTimer ??= setTimeout(() => this.flush(), this.#options.store.limits.markMs);
  }

  /** Marks what the server has at once: the page may be about to go. */
  flush(): void {
    clearTimeout(this.#markTimer);
    this.#markTimer = undefined;
    this.#wakeNow();
  }

  /** The server has removed the document: so does this browser, unless it holds changes that are nowhere else. */
  async removed(): Promise<void> {
    if (this.#made > this.#covered) return this.note({ deleted: true });
    this.stop();
    await this.#running;
    await this.#options.store.forget(this.#options.document).catch((thrown: unknown) => {
      const error = KeepError.from(thrown);
      // `unsent`: another tab holds changes of it, which stay to be downloaded. The rest is told.
      if (error.code !== 'unsent') this.#fail(error);
    });
  }

  /** Keeps nothing more, and does not count on what is stored. */
  stop(): void {
    this.#end();
    this.#keeping = 'stopped';
    this.#kept = this.#covered;
    this.#options.onChange();
  }

  /** Writes what waits, and keeps nothing more. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.flush();
    await this.#running;
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#markTimer);
    clearTimeout(this.#gathering);
    clearTimeout(this.#waiting);
  }

  async #load(): Promise<void> {
    const { store, document, doc, unheard, onLoaded } = this.#options;
    try {
      const copy = await store.load(document);
      if (this.#ended) return;
      this.#loaded = true;
      this.#keeping = 'works';
      if (!copy) return;
      const { record, rows } = copy;
      this.#epoch = record.epoch;
      const unsent = this.#inherit(rows);
      const broken = unheard(() => applyRows(doc, rows));
      this.#damaged = record.damaged + broken.size;
      onLoaded({ complete: record.synced, unsent });
      this.#facts = { opened: true, ...this.#facts };
      const { compactRows, compactBytes } = store.limits;
      this.#compactAbove = { rows: compactRows, bytes: 2 * record.bytes + compactBytes };
      this.#compactIfLarge(record);
      if (broken.size > 0) await store.setAside(document, broken);
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#options.onChange();
      this.#wake();
    }
  }

  /** Changes of earlier sessions count like our own, made and stored. Gives how many there are. */
  #inherit(rows: readonly { page: string; to: number; unsent: number }[]): number {
    let sum = 0;
    for (const { page, to, unsent } of rows) {
      if (unsent === 0) continue;
      this.#inherited.set(page, Math.max(to, this.#inherited.get(page) ?? 0));
      sum += unsent;
    }
    this.#made += sum;
    this.#kept += sum;
    return sum;
  }

  #enqueue(queue: Uint8Array[], bytes: number): void {
    const { queueBytes, queueUpdates } = this.#options.store.limits;
    this.#whole ||= bytes > queueBytes;
    this.#queue = this.#whole ? [] : queue.length > queueUpdates ? [mergeUpdates(queue)] : queue;
    this.#queuedBytes = this.#whole ? 0 : bytes;
  }

  #hasContent(): boolean {
    if (this.#gathering !== undefined) return false;
    return this.#queue.length > 0 || this.#whole || Object.keys(this.#facts).length > 0;
  }

  #hasMarks(): boolean {
    return this.#markTimer === undefined && Math.min(this.#covered, this.#kept) > this.#marked;
  }

  #hasWork(): boolean {
    const may = this.#loaded && !this.#ended && this.#retry === undefined;
    return may && (this.#hasContent() || this.#hasMarks());
  }

  #wakeNow(): void {
    clearTimeout(this.#gathering);
    clearTimeout(this.#waiting);
    this.#gathering = undefined;
    this.#waiting = undefined;
    this.#wake();
  }

  #wake(): void {
    if (this.#running === null && this.#hasWork()) this.#running = this.#run();
  }

  async #run(): Promise<void> {
    // The rest of this turn joins the first transaction.
    await Promise.resolve();
    try {
      while (this.#hasWork()) {
        if (this.#hasContent()) await this.#store();
        else await this.#mark();
        this.#failures = 0;
        if (!this.#ended) this.#keeping = 'works';
        this.#options.onChange();
      }
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#running = null;
    }
  }

  async #store(): Promise<void> {
    const { store, document, doc, page } = this.#options;
    const [queue, facts, whole, made] = [this.#queue, this.#facts, this.#whole, this.#made];
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#facts = {};
    this.#whole = false;
    const merged = queue.length > 0 ? mergeUpdates(queue) : null;
    const update = whole ? new Uint8Array(Y.encodeStateAsUpdate(doc)) : merged;
    const unsent = Math.max(0, made - Math.max(this.#kept, this.#covered));
    const row = update && { update, page, to: made, unsent };
    try {
      const record = await store.append(document, { epoch: this.#epoch, row, facts });
      this.#epoch = record.epoch;
      // What is written with nothing unsent need not be marked, if all before it is.
      if (unsent === 0 && this.#marked >= this.#kept) this.#marked = made;
      this.#kept = Math.max(this.#kept, made);
      this.#compactIfLarge(record);
    } catch (thrown) {
      const gone = KeepError.from(thrown).code === 'gone';
      this.#facts = { ...facts, ...this.#facts };
      this.#whole ||= whole || gone;
      if (merged) this.#enqueue([merged, ...this.#queue], this.#queuedBytes + merged.byteLength);
      if (!gone) throw thrown;
      // The copy was removed, to make room or by choice: what is open here begins another.
      this.#epoch = null;
      this.#kept = this.#covered;
    }
  }

  async #mark(): Promise<void> {
    const { store, document, page } = this.#options;
    const to = Math.min(this.#covered, this.#kept);
    const inherited = this.#inherited;
    this.#inherited = new Map();
    try {
      await store.mark(document, new Map([...inherited, [page, to]]));
      this.#marked = to;
    } catch (thrown) {
      this.#inherited = inherited;
      throw thrown;
    }
  }

  #fail(thrown: unknown): void {
    const { code } = KeepError.from(thrown);
    this.#keeping = code === 'gone' || code === 'stale' || code === 'unsent' ? 'failed' : code;
    this.#options.onChange();
    // These do not pass while the page is open.
    if (this.#ended || code === 'outdated' || code === 'too-large') return;
    const { retryMs, longestRetryMs } = this.#options.store.limits;
    // Other documents' copies may go for this one's sake, so the first answer to a full disk need not wait.
    const first = code === 'full' && this.#failures === 0;
    const wait = first ? 0 : Math.min(longestRetryMs, retryMs * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#tryAgain(code), wait);
  }

  async #tryAgain(code: KeepErrorCode): Promise<void> {
    // What fails here fails below again, and is told there.
    if (code === 'full') await this.#options.makeRoom().catch(() => undefined);
    this.#retry = undefined;
    if (this.#ended) return;
    if (!this.#loaded) this.#loading = this.#load();
    this.#wake();
  }

  #compactIfLarge(record: KeptDocument): void {
    const { compactRows, compactBytes } = this.#options.store.limits;
    const { rows, bytes } = record;
    this.#compactAbove ??= { rows: rows + compactRows, bytes: 2 * bytes + compactBytes };
    if (rows <= this.#compactAbove.rows && bytes <= this.#compactAbove.bytes) return;
    // Until it is done nobody asks again; then the copy is measured anew, at the next write.
    this.#compactAbove = { rows: Infinity, bytes: Infinity };
    void this.#options.compact(this.#options.document).then(() => (this.#compactAbove = null));
  }
}
