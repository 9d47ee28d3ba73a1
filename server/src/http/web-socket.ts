import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Limits } from '../limits.ts';
import type { Log } from './log.ts';
import type { MessageSocket, SocketHandler } from '../protocol/socket.ts';
import type { FrameWriter, Outlet } from './frame-writer.ts';

/** RFC 6455, section 7.4.1. */
const UNSUPPORTED_DATA = 1003;
const TOO_BIG = 1009;
const INTERNAL_ERROR = 1011;

/** A close reason's bound, bytes of UTF-8 (RFC 6455, section 5.5). */
const REASON_BYTES = 123;

/** What a message that waits takes besides its bytes, about; and a large one is no answer to a flood, bytes. */
const MESSAGE_COST = 128;
const SMALL_BYTES = 64 * 1024;

/** What a connection is made of. */
export interface WebSocketOptions {
  /** ws reads, answers pings, and does the closing handshake. */
  readonly webSocket: WebSocket;
  /** The socket below it, to which messages are written directly. */
  readonly socket: Socket;
  readonly writer: FrameWriter;
  readonly limits: Limits;
  readonly log: Log;
}

/** Whether messages go to the handler, wait for `resume`, or are not wanted any more. */
type Reading = 'flowing' | 'paused' | 'over';

/** One plain WebSocket as a {@link MessageSocket}. */
export class WebSocketConnection implements MessageSocket {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #outlet: Outlet;
  readonly #limits: Limits;
  readonly #log: Log;
  #handler: SocketHandler | null = null;
  #reading: Reading = 'flowing';
  /** Messages that were in the chunk during which the handler paused. */
  #held: Uint8Array[] = [];
  /** What the socket had read when it became a WebSocket: the HTTP request. */
  readonly #bytesBefore: number;
  /** Whether the bound of the first message holds. */
  #first = true;
  /** What was sent in small messages since the socket last had nothing to send, bytes. */
  #unread = 0;
  #bytesHeard = 0;
  #silentSince = 0;

  constructor(options: WebSocketOptions) {
    this.#webSocket = options.webSocket;
    this.#socket = options.socket;
    this.#outlet = options.writer.outlet(options.socket, () => this.#writable);
    this.#limits = options.limits;
    this.#log = options.log;
    this.#bytesBefore = options.socket.bytesRead;
  }

  /** Connects it to what reads it; called once, in the turn in which it opened. */
  start(handle: (socket: MessageSocket) => SocketHandler): void {
    this.#webSocket.on('error', this.#failed);
    this.#webSocket.on('close', this.#closed);
    this.#webSocket.on('message', this.#message);
    this.#socket.on('data', this.#firstBytes);
    try {
      this.#handler = handle(this);
    } catch (thrown) {
      this.#abandon(thrown);
    }
  }

  send(message: Uint8Array): void {
    if (!this.#writable) return;
    this.#account(message.length);
    this.#outlet.write(message);
  }

  get #writable(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN && this.#socket.writable;
  }

  /** Who asks and asks and never reads must not fill our memory with answers: the engine bounds all but those, and ws its pongs. */
  #account(length: number): void {
    if (this.#socket.writableLength === 0) this.#unread = 0;
    this.#unread += Math.min(length, SMALL_BYTES) + MESSAGE_COST;
    if (this.#unread <= this.#limits.unreadBytes) return;
    this.#log.info({ unreadBytes: this.#unread }, 'A connection that reads nothing was cut');
    this.terminate();
  }

  sendParts(head: Uint8Array, body: Uint8Array): void {
    if (this.#writable) this.#outlet.writeParts(head, body);
  }

  get bufferedBytes(): number {
    return this.#outlet.bufferedBytes;
  }

  onDrain(drained: () => void): void {
    // The listener gives sockets a high-water mark of at most `outboundBytes`, so none passes that without a drain.
    this.#socket.on('drain', drained);
  }

  close(code: number, reason: string): void {
    this.#reading = 'over';
    this.#held = [];
    this.#webSocket.resume();
    this.#outlet.release();
    this.#webSocket.close(code, shorten(reason));
  }

  pause(): void {
    if (this.#reading !== 'flowing') return;
    this.#reading = 'paused';
    this.#lift();
    this.#webSocket.pause();
  }

  resume(): void {
    if (this.#reading !== 'paused') return;
    this.#reading = 'flowing';
    while (this.#reading === 'flowing') {
      const next = this.#held.shift();
      if (!next) break;
      this.#deliver(next);
    }
    if (this.#reading === 'flowing') this.#webSocket.resume();
  }

  /** Ends it at once, without the closing handshake. */
  terminate(): void {
    this.#webSocket.terminate();
  }

  /**
   * Pings the peer, or ends the connection if it has been silent for `deadMs`. A paused one is spared: it is
   * us who don't listen. `now`: ms of a steady clock.
   */
  beat(now: number): void {
    const heard = this.#socket.bytesRead;
    if (heard !== this.#bytesHeard || this.#reading === 'paused' || this.#silentSince === 0) {
      this.#bytesHeard = heard;
      this.#silentSince = now;
    } else if (now - this.#silentSince >= this.#limits.deadMs) {
      this.terminate();
      return;
    }
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
  }

  readonly #message = (data: RawData, isBinary: boolean): void => {
    this.#lift();
    if (this.#reading === 'over') return;
    if (!isBinary) {
      this.close(UNSUPPORTED_DATA, 'Messages are binary.');
      return;
    }
    // ws gives binary messages as one Buffer, for its binaryType is left at "nodebuffer".
    const message = data as Buffer;
    if (this.#reading === 'paused') this.#held.push(message);
    else this.#deliver(message);
  };

  #deliver(message: Uint8Array): void {
    try {
      this.#handler?.message(message);
    } catch (thrown) {
      this.#abandon(thrown);
    }
  }

  /**
   * Bounds what a peer can make us hold before anything is known of it: its first message, until that has
   * come or the handler has paused.
   */
  readonly #firstBytes = (): void => {
    const bytes = this.#socket.bytesRead - this.#bytesBefore;
    // Once more after it was lifted: in the chunk whose first message lifted it.
    if (!this.#first || this.#reading === 'over' || bytes <= this.#limits.unauthenticatedBytes) return;
    this.close(TOO_BIG, 'The first message is too large.');
    // No more of it is read; ws ends the socket after `closeMs`.
    this.#webSocket.pause();
  };

  #lift(): void {
    if (!this.#first) return;
    this.#first = false;
    this.#socket.off('data', this.#firstBytes);
  }

  /** A handler promises not to throw; if it does, that is our fault, and only this connection pays. */
  #abandon(thrown: unknown): void {
    this.#log.error({ err: thrown }, 'A connection ended by an error of the server');
    this.close(INTERNAL_ERROR, 'The server made a mistake.');
  }

  /** Bad frames and lost connections. ws closes with the fitting code by itself, and `close` follows. */
  readonly #failed = (error: Error): void => {
    this.#log.debug({ err: error }, 'A connection failed');
  };

  readonly #closed = (): void => {
    this.#reading = 'over';
    this.#held = [];
    const handler = this.#handler;
    this.#handler = null;
    try {
      handler?.closed();
    } catch (thrown) {
      this.#log.error({ err: thrown }, 'Closing a connection failed');
    }
  };
}

/** Cuts a reason to what a close frame can hold, between characters. */
function shorten(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= REASON_BYTES) return reason;
  let end = REASON_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
