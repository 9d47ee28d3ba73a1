import fastifyHelmet from '@fastify/helmet';
import fastify, {
  LogController,
  type FastifyInstance,
  type FastifyHttpOptions,
  type FastifyRequest,
} from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import type { Writable } from 'node:stream';
import { isOriginAllowed, type OriginRules } from '../access/origins.ts';
import type { Limits } from '../limits.ts';
import type { MetricFamily } from '../metric.ts';
import { serveAsSeen } from './as-seen.ts';
import { clientAddress } from './client-address.ts';
import { formatFamilies, formatMetrics, METRICS_TYPE, processMetrics, type Metrics } from './metrics.ts';
import { servePageSettings } from './page-settings.ts';
import { RequestTurns } from './request-turns.ts';
import { securityHeaders } from './security-headers.ts';
import { serveClient } from './static-files.ts';

/** A name of 512 bytes, percent-encoded, fits. */
const PATH_PARAMETER_LENGTH = 2_048;

/** Node's own default, bytes; also the most that may wait before a socket reports that it has drained. */
const HIGH_WATER_MARK = 64 * 1024;

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
  /** Lines of JSON from this level on; null logs nothing. */
  readonly logger: { readonly level: string; readonly stream: Writable } | null;
}

/**
 * The HTTP side without the API, the channels and the WebSockets, which the caller adds: health, metrics, and the client.
 * Tokens reach no log: requests are logged by method and path, never with query or headers.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { origins, limits } = options;
  const app = fastify(serverOptions(options));
  const turns = new RequestTurns(limits.requestsPerTurn);

  app.addHook('onRequest', async (request, reply) => {
    await turns.next();
    // A page's own files may be asked for by any page (a link, an image); a rebound name may have nothing at all.
    if (origins.checkHost && !isOriginAllowed({ host: request.headers.host }, origins))
      await reply
        .code(403)
        .type('text/plain')
        .send('This server is not reached by that name (SHEAF_PUBLIC_URL).\n');
  });
  app.addHook('onResponse', async (request, reply) => {
    const fields = { ...describeRequest(request.raw), address: clientAddress(request.raw, options.trusted) };
    request.log.debug(
      { ...fields, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'A request',
    );
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ ...describeRequest(request.raw), err: error }, 'A request failed');
    const words = status >= 500 ? 'The server made a mistake.' : error.message;
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

function serverOptions({ limits, logger }: AppOptions): FastifyHttpOptions<Server> {
  return {
    logger: logger
      ? { ...logger, serializers: { req: ({ raw }: FastifyRequest) => describeRequest(raw) } }
      : false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.apiRequestBytes,
    requestTimeout: limits.requestMs,
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH },
    http: {
      headersTimeout: limits.requestMs,
      highWaterMark: Math.min(HIGH_WATER_MARK, limits.outboundBytes),
      // Whoever offers another protocol (curl offers h2c) is answered in HTTP/1.1 as if it had not.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
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

function describeRequest(request: IncomingMessage): { method: string; path: string } {
  return { method: request.method ?? '', path: (request.url ?? '').split('?', 1)[0] ?? '' };
}
