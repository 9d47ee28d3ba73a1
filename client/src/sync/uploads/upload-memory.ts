/** Where a browser remembers which documents have uploads that wait, so that nobody says "Saved" before that is looked at. */
const MARK = 'sheaf-uploads:';

/** What a page remembers of uploads beyond one document: how many wait in this browser, and what was shown last. */
export class UploadMemory {
  readonly #storage: () => Storage;
  /** What was shown last, the latest at the end. */
  readonly shown = new Map<string, Blob>();

  /** `storage` throws where a browser keeps nothing for this site. */
  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  of(document: string): number {
    return this.#try((storage) => Number(storage.getItem(MARK + document) ?? 0), 0);
  }

  set(document: string, count: number): void {
    this.#try((storage) => {
      if (count === 0) storage.removeItem(MARK + document);
      else storage.setItem(MARK + document, String(count));
    }, undefined);
  }

  /** The documents of which uploads wait. */
  documents(): string[] {
    return this.#try((storage) => {
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
      return keys.filter((key) => key.startsWith(MARK)).map((key) => key.slice(MARK.length));
    }, []);
  }

  #try<T>(task: (storage: Storage) => T, otherwise: T): T {
    try {
      return task(this.#storage());
    } catch {
      // A browser that keeps nothing has nothing that waits from an earlier visit.
      return otherwise;
    }
  }
}
