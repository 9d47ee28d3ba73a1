import type { FastifyInstance } from 'fastify';

/**
 * Serves `/seen`: how a request looks once it is here, for `sheaf doctor` to tell what proxies took away. Says nothing
 * that the asker, or a proxy on its behalf, did not send, and no address. `trusted`: whether an address is a proxy's
 * whose forwarded headers are believed.
 */
export function serveAsSeen(app: FastifyInstance, trusted: (address: string) => boolean): void {
  app.get('/seen', ({ raw }, reply) =>
    reply.header('cache-control', 'no-store').send({
      forwardedFor: raw.headers['x-forwarded-for'] !== undefined,
      forwardedProto: raw.headers['x-forwarded-proto'] !== undefined,
      trusted: trusted(raw.socket.remoteAddress ?? ''),
      host: raw.headers.host ?? '',
    }),
  );
}
