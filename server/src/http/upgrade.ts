import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CHANNEL_SUBPROTOCOL } from '@sheaf/proto/channel/address';
import { isOriginAllowed, type OriginRules } from '../access/origins.ts';
import type { ChannelEndpoint, Channels } from '../channel/channels.ts';
import { Room } from '../channel/room.ts';
import type { Limits } from '../limits.ts';
import type { Accept } from '../protocol/accept.ts';
import { clientAddress } from './client-address.ts';
import { Connections } from './connections.ts';
import { endpointOf, pathOf, Refusal, TOKEN_SUBPROTOCOL, tokenOf } from './endpoints.ts';
import { FrameWriter } from './frame-writer.ts';
import type { Log } from './log.ts';
import { WebSocketConnection } from './web-socket.ts';

/** What upgrades need. */
export interface UpgradeOptions {
  readonly accept: Accept;
  readonly channels: Channels;
  /** Counts connections by address; shared with the channels. */
  readonly room: Room;
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

/**
 * The listener's side of WebSockets: checks who asks, and connects them with `accept`, or with their channel if they
 * offer its subprotocol.
 */
export function createUpgrades(options: UpgradeOptions): Upgrades {
  const { limits, log, room, channels } = options;
  const connections = new Connections(limits, room);
  // Of those that have not said yet which channel they carry.
  const strangers = new Room(limits.connectionsPerAddress);
  const writer = new FrameWriter();
  const plain = webSocketServer(limits, limits.messageBytes);
  const carriers = webSocketServer(limits, limits.channelPostBytes);

  const handle = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const address = clientAddress(request, options.trusted);
    const carries = offered(request).includes(CHANNEL_SUBPROTOCOL);
    const checked = check(request, options, () => (carries ? strangers : room).has(address));
    if (checked instanceof Refusal) {
      log.info({ address, path: pathOf(request), status: checked.status }, 'A WebSocket was refused');
      refuse(socket, checked);
      return;
    }
    const peer = { address, token: tokenOf(request), origin: request.headers.origin ?? null };
    const server = carries ? carriers : plain;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new WebSocketConnection({ webSocket, socket: request.socket, writer, limits, log });
      if (carries) {
        const known = strangers.take(address);
        connection.start((opened) => channels.connect(opened, { endpoint: checked, peer }, known));
      } else {
        webSocket.once('close', connections.add(connection, address));
        connection.start((opened) => checked.accept(opened, peer));
      }
    });
  };
  return { handle, connections };
}

function webSocketServer(limits: Limits, maxPayload: number): WebSocketServer {
  // Not written into the call: ws has closeTimeout, and its types don't know it yet.
  const serverOptions = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    closeTimeout: limits.closeMs,
    handleProtocols: (names: Set<string>): string | false => {
      if (names.has(CHANNEL_SUBPROTOCOL)) return CHANNEL_SUBPROTOCOL;
      return [...names].find((name) => name.startsWith(TOKEN_SUBPROTOCOL)) ?? false;
    },
  };
  return new WebSocketServer(serverOptions);
}

function check(
  request: IncomingMessage,
  options: UpgradeOptions,
  hasRoom: () => boolean,
): ChannelEndpoint | Refusal {
  if (options.draining()) return new Refusal(503, 'The server is about to stop.');
  const endpoint = endpointOf(pathOf(request), options.accept);
  if (endpoint instanceof Refusal) return endpoint;
  if (!isOriginAllowed(request.headers, options.origins)) {
    return new Refusal(403, 'Pages of this origin may not connect (SHEAF_ORIGINS, SHEAF_PUBLIC_URL).');
  }
  if (!hasRoom()) return new Refusal(429, 'Too many connections from this address.');
  return endpoint;
}

function offered(request: IncomingMessage): string[] {
  return request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
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
