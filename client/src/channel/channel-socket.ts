import { createCarrier } from './carriers/create.ts';
import { Channel } from './channel.ts';
import { readEndpoint } from './endpoint.ts';
import { nativeEnvironment } from './environment.ts';
import type { Environment, NativeWebSocket } from './environment.ts';
import type { Rung } from './rung.ts';
import type { ChannelStatus } from './status.ts';
import { ServerTurns } from './turns.ts';

/** Bytes of a close reason (RFC 6455, section 5.5). */
const REASON_BYTES = 123;
const NORMAL = 1000;

/** What a {@link ChannelSocket} may be told beyond its address. */
export interface ChannelSocketOptions {
  /** The only carrier to use; otherwise the best that works. */
  readonly carrier?: Rung | null;
  /** Hears of each change of {@link ChannelSocket.status}. Must not throw. */
  readonly onStatus?: (status: ChannelStatus, socket: ChannelSocket) => void;
  /**
   * Origins of other servers with the same documents, the nodes of a cluster (`wss://b.example`). Where attempts at one
   * fail, or one restarts, the next is tried; for a class that {@link ChannelSocket.with} makes.
   */
  readonly others?: readonly string[];
  /** Parts of the world to use in place of the real ones. */
  readonly environment?: Partial<Environment>;
}

type EventHandler<E extends Event> = ((event: E) => unknown) | null;
type State =
  | { readonly state: 'channel'; readonly channel: Channel }
  | { readonly state: 'plain'; readonly socket: NativeWebSocket };

/**
 * A WebSocket that survives the loss of its connection, and that finds another way where WebSockets are blocked: give
 * it to a provider as its WebSocket polyfill. It looks like a browser's WebSocket for binary messages (WHATWG WebSockets).
 * What differs: `data` of a message is always an ArrayBuffer; a loss of up to a minute is not seen from outside; it closes with
 * code 4205 where its server knows it no more, and whoever uses it connects and syncs anew. Against a
 * server that knows no channels it is the plain WebSocket.
 */
