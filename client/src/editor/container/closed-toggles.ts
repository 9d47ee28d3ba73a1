/** Where the browser keeps which toggles this reader has closed. */
const KEY = 'sheaf.closed-toggles';
/** Of so many closed toggles it is remembered; then the longest closed are open again. */
const MOST = 500;

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** Which toggles this reader has closed, by names that stay: the reader's own, kept in the browser and in no document. */
export class ClosedToggles {
  readonly #storage: () => Store;
  readonly #closed: Set<string>;

  /** Browsers that keep nothing for this site throw at the mere mention of their store. */
  constructor(storage: () => Store) {
    this.#storage = storage;
    this.#closed = new Set(read(storage));
  }

  isClosed(name: string): boolean {
    return this.#closed.has(name);
  }

  set(name: string, closed: boolean): void {
    this.#closed.delete(name);
    if (closed) this.#closed.add(name);
    const kept = [...this.#closed].slice(-MOST);
    try {
      this.#storage().setItem(KEY, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: it holds until the page is left.
    }
  }
}

function read(storage: () => Store): string[] {
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [];
  } catch {
    // A forbidden store, or one that something else wrote: nothing is closed.
    return [];
  }
}
