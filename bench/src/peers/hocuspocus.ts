import { Server } from '@hocuspocus/server';

/* Hocuspocus as shipped: its own HTTP and WebSocket server, default settings, nothing stored. */
const server = new Server({ address: '127.0.0.1', port: 0, quiet: true });
await server.listen();
process.stdout.write(`listening ${server.address.port}\n`);
