import { HocuspocusProvider } from '@hocuspocus/provider';
import type { onMessageParameters } from '@hocuspocus/provider';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { DocumentSocket, TRY_AGAIN_LATER } from './socket.ts';
import type { SyncFacts } from './save-state.ts';

/** Message type of an acknowledgement in Hocuspocus's protocol; its body is 1, or 0 for a refusal. */
const SYNC_STATUS = 8;
/** Wait before a document that the server closed on a living connection is opened again, ms. */
const REOPEN_MS = 2_000;

/** Where a session connects to. */
export interface SessionOptions {
  /** The sync endpoint, `ws:` or `wss:`. */
  readonly url: string;
  /** The document's name. */
  readonly document: string;
}

/**
 * One document, open on this page: its Yjs doc, who else is there, and what is known about saving. It connects
 * and reconnects by itself until `close`.
 */
export class DocumentSession {
  readonly document: string;
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly #socket: DocumentSocket;
  readonly #provider: HocuspocusProvider;
  readonly #listeners = new Set<() => void>();
  readonly #lifetime = new AbortController();
  #link: SyncFacts['link'] = 'opening';
  #failedAttempts = 0;
  #heard = false;
  #unsavedChanges = 0;
  #reopen: ReturnType<typeof setTimeout> | undefined;
  #loaded = false;
  #refused = false;

  private constructor(options: SessionOptions) {
    this.document = options.document;
    this.#socket = new DocumentSocket(options.url);
    this.#provider = new HocuspocusProvider({
      name: options.document,
      document: this.doc,
      awareness: this.awareness,
      websocketProvider: this.#socket,
    });
  }

  /** Opens `options.document` and starts to connect; nothing is awaited, and nothing is written. */
  static open(options: SessionOptions): DocumentSession {
    const session = new DocumentSession(options);
    session.#listen();
    session.#provider.attach();
    void session.#socket.connect();
    return session;
  }

  /** What is known about saving at this moment. */
  get facts(): SyncFacts {
    return {
      link: this.#link,
      online: navigator.onLine,
      failedAttempts: this.#failedAttempts,
      synced: this.#provider.synced,
      unacknowledged: this.#provider.unsyncedChanges,
      unsavedChanges: this.#unsavedChanges,
      readOnly: this.#provider.authorizedScope === 'readonly',
      refused: this.#refused,
    };
  }

  /** Whether the server's content arrived once; from then on the page can show the document. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Calls `listener` whenever {@link facts} or {@link loaded} may have changed. Returns the unsubscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the session. What is not saved by then is gone: ask `facts.unsavedChanges` first. */
  close(): void {
    this.#lifetime.abort();
    clearTimeout(this.#reopen);
    this.#provider.destroy();
    this.#socket.destroy();
    this.doc.destroy();
    this.#listeners.clear();
  }

  #listen(): void {
    const { signal } = this.#lifetime;
    const changed = () => this.#changed();
    this.doc.on('update', (_update: Uint8Array, origin: unknown) => {
      if (origin === this.#provider) return;
      this.#unsavedChanges += 1;
      changed();
    });
    this.#provider.on('unsyncedChanges', () => this.#acknowledged());
    this.#provider.on('synced', () => {
      this.#loaded = true;
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
    window.addEventListener('offline', changed, { signal });
    window.addEventListener(
      'online',
      () => {
        if (this.#link !== 'denied' && this.#link !== 'deleted') void this.#socket.connect();
        changed();
      },
      { signal },
    );
  }

  #admitted(): void {
    this.#failedAttempts = 0;
    // A server that just could not store is believed again when it has acknowledged, not when it has answered.
    if (this.#link !== 'unavailable') this.#link = 'connected';
    this.#changed();
  }

  #acknowledged(): void {
    if (this.#provider.synced && this.#provider.unsyncedChanges === 0) {
      this.#unsavedChanges = 0;
      this.#refused = false;
      this.#link = 'connected';
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
    this.#link = reason === 'deleted' ? 'deleted' : 'denied';
    this.#socket.disconnect();
    this.#changed();
  }

  #closed(event: { code: number; reason: string }): void {
    if (this.#link === 'denied' || this.#link === 'deleted') return this.#changed();
    if (!this.#heard) this.#failedAttempts += 1;
    this.#heard = false;
    this.#refused = false;
    if (event.code === TRY_AGAIN_LATER || event.reason.includes('storage')) this.#link = 'unavailable';
    else if (this.#link === 'connected') this.#link = 'lost';
    // The connection lives and only this document was closed: nobody else will open it again.
    if (this.#socket.status === 'connected') this.#reopenLater();
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
    for (const listener of this.#listeners) listener();
  }
}
