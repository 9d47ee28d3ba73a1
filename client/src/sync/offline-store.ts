import type { IDBPTransaction } from 'idb';
import { KeepError } from './keep-error.ts';
import type { KeepLimits } from './keep-limits.ts';
import { KEEP_LIMITS } from './keep-limits.ts';
import { LAYOUT, decodeRow, encodeRow, openDatabase } from './offline-database.ts';
import type { KeptDocument, NewRow, OfflineDatabase, OfflineSchema, Row } from './offline-database.ts';

type StoreName = 'documents' | 'updates' | 'damaged';
type Writing = IDBPTransaction<OfflineSchema, StoreName[], 'readwrite'>;

const ALL: StoreName[] = ['documents', 'updates', 'damaged'];

/** Tells other tabs that this browser's copies were removed. */
const FORGOTTEN = 'forgotten';

/** What a store is made of. */
export interface OfflineStoreOptions {
  /** The database's name. */
  readonly name: string;
  /** ms since 1970. */
  readonly now: () => number;
  /** A new random id of a copy. */
  readonly randomId: () => string;
  readonly limits?: KeepLimits;
  /** Version of the database's layout; this page's own unless a test plays a later one. */
  readonly layout?: number;
  /** Where tabs hear of one another; null where there is only one. */
  readonly tabs: Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'removeEventListener'> | null;
}

/** A document's copy, as it was read. */
export interface LoadedDocument {
  readonly record: KeptDocument;
  readonly rows: readonly Row[];
}

/** What is worth knowing about a copy beside its rows. */
export interface CopyFacts extends Partial<Pick<KeptDocument, 'title' | 'synced' | 'deleted'>> {
  /** It is being opened now. */
  readonly opened?: true;
}

/** What one transaction adds to a document's copy. */
export interface Addition {
  /** The copy that is continued; null begins one, or joins the one that there is. */
  readonly epoch: string | null;
  readonly row: NewRow | null;
  readonly facts: CopyFacts;
}

/**
 * What this browser keeps of documents, shared by all of its tabs: rows of updates that are only ever appended, and
 * replaced by a compaction that has read them (SPEC KEEP). Every method throws {@link KeepError}.
 */
export class OfflineStore {
  readonly limits: KeepLimits;
  readonly #options: OfflineStoreOptions;
  #database: OfflineDatabase | null = null;
  #opening: Promise<OfflineDatabase> | null = null;
  #blocked = Promise.withResolvers<never>();
  #outdated = false;
  #closed = false;

  constructor(options: OfflineStoreOptions) {
    this.#options = options;
    this.limits = options.limits ?? KEEP_LIMITS;
  }

  /** All documents that are kept, the latest change first. */
  async documents(): Promise<KeptDocument[]> {
    const all = await this.#read((database) => database.getAll('documents'));
    return all.sort((a, b) => b.changed - a.changed);
  }

  /** What is known of one document's copy; undefined if there is none. */
  document(name: string): Promise<KeptDocument | undefined> {
    return this.#read((database) => database.get('documents', name));
  }

  /** Reads a document's copy; null if there is none. Rows that are damaged are set aside, and counted in `record`. */
  async load(name: string): Promise<LoadedDocument | null> {
    const { record, values } = await this.#read((database) => readCopy(database, name));
    if (!record) return null;
    const rows: Row[] = [];
    const broken = new Map<number, unknown>();
    for (const [id, value] of values) {
      const row = decodeRow(value);
      if (row?.document === name) rows.push(row);
      else broken.set(id, value);
    }
    if (broken.size === 0) return { record, rows };
    return { record: (await this.setAside(name, broken)) ?? record, rows };
  }

