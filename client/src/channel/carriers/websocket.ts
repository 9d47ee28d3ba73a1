import { CHANNEL_SUBPROTOCOL } from '@sheaf/proto/channel/address';
import { encodeFrame } from '@sheaf/proto/channel/frame';
import type { NativeWebSocket } from '../environment.ts';
import type { Row } from '../link.ts';
import type { Death } from '../rung.ts';
import type { Carrier, CarrierContext, CarrierEvents } from './carrier.ts';

/**
 * Offered first where a program asks for no subprotocol: a server that takes the first that it is offered, whatever
 * it is (as `ws` does), shows by it that it knows no channels.
 */
const PLAIN_SUBPROTOCOL = 'sheaf.plain';
/** What a WebSocket may hold back before it is given no more, bytes; and how often it is looked at then, ms. */
const BUFFERED_BYTES = 1024 * 1024;
const LOOK_MS = 20;
/** Close codes: begin anew, not yours; and try again later (RFC 6455's registry). */
const RESYNC = 4205;
const FORBIDDEN = 4403;
const TRY_AGAIN_LATER = 1013;

/** A WebSocket with the channel's subprotocol. */
export class WebSocketCarrier implements Carrier {
  readonly kind = 'websocket';
  readonly pace = { ackBytes: 64 * 1024, ackFrames: 32, ackMs: 1_000, beats: true };
  readonly #context: CarrierContext;
  readonly #events: CarrierEvents;
  readonly #socket: NativeWebSocket;
  #start: number | null = null;
  #opened = false;
  #over = false;
  #stopLooking: (() => void) | null = null;

  /** Connects. */
  constructor(context: CarrierContext, events: CarrierEvents) {
    this.#context = context;
    this.#events = events;
    const asked = context.protocols.length > 0 ? context.protocols : [PLAIN_SUBPROTOCOL];
    this.#socket = context.environment.openWebSocket(context.endpoint.webSocketUrl, [
      ...asked,
      CHANNEL_SUBPROTOCOL,
    ]);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.addEventListener('open', () => this.#open());
    this.#socket.addEventListener('message', ({ data }) => this.#message(data));
    this.#socket.addEventListener('close', ({ code }) => this.#closed(code));
    // A close follows each error, and says no less.
    this.#socket.addEventListener('error', () => undefined);
  }

  get writable(): boolean {
    if (this.#over || !this.#opened) return false;
    if (this.#socket.bufferedAmount < BUFFERED_BYTES) return true;
    this.#lookLater();
    return false;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  take(): void {
    const claim = this.#context.claim();
    this.#start = claim.received;
    this.#write(encodeFrame({ type: 'take', ...claim }));
  }

  send(row: Row): void {
    this.#write(row.bytes);
  }

  stop(): void {
    this.#over = true;
    this.#stopLooking?.();
    this.#socket.close();
  }

  /** WebSockets do not say when they have room again. */
  #lookLater(): void {
    this.#stopLooking ??= this.#context.environment.timer(() => {
      this.#stopLooking = null;
      if (this.#socket.bufferedAmount < BUFFERED_BYTES) this.#events.writable();
      else this.#lookLater();
    }, LOOK_MS);
  }

  #open(): void {
    if (this.#over) return;
    if (this.#socket.protocol !== CHANNEL_SUBPROTOCOL) {
      this.#over = true;
      this.#events.plain(this.#socket);
      return;
    }
    this.#opened = true;
    this.#write(this.#context.hello());
    this.#events.opened();
  }

  #message(data: unknown): void {
    if (this.#over || !(data instanceof ArrayBuffer)) return;
    const start = this.#start;
    this.#start = null;
    this.#events.frames(new Uint8Array(data), start);
  }

  #closed(code: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopLooking?.();
    if (code === RESYNC || code === FORBIDDEN) this.#events.gone();
    else this.#events.died(this.#death(code), 0);
  }

  #death(code: number): Death {
    if (!this.#opened) return 'unreachable';
    return code === TRY_AGAIN_LATER ? 'unavailable' : 'lost';
  }

  #write(bytes: Uint8Array): void {
    // Rows are made by the codec, which shares no memory with workers.
    this.#socket.send(owned(bytes));
  }
}

/** `bytes`, in a buffer of its own kind. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : bytes.slice();
}
