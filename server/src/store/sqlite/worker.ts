import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { SheafError, assertNever } from '../../error.ts';
import { unpackBatches } from './append-message.ts';
import { cutWal, openWriting, waitForCheckpoint, walFrames } from './connection.ts';
import { takeFolder } from './folder.ts';
import { LogWriter } from './log-writer.ts';
import type { WorkerSettings, WriterCalls } from './messages.ts';
import { migrate } from './migrations.ts';
import type { Notice, Reply, Request } from '../worker-messages.ts';

/** Commits, and bytes in them, between two looks at the size of the write-ahead log. */
const COMMITS_PER_LOOK = 16;
const BYTES_PER_LOOK = 1024 * 1024;

/** The database while it works. */
interface Open {
  readonly database: DatabaseSync;
  readonly log: LogWriter;
  /** Copies what it can of the write-ahead log without waiting for readers. */
  readonly checkpoint: StatementSync;
}

/**
 * The thread that owns the writing connection. Calls are done one after another. When the storage fails, it
 * refuses all that is under way, lets go of the database, and opens it again from disk: a sync that failed
 * is never tried again, because the kernel may have dropped what it could not write.
 */
class WritingWorker {
  readonly #settings: WorkerSettings;
  readonly #port: MessagePort;
  readonly #lock: DatabaseSync;
  #open: Open | null;
  #epoch = 0;
  /** Commits and their bytes since the last look. */
  #commits = 0;
  #bytes = 0;
  /** Pages of the write-ahead log at which commits wait next until it has been copied. */
  #waitAt: number;
  #idle: NodeJS.Timeout;
  #probing: NodeJS.Timeout | null = null;

  constructor(settings: WorkerSettings, port: MessagePort) {
    this.#settings = settings;
    this.#port = port;
    this.#waitAt = settings.limits.walMaxPages;
    this.#lock = takeFolder(settings.folder);
    this.#open = open(settings, true);
    this.#idle = setTimeout(() => this.#guard(() => this.#checkpoint()), settings.limits.idleMs);
  }

  /** Does one call and answers it. */
  handle(request: Request<WriterCalls>): void {
    if (request.call === 'close') return this.#close(request.id);
    if (this.#open === null || request.epoch !== this.#epoch)
      return this.#refuse(request.id, new SheafError('storage-unavailable', 'The storage failed.'));
    let reply: Reply;
    try {
      const result = perform(this.#open.log, request);
      reply = result === undefined ? request.id : { id: request.id, result };
    } catch (thrown) {
      if (!(thrown instanceof SheafError)) this.#fail(thrown);
      return this.#refuse(request.id, SheafError.from(thrown, 'storage-unavailable'));
    }
    this.#port.postMessage(reply);
    this.#bytes += bytesOf(request);
    this.#guard(() => this.#tidy());
  }

  #refuse(id: number, { code, message }: SheafError): void {
    const reply: Reply = { id, code, message };
    this.#port.postMessage(reply);
  }

  /** Keeps the write-ahead log short, between two commits. */
  #tidy(): void {
    this.#idle.refresh();
    this.#commits += 1;
    if ((this.#commits < COMMITS_PER_LOOK && this.#bytes < BYTES_PER_LOOK) || this.#open === null) return;
    this.#commits = 0;
    this.#bytes = 0;
    const { walPages, walMaxPages } = this.#settings.limits;
    const frames = walFrames(this.#open.database);
    if (frames >= this.#waitAt) {
      // A check of all pages may read for longer than anybody waits: then the bound moves, and commits go on.
      const held = waitForCheckpoint(this.#open.database);
      this.#waitAt = held ? frames + walMaxPages : walMaxPages;
    } else if (frames >= walPages) this.#checkpoint();
  }

  #checkpoint(): void {
    this.#open?.checkpoint.run();
  }

  /** A failure outside a call is one of the storage too. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(thrown: unknown): void {
    this.#epoch += 1;
    const notice: Notice = { state: 'failed', epoch: this.#epoch, reason: SheafError.from(thrown).message };
    this.#port.postMessage(notice);
    const failed = this.#open;
    this.#open = null;
    if (failed !== null) this.#abandon(failed.database);
    this.#probing = setTimeout(() => this.#probe(), this.#settings.limits.probeMs);
  }

  /** Closes, and takes the frames of the failed commit out of the write-ahead log. */
  #abandon(database: DatabaseSync): void {
    try {
      const frames = walFrames(database);
      cutWal(this.#settings.folder, frames);
    } catch {
      // The disk answers to nothing now; the first commit after it came back overwrites those frames.
    }
    try {
      database.close();
    } catch {
      // What it could not write is in the write-ahead log, or was never acknowledged.
    }
  }

  #probe(): void {
    this.#probing = null;
    let opened: Open | null = null;
    try {
      opened = open(this.#settings, false);
      opened.log.probe(Date.now());
      opened.checkpoint.run();
    } catch {
      // Still failing; the next try comes.
      if (opened !== null) this.#abandon(opened.database);
      this.#probing = setTimeout(() => this.#probe(), this.#settings.limits.probeMs);
      return;
    }
    this.#open = opened;
    const notice: Notice = { state: 'healthy' };
    this.#port.postMessage(notice);
  }

  #close(id: number): void {
    clearTimeout(this.#idle);
    if (this.#probing !== null) clearTimeout(this.#probing);
    try {
      this.#open?.database.close();
      this.#open = null;
      this.#lock.close();
    } catch (thrown) {
      return this.#refuse(id, SheafError.from(thrown, 'storage-unavailable'));
    }
    this.#port.postMessage(id);
  }
}

/** About what a call writes; whatever is no append counts as much. */
function bytesOf(request: Request<WriterCalls>): number {
  if (request.call !== 'append') return BYTES_PER_LOOK;
  return request.argument.beside.reduce((sum, { length }) => sum + length, request.argument.packed.length);
}

function open(settings: WorkerSettings, first: boolean): Open {
  const database = openWriting(settings);
  try {
    if (first) migrate(database);
    const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    return { database, log: new LogWriter(database), checkpoint };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function perform(
  log: LogWriter,
  request: Exclude<Request<WriterCalls>, { call: 'close' }>,
): boolean | number | void {
  switch (request.call) {
    case 'append':
      return log.append(unpackBatches(request.argument), request.argument.time);
    case 'compact':
      return log.compact(request.argument);
    case 'prepend':
      return log.prepend(request.argument.name, request.argument.segment);
    case 'create':
      return log.create(request.argument.name, request.argument.time);
    case 'setTitle':
      return log.setTitle(request.argument.name, request.argument.title);
    case 'delete':
      return log.delete(request.argument.name, request.argument.time);
    case 'expireHistory':
      return log.expireHistory(request.argument);
    case 'expireTombstones':
      return log.expireTombstones(request.argument);
    default:
      return assertNever(request);
  }
}

function start(port: MessagePort, settings: WorkerSettings): void {
  let notice: Notice;
  try {
    const worker = new WritingWorker(settings, port);
    port.on('message', (request: Request<WriterCalls>) => worker.handle(request));
    notice = { state: 'ready' };
  } catch (thrown) {
    const { code, message } = SheafError.from(thrown, 'storage-unavailable');
    notice = { state: 'refused', code, message };
  }
  port.postMessage(notice);
}

if (parentPort !== null) start(parentPort, workerData);