  /** Stores what was added, in one transaction, and gives the copy as it is then. Kept means: this has resolved. */
  append(name: string, { epoch, row, facts }: Addition): Promise<KeptDocument> {
    // A change that only this browser has is written through to the disk; the rest the server has as well.
    const durability = row !== null && row.unsent > 0 ? 'strict' : 'relaxed';
    return this.#write(durability, async (tx) => {
      const documents = tx.objectStore('documents');
      const found = await documents.get(name);
      if (epoch !== null && found?.epoch !== epoch) throw new KeepError('gone', 'The copy was removed.');
      const before = found ?? this.#begin(name);
      const bytes = before.bytes + (row?.update.byteLength ?? 0);
      if (bytes > this.limits.documentBytes) throw new KeepError('too-large', 'The document is too large.');
      const after: KeptDocument = {
        ...before,
        ...facts,
        opened: facts.opened ? this.#options.now() : before.opened,
        bytes,
        rows: before.rows + (row ? 1 : 0),
        unsent: before.unsent + (row?.unsent ?? 0),
        changed: row ? this.#options.now() : before.changed,
      };
      if (row) await tx.objectStore('updates').add(encodeRow(name, row));
      await documents.put(after);
      return after;
    });
  }

  /** Marks as sent what the server has: of each page in `covered`, its rows up to that number. */
  mark(name: string, covered: ReadonlyMap<string, number>): Promise<void> {
    return this.#write('relaxed', async (tx) => {
      const record = await tx.objectStore('documents').get(name);
      if (!record) return;
      const updates = tx.objectStore('updates');
      let sent = 0;
      for (const row of await updates.index('pending').getAll(name)) {
        if (row.to > (covered.get(row.page) ?? -1)) continue;
        sent += row.unsent;
        const { pending: _pending, ...rest } = row;
        await updates.put({ ...rest, unsent: 0 });
      }
      if (sent === 0) return;
      const unsent = Math.max(0, record.unsent - sent);
      await tx.objectStore('documents').put({ ...record, unsent, revision: record.revision + 1 });
    });
  }

  /**
   * Puts `rows` in the place of those that were read, in one transaction. Throws `stale` if the copy was marked,
   * compacted or begun anew since; what was appended since stays.
   */
  replace(read: LoadedDocument, rows: readonly NewRow[]): Promise<void> {
    const { name, epoch, revision } = read.record;
    return this.#write('strict', async (tx) => {
      const record = await tx.objectStore('documents').get(name);
      if (record?.epoch !== epoch || record.revision !== revision)
        throw new KeepError('stale', 'The copy has changed since it was read.');
      const updates = tx.objectStore('updates');
      for (const { id } of read.rows) await updates.delete(id);
      for (const row of rows) await updates.add(encodeRow(name, row));
      await tx.objectStore('documents').put({
        ...record,
        revision: revision + 1,
        rows: record.rows - read.rows.length + rows.length,
        bytes: record.bytes - size(read.rows) + size(rows),
      });
    });
  }

  /** Takes rows (id → what was read of it) out of a copy, and keeps them apart. Gives the copy as it is then. */
  setAside(name: string, rows: ReadonlyMap<number, unknown>): Promise<KeptDocument | undefined> {
    return this.#write('strict', async (tx) => {
      const updates = tx.objectStore('updates');
      const record = await tx.objectStore('documents').get(name);
      const known = new Set(await updates.index('document').getAllKeys(name));
      const here = [...rows].filter(([id]) => known.has(id));
      for (const [id, row] of here) {
        await tx.objectStore('damaged').add({ document: name, row });
        await updates.delete(id);
      }
      if (!record) return undefined;
      const after = {
        ...record,
        rows: record.rows - here.length,
        damaged: record.damaged + here.length,
        revision: record.revision + 1,
      };
      await tx.objectStore('documents').put(after);
      return after;
    });
  }

  /**
   * Removes a copy. Changes that the server lacks are removed only by `discard`: the copy as the person who decided
   * saw it. Throws `unsent` if there are others.
   */
  async forget(name: string, discard?: KeptDocument): Promise<void> {
    await this.#write('strict', async (tx) => {
      const record = await tx.objectStore('documents').get(name);
      const chosen =
        discard !== undefined &&
        record?.epoch === discard.epoch &&
        record.unsent === discard.unsent &&
        record.changed === discard.changed;
      if (record && record.unsent > 0 && !chosen)
        throw new KeepError('unsent', 'There are changes that the server does not have.');
      await remove(tx, name);
    });
  }

  /** Tells every tab of this browser, this one included, to stop keeping what it has open. */
  tellForgotten(): void {
    this.#options.tabs?.postMessage(FORGOTTEN);
  }

  /** Calls `listener` when another tab has removed this browser's copies. Returns the unsubscription. */
  onForgotten(listener: () => void): () => void {
    const { tabs } = this.#options;
    const heard = (event: MessageEvent) => {
      if (event.data === FORGOTTEN) listener();
    };
    tabs?.addEventListener('message', heard);
    return () => tabs?.removeEventListener('message', heard);
  }

  /**
   * Removes copies that the server has whole, the longest unopened first, until all are within the limits; with
   * `atLeastOne` one more. Never one that is `needed`. Resolves to whether any went.
   */
  async makeRoom(needed: ReadonlySet<string>, atLeastOne: boolean): Promise<boolean> {
    const all = await this.documents();
    let bytes = all.reduce((sum, document) => sum + document.bytes, 0);
    let count = all.length;
    let goal = atLeastOne ? 1 : 0;
    for (const document of all.sort((a, b) => a.opened - b.opened)) {
      if (goal <= 0 && bytes <= this.limits.totalBytes && count <= this.limits.documents) break;
      if (document.unsent > 0 || document.damaged > 0 || needed.has(document.name)) continue;
      await this.forget(document.name);
      bytes -= document.bytes;
      count -= 1;
      goal -= 1;
    }
    return count < all.length;
  }

  /** Ends this tab's use of the store. */
  close(): void {
    this.#closed = true;
    this.#database?.close();
    this.#database = null;
  }

  #begin(name: string): KeptDocument {
    const now = this.#options.now();
    const counts = { revision: 0, rows: 0, bytes: 0, unsent: 0, damaged: 0 };
    const epoch = this.#options.randomId();
    return { name, title: '', epoch, ...counts, synced: false, deleted: false, changed: now, opened: now };
  }

  async #read<T>(work: (database: OfflineDatabase) => Promise<T>): Promise<T> {
    try {
      return await this.#withDatabase(work);
    } catch (thrown) {
      throw KeepError.from(thrown);
    }
  }

  async #write<T>(durability: IDBTransactionDurability, work: (tx: Writing) => Promise<T>): Promise<T> {
    try {
      const tx = await this.#withDatabase((database) => {
        const begun = database.transaction(ALL, 'readwrite', { durability });
        // Awaited below; what fails before must not count as unhandled meanwhile.
        begun.done.catch(() => undefined);
        return { begun };
      });
      return await finish(tx.begun, work);
    } catch (thrown) {
      throw KeepError.from(thrown);
    }
  }

  /** Browsers may close a connection by themselves, and tell when it is used: then it is made anew, once. */
  async #withDatabase<T>(work: (database: OfflineDatabase) => Promise<T> | T): Promise<T> {
    const database = await this.#open();
    try {
      return await work(database);
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'InvalidStateError')) throw thrown;
      if (this.#database === database) this.#database = null;
      return work(await this.#open());
    }
  }

  #open(): Promise<OfflineDatabase> {
    if (this.#outdated)
      return Promise.reject(new KeepError('outdated', 'A newer version of this page is in use.'));
    if (this.#closed) return Promise.reject(new KeepError('unavailable', 'The store is closed.'));
    if (this.#database) return Promise.resolve(this.#database);
    this.#blocked.promise.catch(() => undefined); // Raced below, by whoever waits.
    this.#opening ??= this.#connect();
    return Promise.race([this.#opening, this.#blocked.promise]);
  }

  async #connect(): Promise<OfflineDatabase> {
    try {
      const database = await openDatabase(this.#options.name, this.#options.layout ?? LAYOUT, {
        blocked: () =>
          this.#blocked.reject(new KeepError('blocked', 'Another tab holds an older version open.')),
        outdated: () => {
          this.#outdated = true;
          this.#database = null;
        },
        lost: () => (this.#database = null),
      });
      if (this.#closed) database.close();
      else this.#database = database;
      return database;
    } finally {
      this.#opening = null;
      this.#blocked = Promise.withResolvers();
    }
  }
}

interface Copy {
  readonly record: KeptDocument | undefined;
  /** Row by id; null where the browser itself cannot read it. */
  readonly values: ReadonlyMap<number, unknown>;
}

/** In one transaction: a compaction must not come between. */
async function readCopy(database: OfflineDatabase, name: string): Promise<Copy> {
  try {
    const tx = database.transaction(['documents', 'updates']);
    const [record, rows] = await Promise.all([
      tx.objectStore('documents').get(name),
      tx.objectStore('updates').index('document').getAll(name),
      tx.done,
    ]);
    return { record, values: new Map(rows.map((row) => [row.id ?? -1, row])) };
  } catch {
    // One value that cannot be read fails them all: row by row, which tells that one.
    return readCopySlowly(database, name);
  }
}

async function readCopySlowly(database: OfflineDatabase, name: string): Promise<Copy> {
  const values = new Map<number, unknown>();
  for (const id of await database.getAllKeysFromIndex('updates', 'document', name)) {
    try {
      const row = await database.get('updates', id);
      if (row) values.set(id, row);
    } catch {
      values.set(id, null); // Told as damaged by the caller.
    }
  }
  return { record: await database.get('documents', name), values };
}

async function remove(tx: Writing, name: string): Promise<void> {
  for (const store of ['updates', 'damaged'] as const) {
    const keys = await tx.objectStore(store).index('document').getAllKeys(name);
    for (const key of keys) await tx.objectStore(store).delete(key);
  }
  await tx.objectStore('documents').delete(name);
}

/** Kept means `complete`: what `work` gave counts once the transaction has ended well. */
async function finish<T>(tx: Writing, work: (tx: Writing) => Promise<T>): Promise<T> {
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (thrown) {
    const { error } = tx;
    if (error === null) abort(tx);
    throw error ?? thrown;
  }
}

function abort(tx: Writing): void {
  try {
    tx.abort();
  } catch {
    // It is over already: its error is the one that is thrown.
  }
}

function size(rows: readonly NewRow[]): number {
  return rows.reduce((sum, { update }) => sum + update.byteLength, 0);
}
