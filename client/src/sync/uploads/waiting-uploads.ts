import type { UploadHash } from '@sheaf/proto/upload-address';
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';

/** What waits in this browser to be uploaded. */
export interface WaitingUpload {
  readonly document: string;
  readonly hash: UploadHash;
  /** The file's name, for who looks at what is kept. */
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

interface Schema extends DBSchema {
  waiting: { key: [string, string]; value: WaitingUpload; indexes: { document: string } };
}

/** All that waits in this browser together, bytes; what is beyond waits in the page alone. */
const WAITING_BYTES = 256 * 1024 * 1024;
const DATABASE = 'sheaf-uploads';

/**
 * Uploads that wait for a server, in a database of their own beside the documents': they are large, come seldom, and are
 * removed whole. Methods throw what the browser throws.
 */
export class WaitingUploads {
  readonly #name: string;
  readonly #most: number;
  #opening: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(name = DATABASE, most = WAITING_BYTES) {
    this.#name = name;
    this.#most = most;
  }

  /** Whether it is on this browser's disk now: there may be no room. */
  async add(upload: WaitingUpload): Promise<boolean> {
    const database = await this.#open();
    const transaction = database.transaction('waiting', 'readwrite', { durability: 'strict' });
    let bytes = upload.bytes.byteLength;
    for (let at = await transaction.store.openCursor(); at; at = await at.continue())
      bytes += at.value.bytes.byteLength;
    const fits = bytes <= this.#most;
    if (fits) await transaction.store.put(upload);
    await transaction.done;
    return fits;
  }

  /** Those of one document. */
  async of(document: string): Promise<WaitingUpload[]> {
    return (await this.#open()).getAllFromIndex('waiting', 'document', document);
  }

  async remove(document: string, hash: UploadHash): Promise<void> {
    await (await this.#open()).delete('waiting', [document, hash]);
  }

  /** The document's copy was removed from this browser. */
  async forget(document: string): Promise<void> {
    const { store, done } = (await this.#open()).transaction('waiting', 'readwrite');
    for (let at = await store.index('document').openCursor(document); at; at = await at.continue())
      await at.delete();
    await done;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#opening ??= openDB<Schema>(this.#name, 1, {
      upgrade: (database) => {
        const store = database.createObjectStore('waiting', { keyPath: ['document', 'hash'] });
        store.createIndex('document', 'document');
      },
      // The browser closes it when somebody clears the site's data; the next call opens it anew.
      terminated: () => (this.#opening = null),
    }).catch((thrown: unknown) => {
      this.#opening = null;
      throw thrown;
    });
    return this.#opening;
  }
}
