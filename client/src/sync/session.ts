import { HocuspocusProvider } from '@hocuspocus/provider';
import type { onMessageParameters } from '@hocuspocus/provider';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Rung } from '../channel/rung.ts';
import { Admission } from './admission.ts';
import type { EarlySocket } from './early-socket.ts';
import { pageFrames } from './gathered.ts';
import { oneChange } from './one-change.ts';
import { DocumentSocket, TRY_AGAIN_LATER } from './socket.ts';
import { Keeper } from './keeper.ts';
import type { CopyFacts, OfflineStore } from './offline-store.ts';
import { readCopies } from './copies-message.ts';
import type { Copies, SyncFacts } from './save-state.ts';
import { SessionUploads } from './session-uploads.ts';
import { tellSelection } from './tell-selection.ts';
import type { TokenSource } from './tokens.ts';
import type { UploadMemory } from './uploads/upload-memory.ts';

/** Message type of an acknowledgement in Hocuspocus's protocol; its body is 1, or 0 for a refusal. */
const SYNC_STATUS = 8;
/** Asks the server to tell on how many of its nodes changes are on disk, where they have to be on several (SPEC ACK-11). */
const ASK_COPIES = '{"sheaf":"copies"}';
/** Wait before a document that the server closed on a living connection is opened again, ms. */
const REOPEN_MS = 2_000;

/** What keeps documents in this browser. */
export interface Keep {
  readonly store: OfflineStore;
  /** This session's id among all that write to the store; never used twice. */
  readonly page: string;
  /** Compacts a document's rows, away from the page's thread. Never rejects. */
  readonly compact: (document: string) => Promise<void>;
  /** Makes room by removing copies of other documents. */
  readonly makeRoom: () => Promise<unknown>;
  /** Asks the browser not to remove what it keeps; what it said, null while it was not asked. */
  readonly persistence: { readonly granted: boolean | null; ask(): void };
  /** Which documents have uploads that wait. */
  readonly uploads: UploadMemory;
}

/** What a session needs. */
export interface SessionOptions {
  /** The sync endpoint, `ws:` or `wss:`. */
  readonly url: string;
  /** The document's name. */
  readonly document: string;
  readonly tokens: TokenSource;
  /** The only carrier to use; null: the best that the network lets through. */
  readonly carrier: Rung | null;
  /** What connects already, for the first session that asks; null: nothing does. */
  readonly early: EarlySocket | null;
  readonly keep: Keep;
}

/**
 * One document, open on this page: its Yjs doc, who else is there, and what is known about saving. It opens from this
 * browser's copy, connects and reconnects by itself until `close`, and keeps what is written.
 */
export class DocumentSession {
  readonly document: string;
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly uploads: SessionUploads;
  readonly #socket: DocumentSocket;
  readonly #provider: HocuspocusProvider;
  readonly #admission: Admission;
  readonly #keep: Keep;
  readonly #keeper: Keeper;
  readonly #listeners = new Set<() => void>();
  readonly #lifetime = new AbortController();
  #link: SyncFacts['link'] = 'opening';
  #failedAttempts = 0;
  #heard = false;
  #unsavedChanges = 0;
  /** The oldest `count` of the unacknowledged messages are on so many nodes. */
  #copies: (Copies & { count: number }) | null = null;
  #unacknowledged = 0;
  #reopen: ReturnType<typeof setTimeout> | undefined;
  #loadTimer: ReturnType<typeof setTimeout> | undefined;
  #loaded = false;
  #started = false;
  #mayWrite = false;
  #refused = false;

