import type { FastifyInstance } from 'fastify';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Writable } from 'node:stream';
import type { Access } from './access/access.ts';
import { AdminAccess } from './access/admin.ts';
import { OpenAccess } from './access/open.ts';
import { isLoopback, type OriginRules } from './access/origins.ts';
import type { DocumentsApi } from './api/documents-api.ts';
import { serveApi } from './api/serve-api.ts';
import { Channels } from './channel/channels.ts';
import { Room } from './channel/room.ts';
import { type Cluster, type ClusterOptions, startCluster } from './cluster/cluster.ts';
import { Replicator } from './cluster/replicator.ts';
import { Documents } from './document/documents.ts';
import { SheafError } from './error.ts';
import { createApp } from './http/app.ts';
import { ChannelRoutes } from './http/channel-routes.ts';
import { networkTest } from './http/client-address.ts';
import type { Log } from './http/log.ts';
import { createUpgrades, type Upgrades } from './http/upgrade.ts';
import { serveUploads, type UploadRoutesOptions } from './http/upload-routes.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { closeCode } from './protocol/close-codes.ts';
import type { Accept } from './protocol/accept.ts';
import { acceptHocuspocus } from './protocol/hocuspocus.ts';
import { KeepAlive } from './protocol/keep-alive.ts';
import { Paced } from './protocol/paced.ts';
import type { StatelessMessage } from './protocol/protocol-context.ts';
import { acceptYWebSocket } from './protocol/y-websocket.ts';
import { Retention } from './retention.ts';
import { openMemoryStore } from './store/memory/memory-store.ts';
import { MemoryUploads } from './store/memory/memory-uploads.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import type { SharedStore, Store } from './store/store.ts';
import { FolderUploads } from './store/uploads/folder-uploads.ts';
import type { UploadStore } from './store/uploads/upload-store.ts';
import { UploadSweep } from './upload-sweep.ts';

const CLIENT_FOLDER = fileURLToPath(new URL('../../client/dist', import.meta.url));

const RESTARTING = 'The server is restarting.';

/** How a server is started. Everything has a default, which suits a test. */
export interface ServerOptions {
  /** Loopback unless told. Beyond it `access` must be given. */
  readonly host?: string;
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** Folder that keeps everything, made if there is none; null, the default, keeps nothing. */
  readonly data?: string | null;
  /** `postgres://…`: documents are kept in that database, which several servers may share; null, the default: they are not. */
  readonly database?: string | null;
  readonly fsync?: 'full' | 'normal';
  /** Who may do what; anybody may do anything unless told. */
  readonly access?: Access;
  /** Where pages get tokens, as SHEAF_TOKEN_URL says it; null, the default: they have none. */
  readonly tokenUrl?: string | null;
  /** Where people reach the server, if it is not the request's own host. */
  readonly publicUrl?: URL | null;
  /** Origins whose pages may connect, beside the page's own. */
  readonly origins?: readonly string[];
  /** Addresses and networks whose forwarded headers are believed; loopback unless told. */
  readonly trustedProxies?: readonly string[];
  /** What differs from {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;
  /** What is done with clients' stateless messages (Hocuspocus's protocol); nothing unless told. */
  readonly stateless?: (message: StatelessMessage) => void;
  /** Where Vite put the client's build; the project's own unless told. */
  readonly clientFolder?: string;
  /** How it takes part in a cluster; null, the default: it is the only server. */
  readonly cluster?: ClusterOptions | null;
  /** The token of whoever may see the operator's pages; null, the default: nobody but, with open access, who is on this machine. */
  readonly adminToken?: string | null;
  /** An operator has asked that this server end: by default it stops. */
  readonly onDrain?: () => void;
  /** Lines of JSON from this level on; null, the default, logs nothing. */
  readonly logger?: { readonly level: string; readonly stream: Writable } | null;
}

/** A running server. */
export interface Server extends AsyncDisposable {
  /** `http://HOST:PORT` */
  readonly url: string;
  readonly port: number;
  readonly log: Log;
  /** Where other nodes call it; null: it is the only server. */
  readonly clusterPort: number | null;
  /** Refuses newcomers, tells everybody to come back, writes what was received, and ends. Can be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts a server; resolves when it listens. Throws `bad-setting` (also when the port is taken) or
 * `storage-unavailable`.
 */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { host = '127.0.0.1', port = 0 } = options;
  if (!isLoopback(host) && !options.access)
    throw new SheafError('bad-setting', `Listening on ${host} needs access to be chosen.`);
  const notices: string[] = [];
  const store = await openStore(options, notices);
  const parts = await assemble(options, host, store).catch(async (thrown: unknown) => {
    await store.close();
    throw thrown;
  });
  for (const words of notices) parts.app.log.warn(words);
  try {
    parts.cluster = await joinCluster(options, parts);
    await listen(parts.app, host, port);
    parts.retention.start();
    parts.sweep.start();
    return running(parts, host);
  } catch (thrown) {
    await drain(parts);
    throw thrown;
  }
}

