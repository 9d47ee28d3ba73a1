import type { UploadHash } from '@sheaf/proto/upload-address';
import { hashOf } from './hash.ts';
import type { Transfer } from './transfer.ts';
import { UploadError } from './upload-error.ts';
import type { UploadErrorCode } from './upload-error.ts';
import type { RecentUploads } from './recent-uploads.ts';
import type { WaitingUploads } from './waiting-uploads.ts';

/** Largest upload, bytes, unless the server says less (SPEC UPLOAD-3). */
export const UPLOAD_BYTES = 25 * 1024 * 1024;
/** Uploads that are sent at once. */
const AT_ONCE = 2;
/** Wait before a failed one is sent again, ms: doubled each time up to the longest. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** Where an upload stands that is not on the server. */
export interface UploadState {
  /** How much of it is there, from 0 to 1. */
  readonly progress: number;
  /** Why it is not on its way: then it waits for a network, or for a person (`waits` false). */
  readonly error: UploadErrorCode | null;
  /** Whether it is sent again without anybody doing something. */
  readonly waits: boolean;
}

/** What uploads of one document need. */
export interface UploadsOptions {
  readonly document: string;
  readonly transfer: Pick<Transfer, 'send' | 'get'>;
  /** null: this browser keeps nothing. */
  readonly waiting: WaitingUploads | null;
  /** What pages of this browser have shown, of any document. */
  readonly recent: Pick<RecentUploads, 'keep' | 'find'>;
  /** Whether this person may write in the document. */
  readonly mayWrite: () => boolean;
  /** Called when what {@link Uploads.counts} says has changed. */
  readonly onCounts: () => void;
  /** Whether the document refers to an upload: one that it does not is not insisted on. */
  readonly isReferred: (hash: UploadHash) => boolean;
}

interface Entry {
  readonly content: Blob;
  readonly kept: boolean;
  /** Its place is not in the document yet: {@link Uploads.begin}. */
  held: boolean;
  state: UploadState;
  attempts: number;
  sending: boolean;
  retry: ReturnType<typeof setTimeout> | null;
}

