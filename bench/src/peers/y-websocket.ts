import { createRequire } from 'node:module';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { listen } from './listen.ts';

/*
 * The y-websocket server as shipped (2.1.0, the last with a server): its `setupWSConnection`, which is all that
 * its bin does, on the workspace's ws. Its own ws is version 6.
 */
type Setup = (socket: WebSocket, request: IncomingMessage) => void;

// The package has no types for its server; this is the signature of bin/utils.cjs.
const { setupWSConnection } = createRequire(import.meta.url)('y-websocket-server/bin/utils') as {
  setupWSConnection: Setup;
};
listen((socket, request) => setupWSConnection(socket, request));
