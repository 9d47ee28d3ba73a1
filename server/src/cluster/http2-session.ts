import { Code, ConnectError } from '@connectrpc/connect';
import type { GrpcTransportOptions } from '@connectrpc/connect-node';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import type { Socket } from 'node:net';

type SessionManager = NonNullable<GrpcTransportOptions['sessionManager']>;

/** What a stream, and all streams of a session, may have on the way, bytes: 64 KiB, Node's own, are 3 MB/s at 20 ms. */
export const STREAM_WINDOW_BYTES = 4 * 1024 * 1024;
export const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** What a session may hold, MB (1,000,000 bytes): more than its window. */
export const SESSION_MEMORY_MB = 64;

/**
 * One HTTP/2 session to one address, opened with the first request and anew after it broke. It pings nobody and retries
 * nothing: whoever uses it has heartbeats of its own. (connect-node's own manager can end the process: a request behind a
 * GOAWAY, a ping on a destroyed session.)
 */
export class Http2Session implements SessionManager {
  readonly authority: string;
  readonly #options: SecureClientSessionOptions;
  readonly #connectMs: number;
  #session: Promise<ClientHttp2Session> | null = null;
  #open: ClientHttp2Session | null = null;
  #closed = false;

  constructor(authority: string, connectMs: number, options: SecureClientSessionOptions) {
    this.authority = authority;
    this.#connectMs = connectMs;
    this.#options = options;
  }

  /** What the open session runs over. */
  get socket(): Socket | undefined {
    return this.#open?.socket;
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: object,
  ): Promise<ClientHttp2Stream> {
    if (this.#closed) throw new ConnectError('The session was closed.', Code.Canceled);
    if (this.#session === null || this.#open?.closed === true || this.#open?.destroyed === true)
      this.#session = this.#connect();
    const session = await this.#session;
    return session.request({ ...headers, ':method': method, ':path': path }, options);
  }

  notifyResponseByteRead(): void {
    // Nothing is pinged, so nothing is to be put off.
  }

  /** Cuts it, with all that is under way. */
  close(): void {
    this.#closed = true;
    this.#open?.destroy();
  }

  #connect(): Promise<ClientHttp2Session> {
    const session = connect(this.authority, {
      ...this.#options,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
      maxSessionMemory: SESSION_MEMORY_MB,
    });
    this.#open = session;
    const { promise, resolve, reject } = Promise.withResolvers<ClientHttp2Session>();
    const late = setTimeout(() => session.destroy(new Error('No connection in time.')), this.#connectMs);
    session.once('connect', () => {
      clearTimeout(late);
      // It may have been cut in the same turn; a destroyed session throws.
      if (session.destroyed) return;
      session.setLocalWindowSize(SESSION_WINDOW_BYTES);
      resolve(session);
    });
    session.once('close', () => {
      clearTimeout(late);
      if (this.#open === session) this.#session = null;
      reject(new ConnectError('The connection was closed.', Code.Unavailable));
    });
    // Later errors reach each stream; the session has to have somebody who listens.
    session.on('error', (error) => reject(ConnectError.from(error, Code.Unavailable)));
    return promise;
  }
}