/** The uploads of one document on this page: what waits is kept in this browser, and sent when there is a network. */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #entries = new Map<UploadHash, Entry>();
  readonly #listeners = new Map<UploadHash, Set<() => void>>();
  readonly #lifetime = new AbortController();

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** How many are not on the server, and how many of these are on this browser's disk. */
  get counts(): { readonly waiting: number; readonly kept: number } {
    const entries = [...this.#entries.values()];
    return { waiting: entries.length, kept: entries.filter(({ kept }) => kept).length };
  }

  /** Takes over what earlier visits left; false if the store can't be read, and may have something. */
  async load(): Promise<boolean> {
    const { waiting, document } = this.#options;
    const found = waiting === null ? [] : await waiting.of(document).catch(() => null);
    for (const { hash, bytes } of found ?? []) this.#enter(hash, new Blob([bytes]), true);
    this.begin();
    return found !== null;
  }

  /** Keeps a file; resolves with its name when it is kept, or in memory if it can't be. It is sent from {@link begin} on. */
  async add(file: Blob, name: string): Promise<UploadHash> {
    if (file.size > UPLOAD_BYTES) throw new UploadError('too-large', 'The file is too large.');
    const bytes = await file.arrayBuffer();
    const hash = await hashOf(bytes);
    const { waiting, document } = this.#options;
    const kept = (await waiting?.add({ document, hash, name, bytes }).catch(() => false)) ?? false;
    this.#enter(hash, file, kept);
    return hash;
  }

  /** What was added is in the document by now, and sent. */
  begin(): void {
    for (const entry of this.#entries.values()) entry.held = false;
    this.#next();
  }

  /** null: it is on the server, as far as this page knows. */
  state(hash: UploadHash): UploadState | null {
    return this.#entries.get(hash)?.state ?? null;
  }

  /**
   * Its content, from this page or from the server. What was `pasted` from another document that this browser has shown is put
   * into this one; who only writes its hash into the document gets nothing. Throws {@link UploadError}.
   */
  async content(
    hash: UploadHash,
    { signal, pasted }: { readonly signal: AbortSignal; readonly pasted: boolean },
  ): Promise<Blob> {
    const { transfer, recent, mayWrite } = this.#options;
    const own = this.#entries.get(hash)?.content;
    try {
      const content = own ?? (await transfer.get(hash, signal));
      recent.keep(hash, content);
      return content;
    } catch (thrown) {
      const known =
        pasted && UploadError.from(thrown).code === 'missing' && mayWrite() ? await recent.find(hash) : null;
      if (known === null) throw thrown;
      await this.add(known, '');
      this.begin();
      return known;
    }
  }

  /** Sends one again that failed. */
  retry(hash: UploadHash): void {
    const entry = this.#entries.get(hash);
    if (!entry || entry.sending) return;
    entry.attempts = 0;
    this.#tell(hash, { ...entry.state, error: null });
    this.#next();
  }

  /** The network is back: whatever waits for it is sent now. */
  online(): void {
    for (const [hash, { state }] of this.#entries) if (state.waits) this.retry(hash);
  }

  /** Calls `listener` when the state of an upload changes; returns the unsubscription. */
  onChange(hash: UploadHash, listener: () => void): () => void {
    const listeners = this.#listeners.get(hash) ?? new Set();
    this.#listeners.set(hash, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#listeners.get(hash) !== listeners) return;
      this.#listeners.delete(hash);
      // Nobody shows it any more: if the document does not refer to it either, the next refusal ends it.
      if (this.state(hash)?.waits === false && !this.#lifetime.signal.aborted) this.retry(hash);
    };
  }

  close(): void {
    this.#lifetime.abort();
    for (const { retry } of this.#entries.values()) if (retry !== null) clearTimeout(retry);
    this.#listeners.clear();
  }

  #enter(hash: UploadHash, content: Blob, kept: boolean): void {
    if (this.#entries.has(hash)) return;
    const state = { progress: 0, error: null, waits: true };
    this.#entries.set(hash, { content, kept, state, attempts: 0, held: true, sending: false, retry: null });
    this.#options.onCounts();
    this.#tell(hash, state);
  }

  /** Sends what is ready, a few at once. */
  #next(): void {
    const entries = [...this.#entries];
    const ready = entries.filter(
      ([, { held, sending, retry, state }]) => !held && !sending && retry === null && state.error === null,
    );
    const room = AT_ONCE - entries.filter(([, { sending }]) => sending).length;
    for (const [hash, entry] of ready.slice(0, Math.max(0, room))) void this.#send(hash, entry);
  }

  async #send(hash: UploadHash, entry: Entry): Promise<void> {
    const { transfer, waiting, document } = this.#options;
    const { signal } = this.#lifetime;
    entry.sending = true;
    try {
      const onprogress = (sent: number) => {
        const progress = entry.content.size === 0 ? 1 : sent / entry.content.size;
        this.#tell(hash, { progress, error: null, waits: true });
      };
      await transfer.send(hash, entry.content, { signal, onprogress });
      // It is on the server: what stays behind here is sent again for nothing, at worst.
      await waiting?.remove(document, hash).catch(() => undefined);
      this.#entries.delete(hash);
      this.#changed(hash);
      this.#options.onCounts();
    } catch (thrown) {
      // Before it is told: who hears of it may try again at once.
      entry.sending = false;
      if (!signal.aborted) await this.#failed(hash, entry, UploadError.from(thrown));
    }
    if (!signal.aborted) this.#next();
  }

  async #failed(hash: UploadHash, entry: Entry, error: UploadError): Promise<void> {
    const { waiting, document, isReferred } = this.#options;
    if (!error.passes && !isReferred(hash)) {
      // Somebody took it out of the document: nobody waits for it.
      this.#entries.delete(hash);
      await waiting?.remove(document, hash).catch(() => undefined);
      this.#options.onCounts();
      return;
    }
    entry.attempts += 1;
    this.#tell(hash, { progress: entry.state.progress, error: error.code, waits: error.passes });
    if (!error.passes) return;
    const wait = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (entry.attempts - 1));
    entry.retry = setTimeout(() => {
      entry.retry = null;
      this.#tell(hash, { ...entry.state, error: null });
      this.#next();
    }, wait);
  }

  #tell(hash: UploadHash, state: UploadState): void {
    const entry = this.#entries.get(hash);
    if (!entry) return;
    if (entry.retry !== null && state.error === null) {
      clearTimeout(entry.retry);
      entry.retry = null;
    }
    entry.state = state;
    this.#changed(hash);
  }

  #changed(hash: UploadHash): void {
    for (const listener of this.#listeners.get(hash) ?? []) listener();
  }
}
