import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import { sizeOf } from '../own-bytes.ts';
import { unpackDocument } from '../packed-document.ts';
import { STORE_LIMITS } from '../store-limits.ts';
import type { StoreLimits } from '../store-limits.ts';
import type {
  Catalogue,
  CatalogueEntry,
  Compaction,
  HistorySegment,
  LogBatch,
  Snapshot,
  Store,
  StoredDocument,
  UpdateLog,
} from '../store.ts';
import { packBatches } from './append-message.ts';
import { buffersOf } from '../buffers.ts';
import type { ReaderCalls, WorkerSettings, WriterCalls } from './messages.ts';
import { WorkerCalls } from '../worker-calls.ts';

export interface SqliteStoreOptions {
  /** Where `sheaf.db` lies; made if there is none. */
  readonly folder: string;
  /** `full`: a commit survives a power cut; `normal`: it survives the end of the process. */
  readonly fsync: 'full' | 'normal';
  readonly limits?: Partial<StoreLimits> | undefined;
  /** ms since 1970; the system's clock unless given. */
  readonly now?: (() => number) | undefined;
}

const WRITER = new URL('./worker.ts', import.meta.url);
const READER = new URL('./reading-worker.ts', import.meta.url);

/**
 * Opens the database of a folder for this process alone. Throws `storage-unavailable` if another process
 * has it or it cannot be opened, and `bad-setting` if its file is not ours or a newer version's.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { folder, fsync, now = Date.now } = options;
  const settings: WorkerSettings = { folder, fsync, limits: { ...STORE_LIMITS, ...options.limits } };
  const writer = new WorkerCalls<WriterCalls>(WRITER, settings);
  await writer.start();
  const reader = new WorkerCalls<ReaderCalls>(READER, settings);
  try {
    await reader.start();
  } catch (thrown) {
    await writer.close();
    throw thrown;
  }
  const workers: Workers = { writer, reader, settings, now };
  return {
    log: new SqliteLog(workers),
    catalogue: new SqliteCatalogue(workers),
    shared: null,
    earlier: { prepend: (name, segment) => prepend(workers, name, segment) },
    healthy: () => writer.healthy() && reader.healthy(),
    close: async () => {
      // The writer last: the last connection to close copies the write-ahead log into the database.
      await reader.close();
      await writer.close();
    },
  };
}

interface Workers {
  readonly writer: WorkerCalls<WriterCalls>;
  readonly reader: WorkerCalls<ReaderCalls>;
  readonly settings: WorkerSettings;
  readonly now: () => number;
}

/** Deflated by the reader, so that commits wait only while it is written. */
async function prepend(
  { reader, writer }: Workers,
  name: DocumentName,
  segment: HistorySegment,
): Promise<void> {
  const stored = { name, segment: await reader.call('prepend', { name, segment }) };
  await writer.call('prepend', stored, buffersOf(stored));
}

class SqliteLog implements UpdateLog {
  readonly #workers: Workers;
  /** Documents that did not load: never written. */
  readonly #corrupt = new Set<DocumentName>();

  constructor(workers: Workers) {
    this.#workers = workers;
  }

