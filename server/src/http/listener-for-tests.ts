import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import type { OriginRules } from '../access/origins.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import type { Accept } from '../protocol/accept.ts';
import type { FastifyInstance } from 'fastify';
import { Channels } from '../channel/channels.ts';
import { Room } from '../channel/room.ts';
import { createApp } from './app.ts';
import { ChannelRoutes } from './channel-routes.ts';
import { networkTest } from './client-address.ts';
import { createUpgrades, type Upgrades } from './upgrade.ts';

/** A listener of its own for a test, without an engine. */
export interface TestListener extends AsyncDisposable {
  readonly port: number;
  readonly app: FastifyInstance;
  readonly upgrades: Upgrades;
  readonly channels: Channels;
  /** What was logged, as text. */
  readonly logged: () => string;
  /** Lets the listener say that it is not ready, and refuse newcomers. */
  drain(): void;
}

/** What a test may choose. */
export interface TestListenerOptions {
  readonly accept?: Accept;
  readonly limits?: Partial<Limits>;
  readonly origins?: OriginRules;
  readonly clientFolder?: string;
  readonly tokenUrl?: string;
  /** Another clock for the channels, ms. */
  readonly clock?: { readonly now: () => number };
  readonly prepare?: (app: FastifyInstance) => Promise<void>;
}

const NOBODY: Accept = {
  hocuspocus: () => assert.fail('nobody was expected'),
  yjs: () => assert.fail('nobody was expected'),
};

/** Starts one on a free port of loopback. */
export async function startListener(options: TestListenerOptions = {}): Promise<TestListener> {
  let log = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      log += chunk.toString();
      done();
    },
  });
  let problem: string | null = null;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const origins = options.origins ?? { publicUrl: null, origins: [], checkHost: true };
  const trusted = networkTest(['127.0.0.0/8']);
  const app = await createApp({
    clientFolder: options.clientFolder ?? '/nonexistent',
    origins,
    tokenUrl: options.tokenUrl ?? null,
    limits,
    trusted,
    notReady: () => problem,
    metrics: () => ({ sheaf_documents: 3, sheaf_updates_total: 12 }),
    direct: () => channelRoutes,
    logger: { level: 'debug', stream },
  });
  await options.prepare?.(app);
  const accept = options.accept ?? NOBODY;
  const room = new Room(limits.connectionsPerAddress);
  const draining = (): boolean => problem !== null;
  const { log: appLog } = app;
  const channels = new Channels({ limits, log: appLog, room, draining, ...options.clock });
  const channelRoutes = new ChannelRoutes({ channels, accept, origins, limits, trusted });
  const upgrades = createUpgrades({
    accept,
    channels,
    room,
    origins,
    limits,
    log: appLog,
    trusted,
    draining,
  });
  app.server.on('upgrade', upgrades.handle);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const bound = app.server.address();
  assert.ok(typeof bound === 'object' && bound !== null);
  return {
    port: bound.port,
    app,
    upgrades,
    channels,
    logged: () => log,
    drain: () => (problem = 'The server is about to stop.'),
    async [Symbol.asyncDispose]() {
      channels.terminateAll();
      upgrades.connections.terminateAll();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
