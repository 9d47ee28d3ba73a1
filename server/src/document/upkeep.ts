import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { CONTENT_FIELD } from '@sheaf/schema/content';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { Snapshot, Store } from '../store/store.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';
import type { Document } from './document.ts';
import { ReplicaLink } from './replica-link.ts';
import type { TaskRunner } from './replicas.ts';

/**
 * While the event loop is busier than this (0 to 1) a long tail waits for a quieter moment: the worker may share its core.
 * It waits no longer than until it has so many times the length.
 */
const BUSY = 0.9;
const LONGEST = 4;
/** A compaction that failed is tried again after, ms. */
const COMPACTION_RETRY_MS = 60_000;
/** A document that is none of the editor's is looked at again for a title after, ms. */
const NO_TITLE_MS = 60_000;
/** A document that leaves memory with more than this in its tail is compacted first, updates and bytes. */
const LEAVING_UPDATES = 200;
const LEAVING_BYTES = 16 * 1024;

/** How an update names the editor's root as a struct's parent: varUint 1, varString. */
const EDITOR_ROOT = Buffer.concat([Buffer.from([1, CONTENT_FIELD.length]), Buffer.from(CONTENT_FIELD)]);
/** Bytes that are searched for it in one turn of the event loop: about 3 ms. */
const SEARCHED_AT_ONCE = 4 * 1024 * 1024;
/** A document that took nothing for so long is quiet, ms. */
const QUIET_MS = 2_000;

/** What upkeep needs of its server. */
export interface UpkeepContext {
  readonly limits: Limits;
  readonly store: Store;
  /** The worker that compacts and finds titles, apart from the one that judges. */
  readonly compactor: TaskRunner;
  readonly compactions: ConcurrencyLimit;
  /** Compacts what the log holds, which others write as well; null: nobody else does. */
  readonly compactShared: ((document: Document) => Promise<Snapshot | null>) | null;
  readonly now: () => number;
  readonly load: () => number;
  readonly evict: (document: Document) => void;
  readonly report: (words: string, error: SheafError) => void;
}

/** Looks after one hot document: compaction, title, and leaving memory when nobody is there. */
export class Upkeep {
  readonly #document: Document;
  readonly #context: UpkeepContext;
  readonly #titles: ReplicaLink;
  #compactionAt = -Infinity;
  #compacting: Promise<void> | null = null;
  #stopped = false;
  #titledThrough = 0;
  /** null: it is no document of the editor. undefined: nobody has looked. */
  #title: string | null | undefined = undefined;
  #titleTimer: NodeJS.Timeout | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  /** What had been received when the idle time began. */
  #idleFrom = 0;
  #trimTimer: NodeJS.Timeout | null = null;
  #trimmedAt = 0;

  constructor(document: Document, context: UpkeepContext) {
    this.#document = document;
    this.#context = context;
    // Titles wait behind compactions, not before updates that somebody waits for.
    this.#titles = new ReplicaLink(randomUUID(), document.state, context.compactor);
    this.#titledThrough = document.state.received;
  }

