import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** What happens to connections, those that are there included. Nothing is done to them by default. */
export interface Treatment {
  /** How long bytes take to the server, and back, ms. */
  readonly upMs?: number;
  readonly downMs?: number;
  /** Directions in which nothing moves; it waits. */
  readonly stopped?: 'up' | 'down' | 'both' | 'none';
  /** A connection on which nothing moved for this long is cut, ms. */
  readonly idleMs?: number;
  /**
   * What becomes of WebSockets. `refuse`: a request for one is answered by a reset. After the 101 has passed, `cut` ends
   * the connection and `reset` resets it, `afterMs` later; `swallow` lets nothing through any more.
   */
  readonly webSockets?: 'pass' | 'refuse' | 'cut' | 'reset' | 'swallow';
  readonly afterMs?: number;
  /** The body of an event stream waits for its end. */
  readonly holdEvents?: boolean;
}

/** Asks for an upgrade; agrees to it; and is the head of an event stream. Heads come in one chunk on loopback. */
const ASKS = /^upgrade: *websocket\r$/im;
const AGREES = /^HTTP\/1\.1 101 /;
const EVENTS = /^HTTP\/1\.[01] 200 [^]*^content-type: *text\/event-stream/im;
const HEAD_END = '\r\n\r\n';

/** A proxy of our own for what other proxies do only by chance: it does to connections what a test tells it to. */
export class TcpProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #wires = new Set<Wire>();
  #treatment: Treatment;
  #swallowedBytes = 0;

  private constructor(server: Server, treatment: Treatment) {
    this.#server = server;
    this.#treatment = treatment;
  }

  /** Listens on `port` of 127.0.0.1 (0: a free one) and connects to `upstream` (`127.0.0.1:PORT`). */
  static async listen(options: {
    port?: number;
    upstream: string;
    treatment?: Treatment;
  }): Promise<TcpProxy> {
    const [host = '', port = ''] = options.upstream.split(':');
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new TcpProxy(server, options.treatment ?? {});
    server.on('connection', (down) =>
      proxy.#add(down, connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true })),
    );
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    // A server that listens on TCP has such an address.
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#wires.size;
  }

  /** What was let through no more, bytes. */
  get swallowedBytes(): number {
    return this.#swallowedBytes;
  }

  /** From now on, also for what is under way. */
  treat(treatment: Treatment): void {
    this.#treatment = treatment;
    for (const wire of this.#wires) wire.treat(treatment);
  }

  /** Ends every connection in order. */
  cut(): void {
    for (const wire of this.#wires) wire.cut();
  }

  /** Resets every connection (RST). */
  reset(): void {
    for (const wire of this.#wires) wire.reset();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.reset();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #add(client: Socket, server: Socket): void {
    const wire = new Wire({
      client,
      server,
      treatment: this.#treatment,
      ended: () => this.#wires.delete(wire),
      swallowed: (bytes) => (this.#swallowedBytes += bytes),
    });
    this.#wires.add(wire);
  }
}

/** One connection: what comes from the client goes up, what comes from the server goes down. */
class Wire {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #up: Lane;
  readonly #down: Lane;
  readonly #ended: () => void;
  #treatment: Treatment;
  #idle: NodeJS.Timeout | null = null;
  #doom: NodeJS.Timeout | null = null;
  #asked = false;
  #upgraded = false;
  #over = false;

  constructor(options: {
    client: Socket;
    server: Socket;
    treatment: Treatment;
    ended: () => void;
    swallowed: (bytes: number) => void;
  }) {
    this.#client = options.client;
    this.#server = options.server;
    this.#treatment = options.treatment;
    this.#ended = options.ended;
    this.#up = new Lane({
      from: this.#client,
      to: this.#server,
      look: (chunk) => this.#goesUp(chunk),
      swallowed: options.swallowed,
    });
    this.#down = new Lane({
      from: this.#server,
      to: this.#client,
      look: (chunk) => this.#goesDown(chunk),
      swallowed: options.swallowed,
    });
    for (const socket of [this.#client, this.#server]) {
      // Whatever it was, the other side sees the same.
      socket.on('error', () => this.reset());
      socket.on('close', () => this.#closed());
    }
    this.treat(options.treatment);
  }

  treat(treatment: Treatment): void {
    this.#treatment = treatment;
    const { stopped = 'none' } = treatment;
    this.#up.set(treatment.upMs ?? 0, stopped === 'up' || stopped === 'both');
    this.#down.set(treatment.downMs ?? 0, stopped === 'down' || stopped === 'both');
    if (treatment.holdEvents !== true) this.#down.release();
    this.#moved();
  }

  cut(): void {
    this.#client.destroySoon();
    this.#server.destroySoon();
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  #goesUp(chunk: Buffer): Passing {
    this.#moved();
    if (this.#upgraded) return this.#treatment.webSockets === 'swallow' ? 'swallow' : 'pass';
    if (!ASKS.test(chunk.toString('latin1'))) return 'pass';
    this.#asked = true;
    if (this.#treatment.webSockets !== 'refuse') return 'pass';
    this.reset();
    return 'swallow';
  }

  #goesDown(chunk: Buffer): Passing {
    this.#moved();
    if (this.#upgraded) return this.#treatment.webSockets === 'swallow' ? 'swallow' : 'pass';
    const text = chunk.toString('latin1');
    if (this.#asked && AGREES.test(text)) this.#upgrade();
    return this.#treatment.holdEvents === true && EVENTS.test(text) ? 'hold' : 'pass';
  }

  #upgrade(): void {
    this.#upgraded = true;
    const { webSockets, afterMs = 0 } = this.#treatment;
    if (webSockets === 'cut') this.#doom = setTimeout(() => this.cut(), afterMs);
    if (webSockets === 'reset') this.#doom = setTimeout(() => this.reset(), afterMs);
  }

  #moved(): void {
    if (this.#over) return;
    if (this.#idle) clearTimeout(this.#idle);
    const { idleMs } = this.#treatment;
    this.#idle = idleMs === undefined ? null : setTimeout(() => this.cut(), idleMs);
  }

  #closed(): void {
    this.#over = true;
    if (this.#idle) clearTimeout(this.#idle);
    if (this.#doom) clearTimeout(this.#doom);
    this.#idle = null;
    this.#up.close();
    this.#down.close();
    if (this.#client.destroyed && this.#server.destroyed) this.#ended();
    else this.cut();
  }
}

/** What a chunk does: goes on, disappears, or begins a body that is held to its end. */
type Passing = 'pass' | 'swallow' | 'hold';

interface LaneOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly look: (chunk: Buffer) => Passing;
  /** Called with the length of what disappears, bytes. */
  readonly swallowed: (bytes: number) => void;
}

/** One direction of a connection. */
class Lane {
  readonly #options: LaneOptions;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #queue: { readonly due: number; readonly act: () => void }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #delayMs = 0;
  #stopped = false;
  #held: Buffer[] | null = null;

  constructor(options: LaneOptions) {
    const { from, to } = options;
    this.#from = from;
    this.#to = to;
    this.#options = options;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.once('end', () => {
      this.release();
      this.#after(() => to.end());
    });
    to.on('drain', () => this.#flow());
  }

  set(delayMs: number, stopped: boolean): void {
    this.#delayMs = delayMs;
    this.#stopped = stopped;
    this.#flow();
  }

  /** Lets go what is held. */
  release(): void {
    for (const chunk of this.#held ?? []) this.#write(chunk);
    this.#held = null;
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #take(chunk: Buffer): void {
    if (this.#held) {
      this.#held.push(chunk);
      return;
    }
    const passing = this.#options.look(chunk);
    if (passing === 'swallow') {
      this.#options.swallowed(chunk.length);
      return;
    }
    if (passing === 'pass') {
      this.#write(chunk);
      return;
    }
    const head = chunk.indexOf(HEAD_END) + HEAD_END.length;
    this.#write(chunk.subarray(0, head));
    this.#held = [chunk.subarray(head)];
  }

  #write(chunk: Buffer): void {
    this.#after(() => {
      if (this.#to.writable && !this.#to.write(chunk)) this.#from.pause();
    });
  }

  /** In their order, also where the delay has become shorter. */
  #after(act: () => void): void {
    if (this.#delayMs === 0 && this.#queue.length === 0) {
      act();
      return;
    }
    this.#queue.push({ due: performance.now() + this.#delayMs, act });
    if (this.#queue.length === 1) this.#timer = setTimeout(this.#due, this.#delayMs);
  }

  readonly #due = (): void => {
    this.#queue.shift()?.act();
    const next = this.#queue[0];
    if (next) this.#timer = setTimeout(this.#due, Math.max(0, next.due - performance.now()));
  };

  #flow(): void {
    if (this.#stopped) this.#from.pause();
    else if (!this.#to.writableNeedDrain) this.#from.resume();
  }
}
