import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

/** Passes TCP connections on to a server, and counts what goes through, HTTP's and WebSocket's heads included. */
export class Relay implements AsyncDisposable {
  readonly port: number;
  /** From clients, and to them, bytes of TCP's payload. */
  up = 0;
  down = 0;
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.port = port;
    this.#close = close;
  }

  /** Listens on a free port of the loopback for what goes to `target`; each way takes `delayMs` longer. */
  static async listen(target: number, delayMs = 0): Promise<Relay> {
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true }, (client) => {
      const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(from);
        from.once('close', () => {
          sockets.delete(from);
          to.destroy();
        });
        // A close follows, which is all that matters.
        from.on('error', () => from.destroy());
        if (delayMs === 0) from.pipe(to);
        else from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), delayMs));
      }
      client.on('data', ({ length }) => (relay.up += length));
      upstream.on('data', ({ length }) => (relay.down += length));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A TCP server's address is one of these.
    const { port } = server.address() as AddressInfo;
    const relay = new Relay(port, async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    return relay;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}