  private constructor(options: SessionOptions) {
    this.document = options.document;
    this.#socket = new DocumentSocket({
      url: options.url,
      carrier: options.carrier,
      early: options.early,
      statusChanged: () => this.#changed(),
      receiver: {
        before: tellSelection,
        together: (take) => oneChange(this.doc, this.#provider, take),
        isEmpty: () => this.#isEmpty,
        first: (update, take) => this.#first(update, take),
      },
      frames: pageFrames(window),
    });
    this.#provider = new HocuspocusProvider({
      name: options.document,
      document: this.doc,
      awareness: this.awareness,
      websocketProvider: this.#socket,
      token: () => this.#admission.token(this.#provider.isAuthenticated),
    });
    this.#admission = new Admission({
      tokens: options.tokens,
      document: options.document,
      onReady: () => this.#connect(),
      onChange: () => this.#standingChanged(),
      timer: (fire, ms) => {
        const timer = setTimeout(fire, ms);
        return () => clearTimeout(timer);
      },
      now: () => performance.now(),
      random: Math.random,
    });
    this.#keep = options.keep;
    this.uploads = new SessionUploads({
      document: options.document,
      doc: this.doc,
      url: options.url,
      tokens: options.tokens,
      memory: options.keep.uploads,
      mayWrite: () => !this.facts.readOnly,
      onChange: () => this.#changed(),
    });
    this.#keeper = new Keeper({
      store: options.keep.store,
      page: options.keep.page,
      compact: options.keep.compact,
      makeRoom: options.keep.makeRoom,
      document: options.document,
      doc: this.doc,
      // Where this browser was slow the handshake is over, and what only the copy has must be sent.
      unheard: (change) => this.#unheard(change, this.#started),
      onLoaded: (copy) => this.#restored(copy),
      onChange: () => this.#changed(),
    });
  }

  /** Opens `options.document` and starts to connect; nothing is awaited, and nothing is written to the document. */
  static open(options: SessionOptions): DocumentSession {
    const session = new DocumentSession(options);
    session.#listen();
    void session.#start();
    return session;
  }

  /** What is known about saving at this moment. */
  get facts(): SyncFacts {
    // An upload that the server lacks is a change that it lacks.
    const { waiting, kept } = this.uploads.counts;
    return {
      // The provider does not notice a loss that the channel outlives.
      link: this.#link === 'connected' && this.#socket.carrier === null ? 'lost' : this.#link,
      online: navigator.onLine,
      failedAttempts: Math.max(this.#failedAttempts, this.#socket.failedAttempts),
      synced: this.#provider.synced,
      unacknowledged: this.#provider.unsyncedChanges,
      copies: this.#copies !== null && this.#copies.count >= this.#unacknowledged ? this.#copies : null,
      unsavedChanges: this.#unsavedChanges + waiting,
      keptChanges: this.#keeper.keptChanges + kept,
      keeping: this.#keeper.keeping,
      persisted: this.#keep.persistence.granted,
      carrier: this.#socket.carrier,
      readOnly: this.#provider.authorizedScope === 'readonly',
      refused: this.#refused,
      unanswered: this.#admission.standing.state === 'failing',
      login: this.#admission.standing.state === 'refused' ? this.#admission.standing.login : null,
    };
  }

  /** Whether all of the document was here once, from the server or this browser: the page can show it. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Whether this browser's copy was looked at: only then {@link facts} count what earlier visits left unsent. */
  get started(): boolean {
    return this.#started;
  }

  /** Parts of this browser's copy that could not be read and were set aside, in rows. */
  get damaged(): number {
    return this.#keeper.damaged;
  }

  /** Takes what the page knows about the document, for the list of what is kept. */
  note(facts: CopyFacts): void {
    this.#keeper.note(facts);
  }

  /** Keeps nothing of this document in this browser any more. */
  stopKeeping(): void {
    this.#keeper.stop();
  }

  /** Calls `listener` whenever {@link facts} or {@link loaded} may have changed. Returns the unsubscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the session. What is neither saved nor kept by then is gone: ask `changesAtRisk(facts)` first. */
  close(): void {
    this.#lifetime.abort();
    clearTimeout(this.#reopen);
    clearTimeout(this.#loadTimer);
    this.#admission.close();
    this.uploads.close();
    // A keeper tells its failures itself.
    void this.#keeper.close();
    this.#provider.destroy();
    this.#socket.destroy();
    this.doc.destroy();
    this.#listeners.clear();
  }

  /** This browser's copy comes first, so that the handshake brings only what is missing on either side. */
  async #start(): Promise<void> {
    this.#admission.start();
    const waited = new Promise<void>((resolve) => {
      this.#loadTimer = setTimeout(resolve, this.#keep.store.limits.loadMs);
    });
    await Promise.race([this.#keeper.load(), waited]);
    clearTimeout(this.#loadTimer);
    if (this.#lifetime.signal.aborted) return;
    this.#started = true;
    this.#provider.attach();
    this.#connect();
    this.#changed();
  }

  /** Once this browser's copy was looked at and there is something to come in with. */
  #connect(): void {
    const { state } = this.#admission.standing;
    if (this.#started && state === 'ready' && !this.#over) void this.#socket.connect();
  }

  #standingChanged(): void {
    if (this.#admission.standing.state === 'refused' && !this.#over) this.#link = 'denied';
    this.#changed();
  }

  #restored({ complete, unsent }: { complete: boolean; unsent: number }): void {
    this.#loaded ||= complete;
    this.#unsavedChanges += unsent;
    this.#changed();
  }

  #listen(): void {
    const { signal } = this.#lifetime;
    const changed = () => this.#changed();
    this.doc.on('update', this.#updated);
    this.#provider.on('unsyncedChanges', ({ number }: { number: number }) => this.#counted(number));
    this.#provider.on('stateless', ({ payload }: { payload: string }) => this.#toldCopies(payload));
    this.#provider.on('synced', () => {
      this.#loaded = true;
      this.#keeper.note({ synced: true });
      this.#acknowledged();
    });
    this.#provider.on('authenticated', () => this.#admitted());
    this.#provider.on('authenticationFailed', ({ reason }: { reason: string }) => this.#denied(reason));
    this.#provider.on('message', (heard: onMessageParameters) => this.#read(heard.message));
    this.#provider.on('connect', () => {
      this.#heard = true;
    });
    this.#provider.on('close', ({ event }: { event: { code: number; reason: string } }) =>
      this.#closed(event),
    );
    signal.addEventListener(
      'abort',
      this.#keep.store.onForgotten(() => this.stopKeeping()),
    );
    window.addEventListener('pagehide', () => this.#keeper.flush(), { signal });
    window.addEventListener('offline', changed, { signal });
    window.addEventListener(
      'online',
      () => {
        this.#connect();
        this.#admission.hurry();
        changed();
      },
      { signal },
    );
    document.addEventListener(
      'visibilitychange',
      () => {
        // Whoever had to sign in elsewhere comes back to this page; and a page that is hidden may be gone without a word.
        if (document.visibilityState === 'visible') this.#admission.hurry();
        else this.#keeper.flush();
      },
      { signal },
    );
  }

  readonly #updated = (update: Uint8Array, origin: unknown): void => {
    const own = origin !== this.#provider;
    if (own) this.#unsavedChanges += 1;
    this.#keeper.add(update, own);
    if (own) this.#changed();
  };

  /** What the first content of a document is, `update` says already: it need not be made again of what it did. */
  #first(update: Uint8Array, take: () => void): void {
    this.#unheard(take);
    if (!this.#isEmpty) this.#keeper.add(update, false);
  }

  get #isEmpty(): boolean {
    return this.doc.store.clients.size === 0;
  }

  /**
   * Yjs encodes what `change` does to the document for those who listen: a large part of what opening a long one takes. So
   * nobody does, but who sends it if that is to be.
   */
  #unheard<Result>(change: () => Result, send = false): Result {
    const listeners = send ? [this.#updated] : [this.#updated, this.#provider.boundDocumentUpdateHandler];
    for (const listener of listeners) this.doc.off('update', listener);
    try {
      return change();
    } finally {
      for (const listener of listeners) this.doc.on('update', listener);
    }
  }

  #admitted(): void {
    this.#failedAttempts = 0;
    this.#copies = null;
    this.#provider.sendStateless(ASK_COPIES);
    // A server that just could not store is believed again when it has acknowledged, not when it has answered.
    if (this.#link !== 'unavailable') this.#link = 'connected';
    this.uploads.begin();
    const couldWrite = this.#mayWrite;
    this.#mayWrite = this.#provider.authorizedScope !== 'readonly';
    // What was refused meanwhile is sent by nobody unless both sides compare what they have.
    if (this.#mayWrite && !couldWrite && this.#provider.synced) this.#provider.forceSync();
    this.#admission.admitted();
  }

  /** What is acknowledged is the oldest. A handshake begins the count anew, and what was told of it ends. */
  #counted(number: number): void {
    const paid = this.#unacknowledged - number;
    if (this.#copies !== null && paid > 0)
      this.#copies = { ...this.#copies, count: this.#copies.count - paid };
    this.#unacknowledged = number;
    this.#acknowledged();
  }

  #toldCopies(payload: string): void {
    this.#copies = readCopies(payload);
    this.#changed();
  }

  #acknowledged(): void {
    if (this.#provider.synced && this.#provider.unsyncedChanges === 0) {
      this.#unsavedChanges = 0;
      this.#refused = false;
      this.#link = 'connected';
      this.#keeper.cover();
    }
    this.#changed();
  }

  /** The provider passes over refusals, and would wait for ever. */
  #read(message: onMessageParameters['message']): void {
    message.readVarString();
    if (message.readVarUint() !== SYNC_STATUS || message.readVarUint() !== 0) return;
    if (this.#provider.authorizedScope !== 'readonly') this.#refused = true;
    this.#changed();
  }

  #denied(reason: string): void {
    clearTimeout(this.#reopen);
    this.#socket.disconnect();
    if (reason === 'deleted' || reason === 'corrupt') this.#link = reason;
    else {
      if (this.#link !== 'opening' && this.#link !== 'denied') this.#link = 'lost';
      this.#admission.denied();
    }
    if (reason === 'deleted') void this.#keeper.removed();
    this.#changed();
  }

  /** Whether this document can't be had at all: nobody tries again. */
  get #over(): boolean {
    return this.#link === 'deleted' || this.#link === 'corrupt';
  }

  #closed(event: { code: number; reason: string }): void {
    // Whoever was turned out is not looking for a way in: the admission says when there is one.
    if (this.#over || this.#link === 'denied') return this.#changed();
    if (!this.#heard) this.#failedAttempts += 1;
    this.#heard = false;
    this.#refused = false;
    this.#copies = null;
    if (event.code === TRY_AGAIN_LATER || event.reason.includes('storage')) this.#link = 'unavailable';
    else if (this.#link === 'connected') this.#link = 'lost';
    // The connection lives and only this document was closed: nobody else will open it again.
    if (this.#socket.status === 'connected' && this.#socket.shouldConnect) this.#reopenLater();
    this.#changed();
  }

  #reopenLater(): void {
    this.#heard = true;
    clearTimeout(this.#reopen);
    this.#reopen = setTimeout(() => {
      this.#provider.detach();
      this.#provider.attach();
    }, REOPEN_MS);
  }

  #changed(): void {
    const { link, keptChanges } = this.facts;
    if (link !== 'connected' && keptChanges > 0) this.#keep.persistence.ask();
    for (const listener of this.#listeners) listener();
  }
}
