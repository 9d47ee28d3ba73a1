import type { ConnectRouter } from '@connectrpc/connect';
import { createContextValues } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { createSecureServer, createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import { SESSION_MEMORY_MB, SESSION_WINDOW_BYTES, STREAM_WINDOW_BYTES } from './http2-session.ts';
import type { ClusterTls } from './remote.ts';
import { SESSION } from './service.ts';

/** The gRPC listener. */
export class Listener {
  readonly #server: Http2Server;
  readonly #sockets = new Set<Socket>();

  constructor(tls: ClusterTls | null, limits: Limits, routes: (router: ConnectRouter) => void) {
    const handler = connectNodeAdapter({
      routes,
      contextValues: (request) =>
        createContextValues().set(SESSION, 'stream' in request ? (request.stream.session ?? null) : null),
      acceptCompression: [],
      readMaxBytes: limits.peerMessageBytes,
      writeMaxBytes: limits.peerMessageBytes,
      connect: false,
      grpcWeb: false,
    });
    const settings = { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: 64 };
    const options = { settings, maxSessionMemory: SESSION_MEMORY_MB };
    this.#server =
      tls === null
        ? createServer(options, handler)
        : createSecureServer(
            { ...options, ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
            handler,
          );
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('session', (session: ServerHttp2Session) => {
      if (!session.destroyed) session.setLocalWindowSize(SESSION_WINDOW_BYTES);
      // Each stream hears of it, too.
      session.on('error', () => {});
    });
    // A peer without a certificate, or one that speaks something else: its connection is closed.
    this.#server.on('sessionError', () => {});
    this.#server.on('tlsClientError', () => {});
  }

  /** Resolves with its port. Throws `bad-setting`. */
  async listen({ host, port }: { host: string; port: number }): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen({ host, port }, resolve);
    try {
      await promise;
    } catch (thrown) {
      const { message } = SheafError.from(thrown);
      throw new SheafError('bad-setting', `SHEAF_CLUSTER_LISTEN: ${message}.`, { cause: thrown });
    }
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null)
      throw new SheafError('internal', 'The listener has no address.');
    return address.port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