export class ChannelSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  /** Absolute, with `ws:` or `wss:`. */
  readonly url: string;
  /** Kept for programs that set it; data is an ArrayBuffer whatever it says. */
  binaryType: 'arraybuffer' | 'blob' = 'arraybuffer';
  onopen: EventHandler<Event> = null;
  onmessage: EventHandler<MessageEvent> = null;
  onclose: EventHandler<CloseEvent> = null;
  onerror: EventHandler<Event> = null;
  readonly #options: ChannelSocketOptions;
  #state: State;
  #readyState: 0 | 1 | 2 | 3 = 0;
  /** Bytes that were given to it after its end, which the standard counts for ever. */
  #discarded = 0;
  #status: ChannelStatus;

  /** Connects to `url`: `ws:`, `wss:`, `http:`, `https:` or relative. Throws SyntaxError for what is none of these. */
  constructor(
    url: string | URL,
    protocols: string | readonly string[] = [],
    options: ChannelSocketOptions = {},
  ) {
    super();
    this.#options = options;
    const endpoint = readEndpoint(String(url), base());
    this.url = endpoint.webSocketUrl;
    const channel = new Channel({
      endpoint,
      protocols: typeof protocols === 'string' ? [protocols] : protocols,
      environment: { ...nativeEnvironment(), ...options.environment },
      forced: options.carrier ?? null,
      create: createCarrier,
      events: {
        opened: () => this.#opened(),
        message: (data) => this.#message(exact(data)),
        closed: (code, reason, wasClean) => this.#closed(code, reason, wasClean),
        plain: (socket) => this.#becomePlain(socket),
        status: (status) => this.#tell(status),
      },
    });
    this.#state = { state: 'channel', channel };
    this.#status = channel.status;
    // Whoever makes it wants to listen first.
    queueMicrotask(() => {
      if (this.#readyState === 0) channel.start();
    });
  }

  /** A class with these options, for providers, which pass an address and no more. */
  static with({ others = [], ...options }: ChannelSocketOptions): typeof ChannelSocket {
    const turns = new ServerTurns(others);
    const onStatus = (status: ChannelStatus, socket: ChannelSocket): void => {
      options.onStatus?.(status, socket);
      if (status.state === 'resuming') {
        if (turns.failed(status.failedAttempts, status.drainUntil === null))
          queueMicrotask(() => socket.#abandon());
      } else if (status.state === 'closed' && socket.readyState === 0) {
        // It never opened: whoever made it makes another.
        turns.failed(status.failedAttempts, false);
      }
    };
    return class extends ChannelSocket {
      constructor(url: string | URL, protocols: string | readonly string[] = []) {
        super(others.length === 0 ? url : turns.address(absolute(url)), protocols, { ...options, onStatus });
        this.addEventListener('close', (event) => turns.closed(event instanceof CloseEvent ? event.code : 0));
      }
    };
  }

  get readyState(): 0 | 1 | 2 | 3 {
    return this.#readyState;
  }

  /** The subprotocol that a plain server chose; empty for a channel. */
  get protocol(): string {
    return this.#state.state === 'plain' ? this.#state.socket.protocol : '';
  }

  get extensions(): string {
    return this.#state.state === 'plain' ? this.#state.socket.extensions : '';
  }

  /** What was given to `send` and to no network yet, bytes. */
  get bufferedAmount(): number {
    const { state } = this.#state;
    const waiting = state === 'plain' ? this.#state.socket.bufferedAmount : this.#state.channel.bufferedBytes;
    return waiting + this.#discarded;
  }

  /** How it is connected, and why not better. */
  get status(): ChannelStatus {
    return this.#status;
  }

  /** What carries it now; null while nothing does. */
  get carrier(): Rung | null {
    return this.#status.carrier;
  }

  /** Moves it to a carrier and keeps it there, in mid-session; null lets it choose again. */
  force(carrier: Rung | null): void {
    if (this.#state.state === 'channel') this.#state.channel.force(carrier);
  }

  /**
   * Sends one binary message; the bytes are copied. Throws InvalidStateError while connecting, TypeError for
   * text and Blobs.
   */
  send(data: ArrayBuffer | ArrayBufferView<ArrayBufferLike> | string | Blob): void {
    if (this.#readyState === 0) throw new DOMException('Still connecting.', 'InvalidStateError');
    if (this.#state.state === 'plain' && typeof data === 'string') return this.#state.socket.send(data);
    if (typeof data === 'string' || data instanceof Blob)
      throw new TypeError('A channel carries ArrayBuffers and views of them only.');
    const message = copy(data);
    if (this.#readyState !== 1) this.#discarded += message.length;
    else if (this.#state.state === 'plain') this.#state.socket.send(message);
    else this.#state.channel.send(message);
  }

  /** Ends it; what was sent arrives before, if there is a way. Throws as WebSocket does. */
  close(code?: number, reason = ''): void {
    if (code !== undefined && code !== NORMAL && !(code >= 3000 && code <= 4999))
      throw new DOMException(`${code} is not 1000, nor from 3000 to 4999.`, 'InvalidAccessError');
    if (new TextEncoder().encode(reason).length > REASON_BYTES)
      throw new DOMException(`The reason is longer than ${REASON_BYTES} bytes.`, 'SyntaxError');
    if (this.#readyState >= 2) return;
    const connecting = this.#readyState === 0;
    this.#readyState = 2;
    if (this.#state.state === 'plain') return this.#state.socket.close(code ?? NORMAL, reason);
    const { channel } = this.#state;
    // The event comes later, as from a WebSocket.
    if (connecting) queueMicrotask(() => channel.close(NORMAL, ''));
    else channel.close(code ?? NORMAL, reason);
  }

  #abandon(): void {
    if (this.#state.state === 'channel') this.#state.channel.abandon();
  }

  #opened(): void {
    if (this.#readyState !== 0) return;
    this.#readyState = 1;
    this.#dispatch(new Event('open'), this.onopen);
  }

  #message(data: ArrayBuffer): void {
    if (this.#readyState !== 1) return;
    this.#dispatch(new MessageEvent('message', { data, origin: this.url }), this.onmessage);
  }

  #closed(code: number, reason: string, wasClean: boolean): void {
    if (this.#readyState === 3) return;
    this.#readyState = 3;
    if (!wasClean) this.#dispatch(new Event('error'), this.onerror);
    this.#dispatch(new CloseEvent('close', { code, reason, wasClean }), this.onclose);
  }

  #becomePlain(socket: NativeWebSocket): void {
    if (this.#readyState !== 0) return socket.close();
    this.#state = { state: 'plain', socket };
    socket.addEventListener('message', ({ data }) => {
      if (this.#readyState !== 1) return;
      this.#dispatch(new MessageEvent('message', { data, origin: this.url }), this.onmessage);
    });
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      this.#tell({ ...this.#status, state: 'closed', carrier: null });
      this.#closed(code, reason, wasClean);
    });
    this.#opened();
  }

  #tell(status: ChannelStatus): void {
    this.#status = status;
    this.#options.onStatus?.(status, this);
  }

  #dispatch<E extends Event>(event: E, handler: EventHandler<E>): void {
    // A handler is one more listener, of which one that throws stops no other (DOM, "report an exception").
    if (handler) this.addEventListener(event.type, () => handler.call(this, event), { once: true });
    this.dispatchEvent(event);
  }
}

/** The page's address; undefined where there is no page. */
function base(): string | undefined {
  const location: unknown = Reflect.get(globalThis, 'location');
  return location instanceof Object ? String(location) : undefined;
}

function absolute(url: string | URL): string {
  return readEndpoint(String(url), base()).webSocketUrl;
}

/** The bytes in a buffer that holds nothing else. */
function exact(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? bytes.buffer
    : bytes.slice().buffer;
}

function copy(data: ArrayBuffer | ArrayBufferView<ArrayBufferLike>): Uint8Array<ArrayBuffer> {
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
}
