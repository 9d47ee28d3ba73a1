import type { OfflineStore } from '../sync/offline-store.ts';
import { DocumentsError } from './documents.ts';
import type { DocumentSummary, Documents } from './documents.ts';

/** A document of the list. */
export interface ListedDocument extends DocumentSummary {
  /** Changes made in this browser that the server lacks, as far as is known. */
  readonly unsent: number;
}

/** What is known about the list. `kept`: the server gave none, and these are the documents in this browser. */
export type ListState =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly documents: readonly ListedDocument[]; readonly next: string }
  | { readonly state: 'kept'; readonly documents: readonly ListedDocument[]; readonly error: DocumentsError }
  | { readonly state: 'failed'; readonly error: DocumentsError };

/** The list of documents, shared by the sidebar and the list's page. A reload that fails keeps what was known. */
export class DocumentList {
  readonly #documents: Documents;
  readonly #store: Pick<OfflineStore, 'documents'>;
  #current = $state.raw<ListState>({ state: 'loading' });
  #loading: AbortController | undefined;

  constructor(documents: Documents, store: Pick<OfflineStore, 'documents'>) {
    this.#documents = documents;
    this.#store = store;
  }

  get current(): ListState {
    return this.#current;
  }

  /** Asks the server for the first page again. Never throws: a failure is a state. */
  async load(): Promise<void> {
    if (this.#current.state === 'failed') this.#current = { state: 'loading' };
    await this.#ask('', []);
  }

  /** Adds the next page, where there is one. */
  async more(): Promise<void> {
    if (this.#current.state === 'ready' && this.#current.next !== '')
      await this.#ask(this.#current.next, this.#current.documents);
  }

  async #ask(after: string, before: readonly ListedDocument[]): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const { documents, next } = await this.#documents.list(after, loading.signal);
      if (loading.signal.aborted) return;
      const known = new Set(before.map(({ name }) => name));
      const fresh = documents.filter(({ name }) => !known.has(name));
      const listed = [...before, ...fresh.map((document) => ({ ...document, unsent: 0 }))];
      this.#current = { state: 'ready', documents: listed, next };
    } catch (error) {
      const failure = DocumentsError.from(error);
      if (!loading.signal.aborted && (failure.denied || this.#current.state !== 'ready'))
        await this.#showKept(failure, loading.signal);
    }
  }

  async #showKept(failure: DocumentsError, signal: AbortSignal): Promise<void> {
    // Where this browser keeps nothing, the server's failure is all there is to tell.
    const kept = await this.#store.documents().catch(() => []);
    if (signal.aborted) return;
    const documents = kept.map(({ name, title, changed, unsent }) => ({
      name,
      title,
      unsent,
      changed: new Date(changed),
    }));
    this.#current =
      documents.length > 0
        ? { state: 'kept', documents, error: failure }
        : { state: 'failed', error: failure };
  }
}