  /** Something has changed. */
  look(): void {
    if (this.#stopped) return;
    if (this.#isLong) this.#compactSoon();
    if (this.#document.attended > this.#titledThrough) this.#titleSoon();
    this.#trimWhenQuiet();
    if (this.#document.sessions > 0) this.#stayIdle(false);
    else if (this.#idleTimer === null) this.#stayIdle(true);
  }

  /** No more upkeep. */
  stop(): void {
    this.#stopped = true;
    this.#titles.forget();
    this.#stayIdle(false);
    if (this.#titleTimer !== null) clearTimeout(this.#titleTimer);
    if (this.#trimTimer !== null) clearTimeout(this.#trimTimer);
    this.#titleTimer = null;
    this.#trimTimer = null;
  }

  /** Whether the tail costs more than a compaction: openings send it, and a start judges it. */
  get #isLong(): boolean {
    const { state } = this.#document;
    const { compactUpdates, compactBytes } = this.#context.limits;
    const bytes = Math.max(compactBytes, state.snapshot?.update.length ?? 0);
    const length = Math.max(state.tailCount / compactUpdates, state.tailBytes / bytes);
    return length >= 1 && (length >= LONGEST || this.#context.load() < BUSY);
  }

  #compactSoon(): void {
    if (this.#compacting !== null || this.#context.now() < this.#compactionAt) return;
    void this.compact();
  }

  /** Compacts the document as it stands. Failures are reported, and leave everything as it was. */
  async compact(): Promise<void> {
    if (this.#compacting !== null) return;
    try {
      await this.compactNow();
    } catch (thrown) {
      const error = SheafError.from(thrown);
      // A stale one has closed it itself.
      if (!this.#document.closed || error.code === 'stale')
        this.#context.report(`compaction of ${this.#document.name}`, error);
    }
  }

  /** Compacts the document, unless that is under way: then resolves with its end. Throws why it failed. */
  compactNow(): Promise<void> {
    this.#compacting ??= this.#compactOnce().finally(() => (this.#compacting = null));
    return this.#compacting;
  }

  async #compactOnce(): Promise<void> {
    try {
      await this.#context.compactions.run(() => this.#compact());
      this.#compactionAt = this.#context.now() + this.#context.limits.compactEveryMs;
    } catch (thrown) {
      this.#compactionAt = this.#context.now() + COMPACTION_RETRY_MS;
      // The disk holds another snapshot than the document was made of: it is opened anew.
      if (SheafError.from(thrown).code === 'stale') this.#context.evict(this.#document);
      throw thrown;
    }
  }

  async #compact(): Promise<void> {
    const document = this.#document;
    if (document.closed) return;
    const { state } = document;
    const { knowledge, base } = state;
    const through = state.received;
    const asked = knowledge.nestingAdded;
    if (this.#context.compactShared !== null) {
      // What is on disk now, the log will be found to hold.
      const { durable } = document;
      const found = await this.#context.compactShared(document);
      if (found === null || document.closed) return;
      document.adopt(found, durable);
      if (durable === through) knowledge.measured(found.nesting, asked);
      return;
    }
    const snapshot = await this.#context.compactor.run('compact', {
      updates: state.updates(),
      tail: [],
      through,
      judged: { stateVector: knowledge.stateVector(), deleteSet: knowledge.deleteSet() },
      limits: this.#context.limits,
    });
    await document.whenDurable(through);
    await this.#context.store.log.compact({ document: document.name, base, snapshot });
    if (document.closed) return;
    document.adopt(snapshot, through);
    knowledge.measured(snapshot.nesting, asked);
  }

  /** Memory that was kept for more updates goes back when none came for a while. */
  #trimWhenQuiet(): void {
    const { state } = this.#document;
    const seen = state.received;
    if (seen === this.#trimmedAt) return;
    this.#trimTimer ??= setTimeout(() => {
      this.#trimTimer = null;
      if (state.received !== seen) {
        this.#trimWhenQuiet();
        return;
      }
      state.trim();
      this.#trimmedAt = seen;
    }, QUIET_MS);
  }

  #titleSoon(): void {
    const wait = this.#title === null ? NO_TITLE_MS : this.#context.limits.titleMs;
    this.#titleTimer ??= setTimeout(() => void this.#projectTitle(), wait);
  }

  /** Whether the document may be one of the editor's: its bytes name the editor's root. */
  async #isEditors(): Promise<boolean> {
    if (typeof this.#title === 'string') return true;
    for (const update of this.#document.state.updates())
      for (let from = 0; from < update.length; from += SEARCHED_AT_ONCE) {
        if (from > 0) await turn();
        // What begins in one part may end in the next.
        const length = Math.min(update.length - from, SEARCHED_AT_ONCE + EDITOR_ROOT.length);
        if (Buffer.from(update.buffer, update.byteOffset + from, length).includes(EDITOR_ROOT)) return true;
      }
    return false;
  }

  async #projectTitle(): Promise<void> {
    const document = this.#document;
    const through = document.durable;
    // Also when it comes before its time.
    if (this.#titleTimer !== null) clearTimeout(this.#titleTimer);
    try {
      const title = (await this.#isEditors()) ? await this.#titles.title() : null;
      this.#titleTimer = null;
      this.#titledThrough = through;
      if (title !== null && title !== this.#title)
        await this.#context.store.catalogue.setTitle(document.name, title);
      this.#title = title;
      if (!document.closed) this.look();
    } catch (thrown) {
      this.#titleTimer = null;
      if (!document.closed) this.#context.report(`title of ${document.name}`, SheafError.from(thrown));
    }
  }

  #stayIdle(idle: boolean): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleFrom = this.#document.state.received;
    this.#idleTimer = idle ? setTimeout(() => void this.#leave(), this.#context.limits.idleMs) : null;
  }

  async #leave(): Promise<void> {
    this.#idleTimer = null;
    const { state } = this.#document;
    // Other servers' people may write in it while nobody is here.
    if (!this.#document.idle || state.received !== this.#idleFrom) return this.look();
    if (state.tailCount > LEAVING_UPDATES || state.tailBytes > LEAVING_BYTES) await this.compact();
    if (this.#titleTimer !== null) await this.#projectTitle();
    if (this.#document.closed) return;
    if (this.#document.idle) this.#context.evict(this.#document);
    else this.look();
  }
}
