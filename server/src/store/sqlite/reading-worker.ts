import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { SheafError, assertNever } from '../../error.ts';
import { buffersOf } from '../buffers.ts';
import { openReading } from './connection.ts';
import { LogReader } from './log-reader.ts';
import type { ReaderCalls, WorkerSettings } from './messages.ts';
import type { Notice, Reply, Request } from '../worker-messages.ts';

/** SQLite's codes for a file that is damaged or none of its own. */
const DAMAGED = new Set([11, 26]);

/** The thread that reads, on a connection of its own, so that neither waits for the other. */
class ReadingWorker {
  readonly #settings: WorkerSettings;
  readonly #port: MessagePort;
  readonly #database: DatabaseSync;
  readonly #log: LogReader;

  constructor(settings: WorkerSettings, port: MessagePort) {
    this.#settings = settings;
    this.#port = port;
    this.#database = openReading(settings);
    this.#log = new LogReader(this.#database);
  }

  /** Does one call and answers it. */
  handle(request: Request<ReaderCalls>): void {
    let reply: Reply;
    try {
      const result = this.#perform(request);
      reply = result === undefined ? request.id : { id: request.id, result };
    } catch (thrown) {
      const { code, message } = readingError(thrown);
      reply = { id: request.id, code, message };
    }
    this.#port.postMessage(reply, typeof reply === 'number' ? [] : buffersOf(reply));
  }

  #perform(request: Request<ReaderCalls>): unknown {
    const log = this.#log;
    switch (request.call) {
      case 'load':
        return log.load(request.argument);
      case 'prepare':
        return log.prepare(request.argument, this.#settings.limits.segmentBytes);
      case 'prepend':
        return log.prepend(request.argument.name, request.argument.segment);
      case 'history':
        return log.history(request.argument.name, request.argument.from, request.argument.to);
      case 'size':
        return log.size(request.argument);
      case 'list':
        return log.list(request.argument.limit, request.argument.after);
      case 'get':
        return log.get(request.argument);
      case 'all':
        return log.all(request.argument.after, request.argument.limit);
      case 'names':
        return log.names(request.argument.after, request.argument.limit);
      case 'verify':
        return log.verify(request.argument);
      case 'checkPages':
        return checkPages(this.#database);
      case 'close':
        return this.#database.close();
      default:
        return assertNever(request);
    }
  }
}

/** What SQLite's own check of pages and indexes finds. */
function checkPages(database: DatabaseSync): string[] {
  const rows = database.prepare('PRAGMA integrity_check').all();
  return rows.map((row) => String(row['integrity_check'])).filter((finding) => finding !== 'ok');
}

function readingError(thrown: unknown): SheafError {
  const damaged =
    thrown instanceof Error && 'errcode' in thrown && DAMAGED.has(Number(thrown.errcode) & 0xff);
  return SheafError.from(thrown, damaged ? 'corrupt' : 'storage-unavailable');
}

function start(port: MessagePort, settings: WorkerSettings): void {
  let notice: Notice;
  try {
    const worker = new ReadingWorker(settings, port);
    port.on('message', (request: Request<ReaderCalls>) => worker.handle(request));
    notice = { state: 'ready' };
  } catch (thrown) {
    const { code, message } = readingError(thrown);
    notice = { state: 'refused', code, message };
  }
  port.postMessage(notice);
}

if (parentPort !== null) start(parentPort, workerData);