/** `notices` takes what a person should know about it, once there is a log. */
async function openStore(options: ServerOptions, notices: string[]): Promise<Store> {
  const { data = null, database = null, fsync = 'full' } = options;
  if (database !== null) {
    // Loaded when it is called for: its driver takes time and memory that a server on SQLite need not spend.
    const { openPostgresStore } = await import('./store/postgres/postgres-store.ts');
    return openPostgresStore({ url: database, fsync, notice: (words) => notices.push(words) });
  }
  return data === null ? openMemoryStore() : openSqliteStore({ folder: data, fsync });
}

/** What a running server is made of. */
interface Parts {
  readonly app: FastifyInstance;
  readonly upgrades: Upgrades;
  readonly channels: Channels;
  readonly documents: Documents;
  readonly keepAlive: KeepAlive;
  readonly retention: Retention;
  readonly sweep: UploadSweep;
  readonly uploads: UploadStore;
  readonly store: Store;
  readonly replicator: Replicator | null;
  /** Joined once the rest is there. */
  cluster: Cluster | null;
  readonly report: (words: string, error: SheafError) => void;
  readonly limits: Limits;
  readonly state: { draining: boolean };
  /** Ends the server in order; settable once. */
  readonly ending: { stop: () => void };
}

async function assemble(options: ServerOptions, host: string, store: Store): Promise<Parts> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const access = options.access ?? new OpenAccess();
  const origins: OriginRules = {
    publicUrl: options.publicUrl ?? null,
    origins: options.origins ?? [],
    checkHost: access instanceof OpenAccess && isLoopback(host),
  };
  const trusted = networkTest(options.trustedProxies ?? ['127.0.0.0/8', '::1']);
  const state = { draining: false };
  const app = await createApp({
    clientFolder: options.clientFolder ?? CLIENT_FOLDER,
    origins,
    tokenUrl: options.tokenUrl ?? null,
    limits,
    trusted,
    notReady: () => problemOf(state, store),
    metrics: () => ({
      ...documents.metrics(),
      sheaf_connections: upgrades.connections.size,
      ...channels.metrics(),
      sheaf_messages_stopped_total: paced.stops,
      sheaf_store_healthy: Number(store.healthy()),
      ...parts.cluster?.metrics(),
    }),
    families: () => parts.cluster?.families() ?? [],
    direct: () => channelRoutes,
    logger: options.logger ?? null,
  });
  const { log } = app;
  const report = (words: string, error: SheafError): void => log.error({ err: error }, words);
  const replicator = options.cluster
    ? new Replicator(limits, () => performance.now(), (options.cluster.replicas ?? 1) - 1)
    : null;
  const shared = sharedStore(options, store) !== null;
  const documents = new Documents({ store, limits, report, shared, relay: replicator ?? undefined });
  const keepAlive = new KeepAlive(limits.keepAliveMs);
  const { stateless } = options;
  const context = { documents, limits, keepAlive, time: Date.now, stateless };
  const paced = new Paced(limits, access, () => performance.now());
  const accept: Accept = {
    hocuspocus: (opened, peer) =>
      paced.connect(opened, peer, (socket, known) =>
        acceptHocuspocus({ ...context, access: known }, socket, peer),
      ),
    yjs: (opened, peer, document) =>
      paced.connect(opened, peer, (socket, known) =>
        acceptYWebSocket({ ...context, access: known }, socket, { peer, document }),
      ),
  };
  const draining = (): boolean => state.draining;
  const room = new Room(limits.connectionsPerAddress);
  const channels = new Channels({ limits, log, room, draining });
  const upgrades = createUpgrades({
    accept,
    channels,
    room,
    origins,
    limits,
    log,
    trusted,
    draining,
  });
  app.server.on('upgrade', upgrades.handle);
  const channelRoutes = new ChannelRoutes({ channels, accept, origins, limits, trusted });
  const admin = new AdminAccess(options.adminToken ?? null, origins.checkHost);
  const overview = { look: () => parts.cluster?.overview() ?? Promise.resolve(null) };
  const uploads = openUploads(options, limits);
  const sweep = new UploadSweep({ store, uploads, graceMs: limits.uploadGraceMs, time: Date.now, report });
  const bring: UploadRoutesOptions['bring'] = async (document, hash) =>
    (await parts.cluster?.bringUpload(document, hash)) ?? false;
  const offer: UploadRoutesOptions['offer'] = async (document, hash) =>
    (await parts.cluster?.offerUpload(document, hash)) ?? { copies: 1, enough: true };
  await serveUploads(app, { uploads, bring, offer, access, origins, limits, trusted });
  const services = { documents: documentsApi(store, documents, sweep), overview };
  await serveApi(app, { ...services, access, admin, origins, limits, log });
  const retention = new Retention({ store, historyDays: limits.historyDays, time: Date.now, report });
  const parts: Parts = {
    app,
    upgrades,
    channels,
    documents,
    keepAlive,
    retention,
    sweep,
    uploads,
    store,
    limits,
    state,
    replicator,
    cluster: null,
    report,
    ending: { stop: () => {} },
  };
  return parts;
}

