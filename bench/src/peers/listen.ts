import type { IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** Listens on a free port of the loopback, says `listening PORT` on standard output, and hands over each
 * connection. */
export function listen(
  connected: (socket: WebSocket, request: IncomingMessage, server: WebSocketServer) => void,
): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket, request) => connected(socket, request, server));
  server.on('listening', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('listens on no port');
    process.stdout.write(`listening ${address.port}\n`);
  });
}
