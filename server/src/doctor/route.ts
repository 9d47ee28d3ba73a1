import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { WebSocket } from 'ws';
import { DOCTOR_LIMITS } from './limits.ts';

/** How requests travel: to `target`, straight or through the proxy that browsers here are set to. */
export interface Route {
  /** The deployment's address; its path ends with a slash. */
  readonly target: URL;
  readonly proxy: URL | null;
}

/** What is asked. `path` stands behind the target's own. */
export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** An answer whose head has come. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
  /** Decompressed; an error ends it. */
  readonly body: Readable;
}

/** Asks as a page of the target's origin would. Rejects when no answer comes; the question's signal ends both. */
export async function ask(route: Route, question: Question): Promise<Answer> {
  const url = new URL(question.path, route.target);
  const headers: Record<string, string> = {
    host: url.host,
    // A browser sends none with a GET to the page's own server.
    ...(question.method === 'POST' ? { origin: route.target.origin } : {}),
    'accept-encoding': 'gzip, deflate, br',
    ...question.headers,
  };
  if (question.body) headers['content-length'] = String(question.body.length);
  const { method, body, signal } = question;
  const options = { method, headers, signal, agent: false as const };
  const secure = url.protocol === 'https:';
  const tunnel = secure && route.proxy ? await dialThrough(route.proxy, url, signal) : null;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = secure
    ? requestHttps(url, { ...options, ...(tunnel ? { createConnection: () => tunnel } : {}) }, resolve)
    : route.proxy
      ? requestHttp({ ...options, ...hostOf(route.proxy), path: url.href }, resolve)
      : requestHttp(url, options, resolve);
  request.on('error', reject);
  request.end(body);
  const response = await promise;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    httpVersion: response.httpVersion,
    body: decompressed(response),
  };
}

/** The whole body, up to a bound. Rejects when it breaks off. */
export async function readBody(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > DOCTOR_LIMITS.bodyBytes) break;
  }
  return Buffer.concat(chunks);
}

/** What becomes of an upgrade: a socket that is open, or the answer that came instead. */
export type Dialled =
  | { readonly kind: 'open'; readonly socket: WebSocket; readonly headers: IncomingHttpHeaders }
  | { readonly kind: 'refused'; readonly answer: Pick<Answer, 'status' | 'headers'>; readonly words: string };

/** Opens a WebSocket as a browser does, which asks a proxy for a tunnel always. Rejects when no answer comes. */
export async function dial(
  route: Route,
  { path, protocol, signal }: { path: string; protocol: string; signal: AbortSignal },
): Promise<Dialled> {
  const url = new URL(path, route.target);
  const address = url.href.replace(/^http/, 'ws');
  const options: ConstructorParameters<typeof WebSocket>[2] = {
    origin: route.target.origin,
    perMessageDeflate: false,
    handshakeTimeout: DOCTOR_LIMITS.answerMs,
  };
  if (route.proxy) {
    const tunnel = await dialThrough(route.proxy, url, signal).catch((thrown: unknown) => thrown);
    if (tunnel instanceof NoTunnel)
      return {
        kind: 'refused',
        answer: { status: tunnel.status, headers: tunnel.headers },
        words: tunnel.message,
      };
    if (tunnel instanceof Error) throw tunnel;
    // Of ws's options, passed on to node:http, which its types do not know.
    Object.assign(options, { createConnection: () => tunnel });
  }
  const socket = new WebSocket(address, [protocol], options);
  const { promise, resolve, reject } = Promise.withResolvers<Dialled>();
  let headers: IncomingHttpHeaders = {};
  const abort = (): void => socket.terminate();
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  socket.once('upgrade', (response) => (headers = response.headers));
  socket.once('open', () => resolve({ kind: 'open', socket, headers }));
  socket.once('unexpected-response', (_request, response) => {
    const status = response.statusCode ?? 0;
    // A proxy may keep its answer open; what it says is worth waiting for, but not for long.
    readBody(response.setTimeout(DOCTOR_LIMITS.answerMs)).then(
      (body) =>
        resolve({ kind: 'refused', answer: { status, headers: response.headers }, words: body.toString() }),
      () => resolve({ kind: 'refused', answer: { status, headers: response.headers }, words: '' }),
    );
  });
  // Also after the handshake: ws reports there what its close event tells as well.
  socket.on('error', reject);
  return promise;
}

/** A proxy that makes no tunnel. */
class NoTunnel extends Error {
  override readonly name = 'NoTunnel';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;

  constructor(status: number, headers: IncomingHttpHeaders) {
    super(`The proxy refused CONNECT with ${status}.`);
    this.status = status;
    this.headers = headers;
  }
}

/** A connection to the host of `url` through `proxy` (RFC 9110, section 9.3.6), with TLS if `url` wants it. */
async function dialThrough(proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> {
  const secure = url.protocol === 'https:';
  const authority = `${url.hostname}:${url.port || (secure ? '443' : '80')}`;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const request = requestHttp({
    ...hostOf(proxy),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority },
    signal,
    agent: false,
  });
  request.once('connect', (response, socket: Socket) => {
    if (response.statusCode === 200) resolve(socket);
    else {
      socket.destroy();
      reject(new NoTunnel(response.statusCode ?? 0, response.headers));
    }
  });
  request.once('response', (response) => reject(new NoTunnel(response.statusCode ?? 0, response.headers)));
  request.on('error', reject);
  request.end();
  const socket = await promise;
  return secure ? connectTls({ socket, servername: url.hostname }) : socket;
}

function hostOf(url: URL): { hostname: string; port: string } {
  return { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port || '80' };
}

function decompressed(response: IncomingMessage): Readable {
  const decoder = decoderOf(response.headers['content-encoding']);
  // Whoever reads the decoder is told of both streams' errors by it.
  return decoder ? pipeline(response, decoder, () => undefined) : response;
}

/** Each hands out what it has as soon as a flush of the sender allows. */
function decoderOf(encoding: string | undefined) {
  switch (encoding) {
    case 'gzip':
      return createGunzip({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
    case 'deflate':
      return createInflate({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return null;
  }
}
