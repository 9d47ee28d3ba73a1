/** Where the browser keeps which toggles this reader has closed. */
const KEY = 'sheaf.closed-toggles';
/** Of so many closed toggles it is remembered; then the longest closed are open again. */
const MOST = 500;

/** Which toggles this reader has closed, by names that stay: the reader's own, kept in the browser and in no document. */
export class ClosedToggles {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly #closed: Set<string>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
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
      this.#storage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: it holds until the page is left.
    }
  }
}

function read(storage: Pick<Storage, 'getItem'>): string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [];
  } catch {
    // A forbidden store, or one that something else wrote: nothing is closed.
    return [];
  }
}
