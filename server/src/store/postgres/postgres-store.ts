import { randomUUID } from 'node:crypto';
import { SheafError } from '../../error.ts';
import { buffersOf } from '../buffers.ts';
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
import { shareDatabase } from './shared-store.ts';
import { WorkerCalls } from '../worker-calls.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { POSTGRES_LIMITS } from './limits.ts';
import type { PostgresLimits } from './limits.ts';
import { LogWriter } from './log-writer.ts';
import type { BulkCalls, BulkSettings } from './messages.ts';
import { migrate } from './migrations.ts';

/** How a PostgreSQL store is opened. */
export interface PostgresStoreOptions {
  /** See {@link parseDatabaseUrl}. */
  readonly url: string;
  /** `full`: a database that answers before its disk was synced is refused; `normal`: it is taken. */
  readonly fsync: 'full' | 'normal';
  readonly limits?: Partial<StoreLimits & PostgresLimits> | undefined;
  /** ms since 1970; the system's clock unless given. */
  readonly now?: (() => number) | undefined;
  /** What a person should know about the database, at the start. */
  readonly notice?: ((words: string) => void) | undefined;
}

const BULK = new URL('./bulk-worker.ts', import.meta.url);

/**
 * Opens a database, which several nodes may share, and brings its tables up to date. Throws `bad-setting` for an address,
 * user or database that is not right, `storage-unavailable` when it cannot be reached or takes no writes.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { fsync, now = Date.now, notice = () => {} } = options;
  const limits = { ...STORE_LIMITS, ...POSTGRES_LIMITS, ...options.limits };
  const connection = { address: parseDatabaseUrl(options.url), limits, fsync };
  const id = randomUUID();
  const writer = new LogWriter({ ...connection, id, probeMs: limits.probeMs, notice });
  await writer.start(migrate);
  const settings: BulkSettings = {
    url: options.url,
    limits,
    fsync,
    name: `sheaf bulk ${id}`,
    segmentBytes: limits.segmentBytes,
  };
  const bulk = new WorkerCalls<BulkCalls>(BULK, settings);
  try {
    await bulk.start();
  } catch (thrown) {
    await writer.close();
    throw thrown;
  }
  const parts: Parts = { writer, bulk, batchBytes: limits.batchBytes, now };
  const log = new PostgresLog(parts);
  return {
    log,
    catalogue: new PostgresCatalogue(parts),
    shared: shareDatabase(bulk, (batches) => log.write(batches, true)),
    earlier: null,
    healthy: () => writer.healthy() && bulk.healthy(),
    close: async () => {
      await writer.close();
      await bulk.close();
    },
  };
}

interface Parts {
  readonly writer: LogWriter;
  readonly bulk: WorkerCalls<BulkCalls>;
  readonly batchBytes: number;
  readonly now: () => number;
}

/** A call that writes beside the log: refused at once while the database takes nothing. */
async function write<Name extends keyof BulkCalls>(
  { writer, bulk }: Parts,
  name: Name,
  argument: BulkCalls[Name][0],
): Promise<BulkCalls[Name][1]> {
  if (!writer.takesCalls) throw writer.unavailable();
  return bulk.call(name, argument);
}

class PostgresLog implements UpdateLog {
  readonly #parts: Parts;
  /** Documents that did not load: never written. */
  readonly #corrupt = new Set<DocumentName>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async append(batches: readonly LogBatch[]): Promise<void> {
    await this.write(batches, false);
  }

  /** Appends; `shared`: the log gives the numbers. Resolves with the first of each batch. */
  write(batches: readonly LogBatch[], shared: boolean): Promise<readonly number[]> {
    const { writer, batchBytes, now } = this.#parts;
    for (const { document, entries } of batches) {
      if (sizeOf(entries) > batchBytes)
        return Promise.reject(new SheafError('too-large', 'One commit of one document is too large.'));
      if (this.#corrupt.size > 0 && this.#corrupt.has(document))
        return Promise.reject(refuseCorrupt(document));
    }
    return writer.append(batches, now(), shared);
  }

  async load(document: DocumentName): Promise<StoredDocument | null> {
    try {
      const stored = await this.#parts.bulk.call('load', document);
      this.#corrupt.delete(document);
      return stored === null ? null : unpackDocument(stored);
    } catch (thrown) {
      if (thrown instanceof SheafError && thrown.code === 'corrupt') this.#corrupt.add(document);
      throw thrown;
    }
  }

  async compact(compaction: Compaction): Promise<void> {
    if (this.#corrupt.has(compaction.document)) throw refuseCorrupt(compaction.document);
    const { writer, bulk } = this.#parts;
    if (!writer.takesCalls) throw writer.unavailable();
    const sent = { ...compaction, snapshot: sendable(compaction.snapshot) };
    await bulk.call('compact', sent, buffersOf(sent));
  }

  history(name: DocumentName, from: number, to: number): Promise<HistorySegment[]> {
    return this.#parts.bulk.call('history', { name, from, to });
  }

  expireHistory(time: number): Promise<number> {
    return write(this.#parts, 'expireHistory', time);
  }

  verify(document?: DocumentName): Promise<string[]> {
    return this.#parts.bulk.call('verify', document);
  }

  size(document: DocumentName): Promise<{ snapshot: number; tail: number; history: number }> {
    return this.#parts.bulk.call('size', document);
  }
}

class PostgresCatalogue implements Catalogue {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  list({ limit, after }: Parameters<Catalogue['list']>[0]): Promise<CatalogueEntry[]> {
    return this.#parts.bulk.call('list', { limit, after });
  }

  get(document: DocumentName): Promise<CatalogueEntry | null> {
    return this.#parts.bulk.call('get', document);
  }

  names({ after, limit }: Parameters<Catalogue['names']>[0]): ReturnType<Catalogue['names']> {
    return this.#parts.bulk.call('names', { after, limit });
  }

  create(name: DocumentName, time: number): Promise<boolean> {
    return write(this.#parts, 'create', { name, time });
  }

  setTitle(name: DocumentName, title: string): Promise<void> {
    return write(this.#parts, 'setTitle', { name, title });
  }

  delete(name: DocumentName, time: number): Promise<void> {
    return write(this.#parts, 'delete', { name, time });
  }

  expireTombstones(time: number): Promise<number> {
    return write(this.#parts, 'expireTombstones', time);
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
