import type { DocumentSummary, Documents } from './documents.ts';

/** What is known about the list. */
export type ListState =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly documents: readonly DocumentSummary[]; readonly next: string }
  | { readonly state: 'failed'; readonly reason: string };

/** The list of documents, shared by the sidebar and the list's page. A reload that fails keeps what was known. */
export class DocumentList {
  readonly #documents: Documents;
  #current = $state.raw<ListState>({ state: 'loading' });
  #loading: AbortController | undefined;

  constructor(documents: Documents) {
    this.#documents = documents;
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

  async #ask(after: string, before: readonly DocumentSummary[]): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const { documents, next } = await this.#documents.list(after, loading.signal);
      if (loading.signal.aborted) return;
      const known = new Set(before.map(({ name }) => name));
      const fresh = documents.filter(({ name }) => !known.has(name));
      this.#current = { state: 'ready', documents: [...before, ...fresh], next };
    } catch (error) {
      if (loading.signal.aborted || this.#current.state === 'ready') return;
      this.#current = { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}