/** What a node shares with others; null: it is alone, or each has a disk of its own. */
function sharedStore({ database = null, cluster = null }: ServerOptions, store: Store): SharedStore | null {
  return database !== null && cluster !== null ? store.shared : null;
}

/** Replication begins before anybody is let in, so that nothing is written that it does not hear of. */
async function joinCluster(options: ServerOptions, parts: Parts): Promise<Cluster | null> {
  if (!options.cluster || parts.replicator === null) return null;
  const { documents, limits, report, store, replicator, uploads } = parts;
  const folder = options.data ?? null;
  const end = (): void => (options.onDrain ?? parts.ending.stop)();
  const serving = (): boolean => problemOf(parts.state, store) === null;
  const { catalogue, earlier, log } = store;
  return startCluster(
    options.cluster,
    {
      documents,
      catalogue,
      log,
      earlier,
      uploads,
      shared: sharedStore(options, store),
      limits,
      folder,
      serving,
      report,
      drain: end,
    },
    replicator,
  );
}

function problemOf(state: { draining: boolean }, store: Store): string | null {
  if (state.draining) return RESTARTING;
  return store.healthy() ? null : 'The storage does not take writes.';
}

/** Where uploads are: in the data folder, also of a server whose documents are in a database. */
function openUploads({ data = null }: ServerOptions, limits: Limits): UploadStore {
  return data === null
    ? new MemoryUploads(limits, Date.now)
    : new FolderUploads(join(data, 'uploads'), limits);
}

function documentsApi(store: Store, documents: Documents, sweep: UploadSweep): DocumentsApi {
  return {
    list: (page) => store.catalogue.list(page),
    get: (document) => store.catalogue.get(document),
    create: (document) => documents.create(document),
    delete: async (document) => {
      await documents.delete(document);
      await sweep.forget(document);
    },
  };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
    if (code === 'EADDRINUSE')
      throw new SheafError('bad-setting', `Port ${port} of ${host} is taken by another program.`, {
        cause: thrown,
      });
    throw new SheafError(
      'bad-setting',
      `Cannot listen on ${host}, port ${port}: ${SheafError.from(thrown).message}.`,
      {
        cause: thrown,
      },
    );
  }
}

function running(parts: Parts, host: string): Server {
  const bound = parts.app.server.address();
  if (typeof bound !== 'object' || bound === null)
    throw new SheafError('internal', 'The server has no address.');
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= drain(parts));
  parts.ending.stop = () => void stop();
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
    port: bound.port,
    log: parts.app.log,
    clusterPort: parts.cluster?.port ?? null,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * Ends everything in the order that stands here from the bottom up, also what follows a step that failed. It still
 * listens while people are told, so that `/readyz` can say so.
 */
async function drain(parts: Parts): Promise<void> {
  const { channels, limits } = parts;
  const { connections } = parts.upgrades;
  parts.state.draining = true;
  channels.drain(limits.channelDrainMs);
  await using ending = new AsyncDisposableStack();
  ending.defer(() => parts.store.close());
  ending.defer(() => parts.uploads.close());
  ending.defer(() => closeApp(parts.app, parts.limits.closeMs));
  ending.defer(() => parts.keepAlive.close());
  ending.defer(() => {
    connections.closeAll(closeCode('draining'), RESTARTING);
    channels.closeAll(closeCode('draining'), RESTARTING);
    return Promise.all([connections.ended(), channels.ended()]).then(() => {});
  });
  ending.defer(() => parts.cluster?.close());
  // Ends everybody's stay once what they sent is written and acknowledged.
  ending.defer(() => parts.documents.close());
  ending.defer(() => parts.cluster?.drain());
  ending.defer(() => Promise.all([parts.retention.stop(), parts.sweep.stop()]).then(() => {}));
}

/** Requests that are under way have `closeMs` to end. */
async function closeApp(app: FastifyInstance, closeMs: number): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), closeMs);
  await app.close();
  clearTimeout(late);
}
