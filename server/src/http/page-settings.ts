import { PAGE_SETTINGS_PATH } from '@sheaf/proto/page-settings';
import type { PageSettings } from '@sheaf/proto/page-settings';
import type { FastifyInstance } from 'fastify';

/**
 * Tells pages what was not known when they were built. It is no part of `index.html`, which a service worker takes only
 * with the hash that its build gave it. Nothing in it is secret.
 */
export function servePageSettings(app: FastifyInstance, tokenUrl: string | null): void {
  const settings: PageSettings = { tokenUrl };
  app.get(PAGE_SETTINGS_PATH, (_request, reply) => reply.header('cache-control', 'no-cache').send(settings));
}
