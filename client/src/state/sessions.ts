import { DocumentSession } from '../sync/session.ts';

/**
 * The documents that this page has open. Leaving a document's page with changes that are not saved keeps its
 * session until they are: nobody loses words by clicking "Home" too early.
 */
export class Sessions {
  readonly #url: string;
  readonly #open = new Map<string, { session: DocumentSession; users: number; stop: () => void }>();

  /** `url` is the sync endpoint, `ws:` or `wss:`. */
  constructor(url: string) {
    this.#url = url;
  }

  /** The session of `document`, opened if need be. Give it back with {@link release}. */
  acquire(document: string): DocumentSession {
    const known = this.#open.get(document);
    if (known) {
      known.users += 1;
      return known.session;
    }
    const session = DocumentSession.open({ url: this.#url, document });
    const stop = session.onChange(() => this.#closeIfDone(document));
    this.#open.set(document, { session, users: 1, stop });
    return session;
  }

  /** Gives a session back. It closes when nobody uses it and all that was written in it is saved. */
  release(document: string): void {
    const entry = this.#open.get(document);
    if (!entry) return;
    entry.users -= 1;
    if (entry.users === 0) entry.session.awareness.setLocalState(null);
    this.#closeIfDone(document);
  }

  /** Changes of all documents that are in this page and nowhere else. */
  get unsavedChanges(): number {
    return [...this.#open.values()].reduce((sum, { session }) => sum + session.facts.unsavedChanges, 0);
  }

  #closeIfDone(document: string): void {
    const entry = this.#open.get(document);
    if (!entry || entry.users > 0 || entry.session.facts.unsavedChanges > 0) return;
    this.#open.delete(document);
    entry.stop();
    // Not within the session's own event: it is still busy telling it.
    queueMicrotask(() => entry.session.close());
  }
}
