import type { KeptDocument } from '../sync/offline-database.ts';
import { changesAtRisk, mayRecover, saveState } from '../sync/save-state.ts';
import { DocumentSession } from '../sync/session.ts';
import type { Keep, SessionOptions } from '../sync/session.ts';

/** Documents that were changed in earlier visits and are sent in the background, at once. */
const SENDING_AT_ONCE = 4;
/** After the first document has opened, copies beyond the limits are looked for, ms. */
const TIDY_AFTER_MS = 10_000;

/** What sessions are made of. */
export interface SessionsOptions extends Pick<SessionOptions, 'url' | 'tokens' | 'carrier' | 'early'> {
  readonly store: Keep['store'];
  readonly persistence: Keep['persistence'];
  readonly compact: Keep['compact'];
  readonly uploads: Keep['uploads'];
  /** A new random id. */
  readonly randomId: () => string;
}

interface Open {
  readonly session: DocumentSession;
  users: number;
  readonly stop: () => void;
}

/**
 * The documents that this page has open. Leaving a document's page with changes that are not saved keeps its
 * session until they are: nobody loses words by clicking "Home" too early.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #open = new Map<string, Open>();
  /** Sent in the background since the network was last seen to come back. */
  readonly #sent = new Set<string>();
  #tidied = false;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** The session of `document`, opened if need be. Give it back with {@link release}. */
  acquire(document: string): DocumentSession {
    const known = this.#open.get(document) ?? this.#start(document);
    known.users += 1;
    this.#tidySoon();
    return known.session;
  }

  /** Gives a session back. It closes when nobody uses it and all that was written in it is saved. */
  release(document: string): void {
    const entry = this.#open.get(document);
    if (!entry) return;
    entry.users -= 1;
    if (entry.users === 0) entry.session.awareness.setLocalState(null);
    this.#closeIfDone(document);
  }

  /**
   * Whether this browser has a complete copy of `document`, so that it opens without the server; false also if its store does
   * not answer in time.
   */
  async keeps(document: string): Promise<boolean> {
    if (this.#open.has(document)) return true;
    const { store } = this.#options;
    let late: ReturnType<typeof setTimeout> | undefined;
    const given = new Promise<undefined>((resolve) => {
      late = setTimeout(() => resolve(undefined), store.limits.loadMs);
    });
    try {
      const kept = await Promise.race([store.document(document), given]);
      return kept !== undefined && (kept.synced || kept.unsent > 0);
    } catch {
      // A store that cannot be read is told by the session; the document comes from the server.
      return false;
    } finally {
      clearTimeout(late);
    }
  }

  /** Changes of all documents that are in this page and nowhere else: leaving would lose them. */
  get changesAtRisk(): number {
    return [...this.#open.values()].reduce((sum, { session }) => sum + changesAtRisk(session.facts), 0);
  }

  /** Documents whose changes are in this page and nowhere else. */
  get documentsAtRisk(): string[] {
    return [...this.#open]
      .filter(([, { session }]) => changesAtRisk(session.facts) > 0)
      .map(([name]) => name);
  }

  /** Sends what earlier visits left unsent, a few documents at a time. Told failures stay in the store. */
  async sendKept(): Promise<void> {
    const kept = await this.#options.store.documents().catch((): KeptDocument[] => []);
    const names = kept.filter(({ unsent, deleted }) => unsent > 0 && !deleted).map(({ name }) => name);
    for (const name of new Set([...names, ...this.#options.uploads.documents()])) {
      if (this.#open.size >= SENDING_AT_ONCE) return;
      if (this.#open.has(name) || this.#sent.has(name)) continue;
      this.#sent.add(name);
      // Nobody is in the document: others must not see a face.
      this.#start(name).session.awareness.setLocalState(null);
    }
  }

  /** The network is back: what could not be sent before may be now. */
  sendAgain(): void {
    this.#sent.clear();
    void this.sendKept();
  }

  /** Ends the session of `document`, whatever is in it, and drops uploads that wait for it; no page may show it. */
  async discard(document: string): Promise<void> {
    const entry = this.#open.get(document);
    if (entry) {
      this.#open.delete(document);
      entry.stop();
      entry.session.stopKeeping();
      entry.session.close();
    }
    if (this.#options.uploads.of(document) === 0) return;
    const { forgetUploads } = await import('../sync/uploads/open-uploads.ts');
    await forgetUploads(document, this.#options.uploads);
  }

  /** How many uploads of each document wait in this browser, of those of which any do. */
  get waitingUploads(): ReadonlyMap<string, number> {
    const { uploads } = this.#options;
    return new Map(uploads.documents().map((document) => [document, uploads.of(document)]));
  }

  /** Removes copies that the server has whole, as {@link Keep.store} does; none of a document that is open or has uploads that wait. */
  makeRoom(atLeastOne: boolean): Promise<boolean> {
    const { store, uploads } = this.#options;
    return store.makeRoom(new Set([...this.#open.keys(), ...uploads.documents()]), atLeastOne);
  }

  #start(document: string): Open {
    const { url, tokens, carrier, early, store, persistence, compact, uploads, randomId } = this.#options;
    const makeRoom = () => this.makeRoom(true);
    const keep = { store, persistence, compact, uploads, makeRoom, page: randomId() };
    const session = DocumentSession.open({ url, tokens, carrier, early, document, keep });
    const stop = session.onChange(() => this.#closeIfDone(document));
    const entry = { session, users: 0, stop };
    this.#open.set(document, entry);
    return entry;
  }

  #closeIfDone(document: string): void {
    const entry = this.#open.get(document);
    if (!entry || entry.users > 0 || !entry.session.started) return;
    const save = saveState(entry.session.facts);
    // What the server will not take waits in the store for its person's decision.
    const given = mayRecover(save) && changesAtRisk(save) === 0;
    if (save.unsavedChanges > 0 && !given) return;
    this.#open.delete(document);
    entry.stop();
    // Not within the session's own event: it is still busy telling it.
    queueMicrotask(() => entry.session.close());
    void this.sendKept();
  }

  #tidySoon(): void {
    if (this.#tidied) return;
    this.#tidied = true;
    setTimeout(() => {
      // Copies beyond the limits can go another time as well.
      this.makeRoom(false).catch(() => undefined);
    }, TIDY_AFTER_MS);
  }
}
