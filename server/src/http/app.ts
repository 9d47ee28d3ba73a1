import fastifyHelmet from '@fastify/helmet';
import fastify, {
  LogController,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { createServer, type ServerOptions } from 'node:http';
import type { Writable } from 'node:stream';
import { isHostAllowed, type OriginRules } from '../access/origins.ts';
import type { Limits } from '../limits.ts';
import type { MetricFamily } from '../metric.ts';
import { serveAsSeen } from './as-seen.ts';
import { clientAddress } from './client-address.ts';
import { describeRequest, Front, MISTAKE, WRONG_NAME, type DirectRoutes, type Watch } from './front.ts';
import type { Log } from './log.ts';
import { formatFamilies, formatMetrics, METRICS_TYPE, processMetrics, type Metrics } from './metrics.ts';
import { servePageSettings } from './page-settings.ts';
import { RequestTurns } from './request-turns.ts';
import { securityHeaders } from './security-headers.ts';
import { serveClient } from './static-files.ts';

/** A name of 512 bytes, percent-encoded, fits. */
const PATH_PARAMETER_LENGTH = 2_048;

/** Node's own default, bytes; also the most that may wait before a socket reports that it has drained. */
const HIGH_WATER_MARK = 64 * 1024;

/** A connection on which nothing was asked for so long is closed, ms: longer than the proxies before it keep one (60 s). */
const KEEP_ALIVE_MS = 72_000;

/** What the HTTP side needs. */
export interface AppOptions {
  /** Where Vite put the client's build. */
  readonly clientFolder: string;
  readonly origins: OriginRules;
  /** Where pages get tokens: an absolute address, or a path of the same origin; null: they have none. */
  readonly tokenUrl: string | null;
  readonly limits: Limits;
  /** Whether an address is a proxy's whose forwarded headers are believed. */
  readonly trusted: (address: string) => boolean;
  /** Why the server can't serve now, for `/readyz`; null when it can. */
  readonly notReady: () => string | null;
  /** The engine's numbers for `/metrics`. */
  readonly metrics: () => Metrics;
  /** Those with labels; none unless told. */
  readonly families?: () => readonly MetricFamily[];
  /** What is answered before the app; asked for when there is a request. */
  readonly direct: () => DirectRoutes;
  /** Lines of JSON from this level on; null logs nothing. */
  readonly logger: { readonly level: string; readonly stream: Writable } | null;
}

/**
 * The HTTP side without the API, the channels and the WebSockets, which the caller adds: health, metrics, and the client.
 * Tokens reach no log: requests are logged by method and path, never with query or headers.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { origins, limits } = options;
  const turns = new RequestTurns(limits.requestsPerTurn);
  const watch = watchRequests(options, () => app.log);
  const front = new Front({ routes: options.direct, turns, log: () => app.log, watch });
  const app: FastifyInstance = fastify({
    ...appOptions(options),
    serverFactory: (routed) =>
      createServer(serverOptions(limits), (request, response) => front.handle(request, response, routed)),
  });

  app.addHook('preClose', async () => front.close());
  app.addHook('onRequest', async (request, reply) => {
    watch(request.raw, reply.raw);
    await turns.next();
    // A page's own files may be asked for by any page (a link, an image); a rebound name may have nothing at all.
    if (!isHostAllowed(request.headers.host, origins))
      await reply.code(WRONG_NAME.status).type('text/plain').send(`${WRONG_NAME.words}\n`);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ ...describeRequest(request.raw), err: error }, 'A request failed');
    const words = status >= 500 ? MISTAKE.words : error.message;
    return reply.code(status).type('text/plain; charset=utf-8').send(`${words}\n`);
  });

  await app.register(
    fastifyHelmet,
    securityHeaders({ overTls: origins.publicUrl?.protocol === 'https:', tokenUrl: options.tokenUrl }),
  );
  serveHealth(app, options);
  servePageSettings(app, options.tokenUrl);
  serveAsSeen(app, options.trusted);
  await serveClient(app, options.clientFolder);
  return app;
}

/** What logs each request when it has been answered; where nobody reads that, nothing: it takes longer than a small request. */
function watchRequests({ logger, trusted }: AppOptions, log: () => Log): Watch {
  if (logger?.level !== 'debug' && logger?.level !== 'trace') return () => {};
  return (request, response) => {
    const begun = performance.now();
    const fields = { ...describeRequest(request), address: clientAddress(request, trusted) };
    response.once('close', () => {
      const ms = Math.round(performance.now() - begun);
      log().debug({ ...fields, status: response.statusCode, ms }, 'A request');
    });
  };
}

function appOptions({ limits, logger }: AppOptions): FastifyServerOptions {
  return {
    logger: logger
      ? { ...logger, serializers: { req: ({ raw }: FastifyRequest) => describeRequest(raw) } }
      : false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.apiRequestBytes,
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH },
  };
}

function serverOptions(limits: Limits): ServerOptions {
  return {
    requestTimeout: limits.requestMs,
    headersTimeout: limits.requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    highWaterMark: Math.min(HIGH_WATER_MARK, limits.outboundBytes),
    // Whoever offers another protocol (curl offers h2c) is answered in HTTP/1.1 as if it had not.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  };
}

function serveHealth(app: FastifyInstance, options: AppOptions): void {
  app.get('/livez', (_request, reply) =>
    reply.type('text/plain').header('cache-control', 'no-store').send('ok\n'),
  );
  app.get('/readyz', (_request, reply) => {
    const problem = options.notReady();
    reply.type('text/plain').header('cache-control', 'no-store');
    return problem === null ? reply.send('ok\n') : reply.code(503).send(`${problem}\n`);
  });
  app.get('/metrics', (_request, reply) => {
    const text = formatMetrics({ ...processMetrics(), ...options.metrics() });
    return reply.type(METRICS_TYPE).send(text + formatFamilies(options.families?.() ?? []));
  });
}
