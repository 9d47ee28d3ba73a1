import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { isOriginAllowed, type OriginRules } from '../access/origins.ts';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { Log } from './log.ts';
import type { Accept, PeerRequest } from '../protocol/accept.ts';
import type { MessageSocket, SocketHandler } from '../protocol/socket.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { clientAddress } from './client-address.ts';
import { Connections } from './connections.ts';
import { FrameWriter } from './frame-writer.ts';
import { WebSocketConnection } from './web-socket.ts';

/** A browser cannot set headers on a WebSocket: a token may travel behind this, as a subprotocol. */
const TOKEN_SUBPROTOCOL = 'sheaf.token.';

/** The endpoint of Hocuspocus's protocol, and what stands before a document's name in that of y-websocket. */
export const HOCUSPOCUS_PATH = '/hocuspocus';
export const YJS_PREFIX = '/yjs/';

/** What upgrades need. */
export interface UpgradeOptions {
  readonly accept: Accept;
  readonly origins: OriginRules;
  readonly limits: Limits;
  readonly log: Log;
  /** Whether an address is a proxy's whose forwarded headers are believed. */
  readonly trusted: (address: string) => boolean;
  /** Whether the server is about to stop and takes nobody new. */
  readonly draining: () => boolean;
}

/** Turns upgrade requests into connections of the protocols. */
export interface Upgrades {
  /** The listener of a node:http server's `upgrade`. */
  readonly handle: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly connections: Connections;
}

/** An answer that refuses an upgrade. */
class Refusal {
  readonly status: number;
  readonly words: string;

  constructor(status: number, words: string) {
    this.status = status;
    this.words = words;
  }
}

type Endpoint = (socket: MessageSocket, peer: PeerRequest) => SocketHandler;

/** The listener's side of WebSockets: checks who asks, and connects them with `accept`. */
export function createUpgrades(options: UpgradeOptions): Upgrades {
  const { limits, log } = options;
  const connections = new Connections(limits);
  const writer = new FrameWriter();
  // Not written into the call: ws has closeTimeout, and its types don't know it yet.
  const serverOptions = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    closeTimeout: limits.closeMs,
    handleProtocols: (offered: Set<string>): string | false =>
      [...offered].find((name) => name.startsWith(TOKEN_SUBPROTOCOL)) ?? false,
  };
  const server = new WebSocketServer(serverOptions);

  const handle = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const address = clientAddress(request, options.trusted);
    const checked = check(request, address, options, connections);
    if (checked instanceof Refusal) {
      log.info({ address, path: pathOf(request), status: checked.status }, 'A WebSocket was refused');
      refuse(socket, checked);
      return;
    }
    const peer = { address, token: tokenOf(request), origin: request.headers.origin ?? null };
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new WebSocketConnection({ webSocket, socket: request.socket, writer, limits, log });
      webSocket.once('close', connections.add(connection, address));
      connection.start((opened) => checked(opened, peer));
    });
  };
  return { handle, connections };
}

function check(
  request: IncomingMessage,
  address: string,
  options: UpgradeOptions,
  connections: Connections,
): Endpoint | Refusal {
  if (options.draining()) return new Refusal(503, 'The server is about to stop.');
  const endpoint = endpointOf(pathOf(request), options.accept);
  if (endpoint instanceof Refusal) return endpoint;
  if (!isOriginAllowed(request.headers, options.origins)) {
    return new Refusal(403, 'Pages of this origin may not connect (SHEAF_ORIGINS, SHEAF_PUBLIC_URL).');
  }
  if (!connections.hasRoom(address)) return new Refusal(429, 'Too many connections from this address.');
  return endpoint;
}

function endpointOf(path: string, accept: Accept): Endpoint | Refusal {
  if (path === HOCUSPOCUS_PATH) return (socket, peer) => accept.hocuspocus(socket, peer);
  if (!path.startsWith(YJS_PREFIX)) return new Refusal(404, 'There is no such endpoint.');
  try {
    const document = parseDocumentName(decodeURIComponent(path.slice(YJS_PREFIX.length)));
    return (socket, peer) => accept.yjs(socket, peer, document);
  } catch (thrown) {
    // A percent sign that encodes nothing, or a name that can't be one: both are the peer's.
    return new Refusal(
      400,
      thrown instanceof SheafError ? thrown.message : "The document's name is not encoded well.",
    );
  }
}

/** The path as it came: a URL would resolve the dots in a document's name. */
function pathOf(request: IncomingMessage): string {
  const target = request.url ?? '';
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

function tokenOf(request: IncomingMessage): string {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const target = request.url ?? '';
  const query = target.indexOf('?');
  const parameter = query === -1 ? null : new URLSearchParams(target.slice(query)).get('token');
  if (parameter !== null) return parameter;
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
  return offered.find((name) => name.startsWith(TOKEN_SUBPROTOCOL))?.slice(TOKEN_SUBPROTOCOL.length) ?? '';
}

/** Answers over HTTP and ends the socket. */
function refuse(socket: Duplex, { status, words }: Refusal): void {
  // The peer may be gone already; there is nobody left to tell.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  const body = `${words}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