  append(batches: readonly LogBatch[]): Promise<void> {
    const { writer, settings, now } = this.#workers;
    for (const { document, entries } of batches) {
      if (sizeOf(entries) > settings.limits.batchBytes)
        return Promise.reject(new SheafError('too-large', 'One commit of one document is too large.'));
      if (this.#corrupt.size > 0 && this.#corrupt.has(document))
        return Promise.reject(refuseCorrupt(document));
    }
    // Packing hands buffers over: a refusal comes before it.
    if (!writer.healthy()) return Promise.reject(writer.unavailable());
    const message = { ...packBatches(batches), time: now() };
    return writer.call('append', message, buffersOf(message));
  }

  async load(document: DocumentName): Promise<StoredDocument | null> {
    try {
      const packed = await this.#workers.reader.call('load', document);
      this.#corrupt.delete(document);
      return packed === null ? null : unpackDocument(packed);
    } catch (thrown) {
      if (thrown instanceof SheafError && thrown.code === 'corrupt') this.#corrupt.add(document);
      throw thrown;
    }
  }

  async compact(compaction: Compaction): Promise<void> {
    if (this.#corrupt.has(compaction.document)) throw refuseCorrupt(compaction.document);
    // Read, deflated and hashed by the reader, so that commits wait only while it is written.
    const { reader, writer } = this.#workers;
    const sent = { ...compaction, snapshot: sendable(compaction.snapshot) };
    const prepared = await reader.call('prepare', sent, buffersOf(sent));
    await writer.call('compact', prepared, buffersOf(prepared));
  }

  history(name: DocumentName, from: number, to: number): Promise<HistorySegment[]> {
    return this.#workers.reader.call('history', { name, from, to });
  }

  /** In steps, between which commits go on. */
  async expireHistory(time: number): Promise<number> {
    let total = 0;
    let removed = await this.#workers.writer.call('expireHistory', time);
    while (removed > 0) {
      total += removed;
      removed = await this.#workers.writer.call('expireHistory', time);
    }
    return total;
  }

  /** Without a document: SQLite's own check of all pages, too, on a thread that holds up nobody. */
  async verify(document?: DocumentName): Promise<string[]> {
    if (document !== undefined) return this.#workers.reader.call('verify', document);
    const checker = new WorkerCalls<ReaderCalls>(READER, this.#workers.settings);
    await checker.start();
    try {
      const findings = await checker.call('checkPages', null);
      let names = await checker.call('names', { after: '', limit: NAMES_PER_PAGE });
      while (names.length > 0) {
        for (const name of names) findings.push(...(await checker.call('verify', name)));
        names = await checker.call('names', { after: names.at(-1) ?? '', limit: NAMES_PER_PAGE });
      }
      return findings;
    } finally {
      await checker.close();
    }
  }

  size(document: DocumentName): Promise<{ snapshot: number; tail: number; history: number }> {
    return this.#workers.reader.call('size', document);
  }
}

/** Names that a walk through all documents takes at a time. */
const NAMES_PER_PAGE = 1_000;

class SqliteCatalogue implements Catalogue {
  readonly #workers: Workers;

  constructor(workers: Workers) {
    this.#workers = workers;
  }

  list({ limit, after }: Parameters<Catalogue['list']>[0]): Promise<CatalogueEntry[]> {
    return this.#workers.reader.call('list', { limit, after });
  }

  get(document: DocumentName): Promise<CatalogueEntry | null> {
    return this.#workers.reader.call('get', document);
  }

  names({ after, limit }: Parameters<Catalogue['names']>[0]): ReturnType<Catalogue['names']> {
    return this.#workers.reader.call('all', { after, limit });
  }

  create(name: DocumentName, time: number): Promise<boolean> {
    return this.#workers.writer.call('create', { name, time });
  }

  setTitle(name: DocumentName, title: string): Promise<void> {
    return this.#workers.writer.call('setTitle', { name, title });
  }

  delete(name: DocumentName, time: number): Promise<void> {
    return this.#workers.writer.call('delete', { name, time });
  }

  expireTombstones(time: number): Promise<number> {
    return this.#workers.writer.call('expireTombstones', time);
  }
}

/** The snapshot in buffers that can be handed over: the caller keeps its own. Shared memory is sent as it is. */
function sendable(snapshot: Snapshot): Snapshot {
  const own = (bytes: Uint8Array): Uint8Array =>
    bytes.buffer instanceof ArrayBuffer ? bytes.slice() : bytes;
  const { update, stateVector, deleteSet } = snapshot;
  return { ...snapshot, update: own(update), stateVector: own(stateVector), deleteSet: own(deleteSet) };
}

function refuseCorrupt(document: DocumentName): SheafError {
  return new SheafError('corrupt', `"${document}" did not load: it is not written.`);
}
