import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** What a cut does to the side of the database: it hears of it, or it waits for ever on a connection that is dead. */
export type Cut = 'both' | 'client-only';

/** A connection through the proxy. */
interface Pair {
  readonly client: Socket;
  readonly database: Socket;
}

/** Where bytes come from. */
type Side = keyof Pair;

/**
 * A TCP proxy for tests: it cuts connections after a number of bytes, stops forwarding, or refuses newcomers. What was
 * forwarded before a cut arrives.
 */
export class CuttingProxy {
  readonly #target: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Sockets to the database of connections that were cut on the client's side alone. */
  readonly #dead = new Set<Socket>();
  #cut: { side: Side; left: number; how: Cut } | null = null;
  #held = false;
  #refusing = false;
  /** Bytes that were forwarded, by where they came from. */
  readonly forwarded = { client: 0, database: 0 };

  constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Listens on the loopback; returns its port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
    return address.port;
  }

  /** Cuts the connection on which `bytes` more from `side` have been forwarded; the next ones are left alone. */
  cutAfter(side: Side, bytes: number, how: Cut): void {
    this.#cut = { side, left: bytes, how };
  }

  /** Whether the cut that was asked for has not come yet. */
  get cutting(): boolean {
    return this.#cut !== null;
  }

  /** Cuts all connections. */
  cutAll(): void {
    for (const pair of this.#pairs) this.#end(pair, 'both');
  }

  /** Nothing is forwarded until `release`. */
  hold(): void {
    this.#held = true;
    for (const { client, database } of this.#pairs) {
      client.pause();
      database.pause();
    }
  }

  /** What waited goes on. */
  release(): void {
    this.#held = false;
    for (const { client, database } of this.#pairs) {
      client.resume();
      database.resume();
    }
  }

  /** Whether newcomers are refused. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  /** Ends it and all connections. */
  async close(): Promise<void> {
    this.cutAll();
    for (const socket of this.#dead) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    const pair = { client, database: connect(this.#target, '127.0.0.1') };
    this.#pairs.add(pair);
    this.#forward(pair, 'client', 'database');
    this.#forward(pair, 'database', 'client');
    if (this.#held) {
      client.pause();
      pair.database.pause();
    }
  }

  #forward(pair: Pair, from: Side, to: Side): void {
    const [source, sink] = [pair[from], pair[to]];
    source.setNoDelay(true);
    source.on('data', (chunk: Buffer) => {
      const cut = this.#cut;
      if (cut === null || cut.side !== from) {
        this.forwarded[from] += chunk.length;
        sink.write(chunk);
        return;
      }
      const part = chunk.subarray(0, cut.left);
      this.forwarded[from] += part.length;
      cut.left -= part.length;
      if (cut.left > 0) {
        sink.write(part);
        return;
      }
      this.#cut = null;
      if (part.length > 0) sink.write(part, () => this.#end(pair, cut.how));
      else this.#end(pair, cut.how);
    });
    source.on('error', () => this.#end(pair, 'both'));
    source.on('close', () => {
      if (!this.#dead.has(pair.database)) this.#end(pair, 'both');
    });
  }

  #end(pair: Pair, how: Cut): void {
    if (!this.#pairs.delete(pair)) return;
    pair.client.destroy();
    if (how === 'both') pair.database.destroy();
    else this.#dead.add(pair.database);
  }
}
