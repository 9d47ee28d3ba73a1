import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { Pool } from 'pg';
import type { ClientBase } from 'pg';
import { SheafError, assertNever } from '../../error.ts';
import { buffersOf } from '../buffers.ts';
import type { DocumentName } from '../document-name.ts';
import type { Notice, Reply, Request } from '../worker-messages.ts';
import {
  createDocument,
  deleteDocument,
  expireHistory,
  expireTombstones,
  getDocument,
  listDocuments,
  listNames,
  setDocumentTitle,
} from './catalogue.ts';
import { compactDocument } from './compaction.ts';
import { clientConfig, prepareSession } from './connection.ts';
import { loadDocument, loadHistory, readBehind, readNames, readSize, verifyDocument } from './log-reader.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { agreeOnCluster, beat, leave } from './membership.ts';
import type { BulkCalls, BulkSettings } from './messages.ts';
import { storeError, troubleOf } from './postgres-error.ts';
import { readEnds } from './rows.ts';

/** Names that a walk through all documents takes at a time. */
const NAMES_PER_PAGE = 1_000;
/** A connection that nobody used is closed after, ms. */
const IDLE_MS = 60_000;

/**
 * The thread for everything but the log's commits: documents of many megabytes are read, checked, deflated and hashed
 * here, where they hold up nobody. Calls run beside each other, each on a connection of its own.
 */
class BulkWorker {
  readonly #settings: BulkSettings;
  readonly #port: MessagePort;
  readonly #pool: Pool;

  /** Connections that no call has, and the calls that wait for one. */
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(settings: BulkSettings, port: MessagePort) {
    this.#settings = settings;
    this.#port = port;
    this.#free = settings.limits.bulkConnections;
    const connection = { ...settings, address: parseDatabaseUrl(settings.url) };
    this.#pool = new Pool({
      ...clientConfig(connection, settings.name),
      max: settings.limits.bulkConnections,
      idleTimeoutMillis: IDLE_MS,
      // The pool waits for what this returns.
      onConnect: (client) => prepareSession(client, connection),
    });
    // A connection that breaks while nobody uses it has left the pool with this.
    this.#pool.on('error', () => {});
  }

  /** Does one call and answers it. */
  async handle(request: Request<BulkCalls>): Promise<void> {
    let reply: Reply;
    try {
      const result = request.call === 'close' ? await this.#pool.end() : await this.#inTurn(request);
      reply = result === undefined ? request.id : { id: request.id, result };
    } catch (thrown) {
      const { code, message } = storeError(thrown);
      reply = { id: request.id, code, message };
    }
    this.#port.postMessage(reply, typeof reply === 'number' ? [] : buffersOf(reply));
  }

  /** Its turn comes when one of the connections is free: the pool itself would let nobody wait longer than for a connection. */
  async #inTurn(request: WorkRequest): Promise<unknown> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await this.#onConnection(request);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  /** What met another node's transaction is done again; what lost its connection is not, for nobody knows what it did. */
  async #onConnection(request: WorkRequest): Promise<unknown> {
    for (let conflicts = 0; ;) {
      const client = await this.#pool.connect();
      try {
        const result = await this.#perform(client, request);
        client.release();
        return result;
      } catch (thrown) {
        const trouble = thrown instanceof SheafError ? null : troubleOf(thrown);
        client.release(trouble?.kind === 'lost');
        if (trouble?.kind !== 'conflict' || conflicts >= this.#settings.limits.conflicts) throw thrown;
        conflicts += 1;
      }
    }
  }

  #perform(client: ClientBase, request: WorkRequest): Promise<unknown> {
    const { segmentBytes, limits } = this.#settings;
    switch (request.call) {
      case 'load':
        return loadDocument(client, request.argument);
      case 'compact':
        return compactDocument(client, request.argument, { segmentBytes, leaseMs: limits.leaseMs });
      case 'history':
        return loadHistory(client, request.argument.name, request.argument);
      case 'size':
        return readSize(client, request.argument);
      case 'verify':
        return request.argument === undefined ? verifyAll(client) : verifyDocument(client, request.argument);
      case 'list':
        return listDocuments(client, request.argument.limit, request.argument.after);
      case 'get':
        return getDocument(client, request.argument);
      case 'names':
        return listNames(client, request.argument.after, request.argument.limit);
      case 'create':
        return createDocument(client, request.argument.name, request.argument.time);
      case 'setTitle':
        return setDocumentTitle(client, request.argument.name, request.argument.title);
      case 'delete':
        return deleteDocument(client, request.argument.name, request.argument.time);
      case 'expireHistory':
        return expireHistory(client, request.argument);
      case 'expireTombstones':
        return expireTombstones(client, request.argument);
      case 'read':
        return readBehind(client, request.argument.name, request.argument.after);
      case 'ends':
        return readEnds(client, request.argument);
      case 'beat':
        return beat(client, request.argument.self, request.argument.withinMs);
      case 'leave':
        return leave(client, request.argument);
      case 'cluster':
        return agreeOnCluster(client, request.argument);
      default:
        return assertNever(request);
    }
  }
}

type WorkRequest = Exclude<Request<BulkCalls>, { call: 'close' }>;

async function verifyAll(client: ClientBase): Promise<string[]> {
  const findings: string[] = [];
  let after = '';
  for (;;) {
    const names: DocumentName[] = await readNames(client, after, NAMES_PER_PAGE);
    for (const name of names) findings.push(...(await verifyDocument(client, name)));
    const last = names.at(-1);
    if (last === undefined) return findings;
    after = last;
  }
}

function start(port: MessagePort, settings: BulkSettings): void {
  const worker = new BulkWorker(settings, port);
  port.on('message', (request: Request<BulkCalls>) => void worker.handle(request));
  const notice: Notice = { state: 'ready' };
  port.postMessage(notice);
}

if (parentPort !== null) start(parentPort, workerData);
