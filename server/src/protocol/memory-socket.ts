import type { MessageSocket, SocketHandler } from './socket.ts';

type Listener = (event: { data?: ArrayBuffer; code?: number; reason?: string }) => void;

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/** How a memory socket finds its server, and what may go wrong on the way. */
export interface MemoryNetwork {
  /** Takes the server's end, and answers with what reads it. */
  accept(socket: MessageSocket, url: string): SocketHandler;
  /** Whether a client's message gets through; every one does unless told. */
  passesUp?(message: Uint8Array): boolean;
}

/** The server's end: keeps what the client does not take while it is `stalled`. */
class ServerEnd implements MessageSocket {
  readonly #client: MemorySocket;
  #queue: Uint8Array[] = [];
  #paused = false;
  #held: Uint8Array[] = [];
  #drained: () => void = () => {};
  handler: SocketHandler | null = null;

  constructor(client: MemorySocket) {
    this.#client = client;
  }

  get bufferedBytes(): number {
    return this.#queue.reduce((bytes, message) => bytes + message.length, 0);
  }

  send(message: Uint8Array): void {
    this.#queue.push(message);
    this.deliver();
  }

  sendParts(head: Uint8Array, body: Uint8Array): void {
    this.send(Buffer.concat([head, body]));
  }

  onDrain(drained: () => void): void {
    this.#drained = drained;
  }

  close(code: number, reason: string): void {
    this.#client.ended(code, reason);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const message of this.#held.splice(0)) this.receive(message);
  }

  /** A message of the client. */
  receive(message: Uint8Array): void {
    if (this.#paused) this.#held.push(message);
    else this.handler?.message(message);
  }

  /** Hands the client what waits, unless it has stopped reading. */
  deliver(): void {
    if (this.#client.stalled || this.#queue.length === 0) return;
    for (const message of this.#queue.splice(0)) this.#client.got(message);
    this.#drained();
  }
}

/**
 * A WebSocket without a network, for tests: what a stock provider takes as `WebSocketPolyfill`. Messages arrive
 * at the end of the same turn of the event loop, in order. Made by {@link memoryWebSocket}.
 */
export class MemorySocket {
  readonly CONNECTING = CONNECTING;
  readonly OPEN = OPEN;
  readonly CLOSED = CLOSED;
  readyState = CONNECTING;
  /** Why it ended. */
  closeCode: number | null = null;
  closeReason = '';
  binaryType = 'arraybuffer';
  onopen: Listener | null = null;
  onmessage: Listener | null = null;
  onclose: Listener | null = null;
  onerror: Listener | null = null;
  readonly #network: MemoryNetwork;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #server: ServerEnd;
  #stalled = false;

  constructor(network: MemoryNetwork, url: string) {
    this.#network = network;
    this.#server = new ServerEnd(this);
    setImmediate(() => {
      if (this.readyState !== CONNECTING) return;
      this.readyState = OPEN;
      this.#server.handler = network.accept(this.#server, url);
      this.#emit('open', {});
    });
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  /** A client that reads nothing; what it is sent waits at the server. */
  stall(stalled: boolean): void {
    this.#stalled = stalled;
    if (!stalled) this.#server.deliver();
  }

  /** Bytes that wait at the server. */
  get waitingBytes(): number {
    return this.#server.bufferedBytes;
  }

  addEventListener(name: string, listener: Listener): void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
  }

  removeEventListener(name: string, listener: Listener): void {
    this.#listeners.get(name)?.delete(listener);
  }

  send(data: Uint8Array | ArrayBuffer): void {
    const message = new Uint8Array(data instanceof Uint8Array ? data : new Uint8Array(data));
    if (this.#network.passesUp?.(message) === false) return;
    setImmediate(() => {
      if (this.readyState === OPEN) this.#server.receive(message);
    });
  }

  close(code = 1000, reason = ''): void {
    setImmediate(() => this.ended(code, reason));
  }

  /** From the server: a message. */
  got(message: Uint8Array): void {
    const data = new Uint8Array(message).buffer;
    setImmediate(() => {
      if (this.readyState === OPEN) this.#emit('message', { data });
    });
  }

  /** Either side has closed. */
  ended(code: number, reason: string): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.closeCode = code;
    this.closeReason = reason;
    const { handler } = this.#server;
    this.#server.handler = null;
    setImmediate(() => {
      handler?.closed();
      this.#emit('close', { code, reason });
    });
  }

  #emit(name: 'open' | 'message' | 'close' | 'error', event: Parameters<Listener>[0]): void {
    this[`on${name}`]?.(event);
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(event);
  }
}

/** A WebSocket class whose sockets end at `network`. */
export function memoryWebSocket(network: MemoryNetwork): new (url: string) => MemorySocket {
  return class extends MemorySocket {
    constructor(url: string) {
      super(network, url);
    }
  };
}
