import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { SharedLog, Store } from '../store/store.ts';
import { CatchUp } from './catch-up.ts';
import type { Document } from './document.ts';
import type { DocumentState } from './document-state.ts';
import type { LogPart } from './journal.ts';
import { SharedJournal } from './shared-journal.ts';

/** What the documents of a server that shares its log need beside the others. */
export interface SharedDocumentsOptions {
  readonly store: Store;
  readonly log: SharedLog;
  readonly limits: Limits;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  readonly report: (words: string, error: SheafError) => void;
}

interface Kept {
  readonly document: Document;
  readonly journal: SharedJournal;
  readonly catchUp: CatchUp;
}

/** The open documents of a server that shares its log with others: what they have written there is found and taken. */
export class SharedDocuments {
  readonly #options: SharedDocumentsOptions;
  readonly #kept = new Map<DocumentName, Kept>();

  constructor(options: SharedDocumentsOptions) {
    this.#options = options;
  }

  /** The journal of a document that was just read from the log. */
  journal(state: DocumentState): SharedJournal {
    const { now, limits } = this.#options;
    return new SharedJournal(state, state.received, { now, maxClients: limits.documentClients });
  }

  /** A document is open. */
  add(document: Document, journal: SharedJournal): void {
    const { store, log, limits } = this.#options;
    const failed = (error: SheafError): void => this.#failed(document, error);
    const catchUp = new CatchUp({ document, journal, store, log, graceMs: limits.logGraceMs, failed });
    this.#kept.set(document.name, { document, journal, catchUp });
  }

  /** It has left memory. */
  remove(document: Document): void {
    const kept = this.#kept.get(document.name);
    if (kept?.document !== document) return;
    kept.catchUp.stop();
    this.#kept.delete(document.name);
  }

  /** Something was written, or somebody came or left. */
  changed(document: Document): void {
    this.#kept.get(document.name)?.catchUp.look();
  }

  /** Takes everything that the log holds of an open document. Errors: `deleted`, `corrupt`, `storage-unavailable`. */
  async catchUp(name: DocumentName): Promise<void> {
    await this.#kept.get(name)?.catchUp.read();
  }

  /** The number through which the log is here; null: the document is not open. */
  position(name: DocumentName): number | null {
    return this.#kept.get(name)?.journal.position ?? null;
  }

  /** Another server has written a part of the log. */
  told(name: DocumentName, part: LogPart): void {
    const kept = this.#kept.get(name);
    if (kept === undefined || kept.document.closed) return;
    try {
      kept.journal.told(part);
    } catch (thrown) {
      // It need not be told: the log has it.
      this.#options.report(`what was told of ${name}`, SheafError.from(thrown));
    }
    kept.document.journalChanged();
  }

  /**
   * What others sent `ms` ago or earlier, and is not known to be in the log, is written here: they are gone, or cannot. 0: all
   * of it.
   */
  takeOver(ms: number): void {
    const before = this.#options.now() - ms;
    for (const { document, journal } of this.#kept.values())
      if (journal.takeOver(before)) document.journalChanged();
  }

  /** Another server may be gone: what it looked after, all that see it do from now on. */
  attendToAll(): void {
    for (const { document } of this.#kept.values()) if (!document.closed) document.attendToAll();
  }

  /** Asks where the logs of all open documents end, and reads what is new. Errors: `storage-unavailable`. */
  async follow(): Promise<void> {
    const asked = [...this.#kept.values()].map((kept) => ({ ...kept, from: kept.journal.position }));
    if (asked.length === 0) return;
    const ends = await this.#options.log.ends(asked.map(({ document }) => document.name));
    const reads = asked.map(({ document, journal, catchUp, from }) => {
      const end = ends.get(document.name) ?? 0;
      const gone = ends.get(document.name) === null;
      if (document.closed || (end === from && !gone)) return undefined;
      if (gone) return this.#failed(document, new SheafError('deleted', 'The document was deleted.'));
      if (end < from)
        return this.#failed(document, new SheafError('stale', 'The log ends before what was read of it.'));
      if (end <= journal.position) return undefined;
      return catchUp.read().catch((thrown: unknown) => this.#failed(document, SheafError.from(thrown)));
    });
    await Promise.all(reads);
  }

  /** A database that is away comes back; anything else, and the document is opened anew. */
  #failed(document: Document, error: SheafError): void {
    if (document.closed) return;
    if (error.code === 'storage-unavailable') this.#options.report(`log of ${document.name}`, error);
    else document.commitFailed(error);
  }
}
