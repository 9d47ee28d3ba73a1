import type { UploadHash } from '@sheaf/proto/upload-address';
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase, IDBPObjectStore } from 'idb';

/** What waits in this browser to be uploaded. */
export interface WaitingUpload {
  readonly document: string;
  readonly hash: UploadHash;
  /** The file's name, for who looks at what is kept. */
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** As it is stored: the index of sizes tells how much there is without reading any of it. */
interface Stored extends WaitingUpload {
  /** Bytes. */
  readonly size: number;
}

interface Schema extends DBSchema {
  waiting: { key: [string, string]; value: Stored; indexes: { document: string; size: number } };
}

type Writing = IDBPObjectStore<Schema, ['waiting'], 'waiting', 'readwrite'>;

/** All that waits in this browser together, bytes; what is beyond waits in the page alone. */
const WAITING_BYTES = 256 * 1024 * 1024;
const DATABASE = 'sheaf-uploads';
/** 2: sizes. */
const LAYOUT = 2;

/** What {@link WaitingUploads} is made of. */
export interface WaitingUploadsOptions {
  readonly name?: string;
  /** Bytes that may wait together. */
  readonly most?: number;
  /**
   * Told how many wait of a document whenever that was read or has changed. It is called within the transaction, and
   * those of several tabs follow each other: who was told last, was told what is there.
   */
  readonly onCount: (document: string, count: number) => void;
}

/**
 * Uploads that wait for a server, in a database of their own beside the documents: they are large, come seldom, and are
 * removed whole. Methods throw what the browser throws.
 */
export class WaitingUploads {
  readonly #options: WaitingUploadsOptions;
  #opening: Promise<IDBPDatabase<Schema>> | null = null;
  #closed = false;

  constructor(options: WaitingUploadsOptions) {
    this.#options = options;
  }

  /** Whether it is on this browser's disk now: there may be no room. */
  add(upload: WaitingUpload): Promise<boolean> {
    const { document, hash, bytes } = upload;
    return this.#write(document, async (store) => {
      let all = bytes.byteLength;
      for (let at = await store.index('size').openKeyCursor(); at; at = await at.continue())
        // One that is there already is replaced.
        if (at.primaryKey[0] !== document || at.primaryKey[1] !== hash) all += at.key;
      const fits = all <= (this.#options.most ?? WAITING_BYTES);
      if (fits) await store.put({ ...upload, size: bytes.byteLength });
      return fits;
    });
  }

  /** Those of one document. */
  of(document: string): Promise<WaitingUpload[]> {
    return this.#write(document, (store) => store.index('document').getAll(document));
  }

  remove(document: string, hash: UploadHash): Promise<void> {
    return this.#write(document, (store) => store.delete([document, hash]));
  }

  /** The document's copy was removed from this browser. */
  forget(document: string): Promise<void> {
    return this.#write(document, async (store) => {
      for (const key of await store.index('document').getAllKeys(document)) await store.delete(key);
    });
  }

  /** Ends this page's use of it; what is under way is finished. */
  close(): void {
    this.#closed = true;
    // One that did not open has nothing to close.
    this.#opening?.then((database) => database.close()).catch(() => undefined);
  }

  async #write<T>(document: string, work: (store: Writing) => Promise<T>): Promise<T> {
    const { store, done } = (await this.#open()).transaction('waiting', 'readwrite', {
      durability: 'strict',
    });
    // Awaited below; what fails before must not count as unhandled meanwhile.
    done.catch(() => undefined);
    const result = await work(store);
    this.#options.onCount(document, await store.index('document').count(document));
    await done;
    return result;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    if (this.#closed) return Promise.reject(new Error('The uploads of this page are closed.'));
    this.#opening ??= this.#connect().catch((thrown: unknown) => {
      this.#opening = null;
      throw thrown;
    });
    return this.#opening;
  }

  #connect(): Promise<IDBPDatabase<Schema>> {
    const { name = DATABASE } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<IDBPDatabase<Schema>>();
    let late = false;
    const opening = openDB<Schema>(name, LAYOUT, {
      upgrade: async (database, from, _to, transaction) => {
        if (from === 0)
          database
            .createObjectStore('waiting', { keyPath: ['document', 'hash'] })
            .createIndex('document', 'document');
        const store = transaction.objectStore('waiting');
        store.createIndex('size', 'size');
        for (let at = await store.openCursor(); at; at = await at.continue())
          await at.update({ ...at.value, size: at.value.bytes.byteLength });
      },
      blocked: () => {
        late = true;
        reject(new Error('Another tab holds an older version open.'));
      },
      // A newer version of the page wants to change the layout.
      blocking: (_current, _wanted, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
        this.#opening = null;
      },
      // The browser closes it when somebody clears the site's data; the next call opens it anew.
      terminated: () => (this.#opening = null),
    });
    opening.then((database) => (late ? database.close() : resolve(database))).catch(reject);
    return promise;
  }
}
