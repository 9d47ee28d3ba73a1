import { cors } from '@connectrpc/connect';
import { fastifyConnectPlugin } from '@connectrpc/connect-fastify';
import { DocumentService } from '@sheaf/proto';
import { ClusterService } from '@sheaf/proto/cluster';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../access/access.ts';
import type { AdminAccess } from '../access/admin.ts';
import { isOriginAllowed, type OriginRules } from '../access/origins.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../http/log.ts';
import { clusterService, type OverviewApi } from './cluster-service.ts';
import { connectErrors } from './connect-error.ts';
import { documentService } from './document-service.ts';
import type { DocumentsApi } from './documents-api.ts';

/** How long a browser may remember what a preflight allowed, seconds. */
const PREFLIGHT_S = 600;

/** What the API needs. */
export interface ApiOptions {
  readonly documents: DocumentsApi;
  readonly overview: OverviewApi;
  readonly access: Access;
  readonly admin: AdminAccess;
  readonly origins: OriginRules;
  readonly limits: Limits;
  readonly log: Log;
}

/**
 * Adds the services to `app`, at the paths of Connect's protocol
 * (`POST /sheaf.documents.v1.DocumentService/ListDocuments` with JSON). Pages of other origins are refused.
 */
export async function serveApi(app: FastifyInstance, options: ApiOptions): Promise<void> {
  const { origins, limits } = options;
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      const { origin, host } = request.headers;
      if (!isOriginAllowed({ origin, host }, origins)) {
        return reply
          .code(403)
          .type('text/plain')
          .send('Pages of this origin may not call (SHEAF_ORIGINS).\n');
      }
      if (origin === undefined) return undefined;
      reply.headers({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': cors.exposedHeaders.join(', '),
        vary: 'origin',
      });
      if (request.method !== 'OPTIONS') return undefined;
      return reply
        .code(204)
        .headers({
          'access-control-allow-methods': cors.allowedMethods.join(', '),
          'access-control-allow-headers': [...cors.allowedHeaders, 'Authorization'].join(', '),
          'access-control-max-age': PREFLIGHT_S,
        })
        .send();
    });
    await scope.register(fastifyConnectPlugin, {
      routes: (router) => {
        router.service(DocumentService, documentService(options.documents, options.access));
        router.service(ClusterService, clusterService(options.overview, options.admin));
      },
      interceptors: [connectErrors(options.log)],
      readMaxBytes: limits.apiRequestBytes,
      acceptCompression: [],
      grpc: false,
    });
  });
}
