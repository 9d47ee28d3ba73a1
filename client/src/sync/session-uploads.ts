import type * as Y from 'yjs';
import type { TokenSource } from './tokens.ts';
import type { UploadMemory } from './uploads/upload-memory.ts';
import type { Uploads } from './uploads/uploads.ts';

/** What the uploads of a session need. */
export interface SessionUploadsOptions {
  readonly document: string;
  readonly doc: Y.Doc;
  /** The sync endpoint, `ws:` or `wss:`: uploads go to the same server. */
  readonly url: string;
  readonly tokens: TokenSource;
  readonly memory: UploadMemory;
  /** Whether this person may write in the document. */
  readonly mayWrite: () => boolean;
  readonly onChange: () => void;
}

/**
 * The uploads of a document that is open, loaded when they are first needed: most documents are read and written without.
 * What an earlier visit left is counted before that, so that nothing is called saved too early.
 */
export class SessionUploads {
  readonly #options: SessionUploadsOptions;
  #opening: Promise<Uploads> | null = null;
  #uploads: Uploads | null = null;
  readonly #lifetime = new AbortController();
  /** What an earlier visit left, until that was looked at: a store that can't be read keeps it. */
  #left: number;

  constructor(options: SessionUploadsOptions) {
    this.#options = options;
    this.#left = options.memory.of(options.document);
  }

  /** How many uploads are not on the server, and how many of these this browser keeps. */
  get counts(): { readonly waiting: number; readonly kept: number } {
    const { waiting, kept } = this.#uploads?.counts ?? { waiting: 0, kept: 0 };
    return { waiting: waiting + this.#left, kept: kept + this.#left };
  }

  /** Sends what an earlier visit left; to be called again when there is a network. */
  begin(): void {
    this.#uploads?.online();
    // Without a network the code may not be there: the next time tries again.
    if (this.#uploads === null && this.#left > 0) this.load().catch(() => undefined);
  }

  /** The uploads; rejects when their code can't be loaded. */
  load(): Promise<Uploads> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  close(): void {
    this.#lifetime.abort();
  }

  async #open(): Promise<Uploads> {
    const { openUploads } = await import('./uploads/open-uploads.ts');
    const { onChange } = this.#options;
    const { signal } = this.#lifetime;
    signal.throwIfAborted();
    const { uploads, read } = await openUploads({ ...this.#options, signal }, onChange);
    this.#uploads = uploads;
    if (read) this.#left = 0;
    if (!signal.aborted) onChange();
    return uploads;
  }
}
