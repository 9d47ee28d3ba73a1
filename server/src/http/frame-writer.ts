import type { Writable } from 'node:stream';
import { encodeFrame } from './frame.ts';

const EMPTY = new Uint8Array(0);

/**
 * Up to this size a message is copied behind its header, once for all connections; a larger one follows it in a
 * write of its own. The body of a message in parts is copied for each connection, so less of it; bytes.
 */
const COPY_BYTES = 16 * 1024;
const COPY_PARTS_BYTES = 2 * 1024;

/**
 * Writes WebSocket messages to sockets, one for all connections of a listener. Frames from a server are not masked,
 * so a message that goes to many is framed once; and all that one turn writes to a socket leaves in one system call.
 */
export class FrameWriter {
  #message: Uint8Array = EMPTY;
  #frame: Uint8Array = EMPTY;
  #waiting: Outlet[] = [];

  /** Where the messages of one connection leave. `open`: whether it may be written to. */
  outlet(socket: Writable, open: () => boolean): Outlet {
    return new Outlet(this, socket, open);
  }

  /** For outlets: a message as a frame; the same bytes while the message is the same. */
  frame(message: Uint8Array): Uint8Array {
    if (message !== this.#message) {
      this.#frame = encodeFrame(message.length, message);
      this.#message = message;
    }
    return this.#frame;
  }

  /** For outlets: calls `release` when this turn's callback is over. */
  wait(outlet: Outlet): void {
    if (this.#waiting.length === 0) process.nextTick(this.#releaseAll);
    this.#waiting.push(outlet);
  }

  readonly #releaseAll = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    // The last message must not be kept in memory by a writer that is idle.
    this.#message = EMPTY;
    this.#frame = EMPTY;
    for (const outlet of waiting) outlet.release();
  };
}

/** One connection's end of a {@link FrameWriter}. */
export class Outlet {
  readonly #writer: FrameWriter;
  readonly #socket: Writable;
  readonly #open: () => boolean;
  /**
   * `one`: a frame that leaves by itself if it stays the turn's only one, which most do: without the stream's
   * buffer it costs a tenth less. `many`: they gather in the stream, and leave together.
   */
  #turn: { readonly state: 'nothing' | 'many' } | { readonly state: 'one'; readonly frame: Uint8Array } =
    NOTHING;

  constructor(writer: FrameWriter, socket: Writable, open: () => boolean) {
    this.#writer = writer;
    this.#socket = socket;
    this.#open = open;
  }

  /** Bytes that were written here and that the network has not taken yet. */
  get bufferedBytes(): number {
    const { writableLength } = this.#socket;
    return this.#turn.state === 'one' ? writableLength + this.#turn.frame.length : writableLength;
  }

  /** One message. Its bytes must not change afterwards. */
  write(message: Uint8Array): void {
    if (message.length > COPY_BYTES) {
      this.#gather();
      this.#socket.write(encodeFrame(message.length));
      this.#socket.write(message);
      return;
    }
    this.#writeFrame(this.#writer.frame(message));
  }

  /** `head` and `body` as one message. A large body is written as it is, so that many sockets share it. */
  writeParts(head: Uint8Array, body: Uint8Array): void {
    const length = head.length + body.length;
    if (length <= COPY_PARTS_BYTES) {
      this.#writeFrame(encodeFrame(length, head, body));
      return;
    }
    this.#gather();
    this.#socket.write(encodeFrame(length, head));
    this.#socket.write(body);
  }

  /** Hands over to the network what this turn wrote: before the end of it, so that a close comes behind. */
  release(): void {
    const turn = this.#turn;
    this.#turn = NOTHING;
    if (turn.state === 'many') this.#socket.uncork();
    else if (turn.state === 'one' && this.#open()) this.#socket.write(turn.frame);
  }

  #writeFrame(frame: Uint8Array): void {
    // From the high-water mark on a stream tells of its drain, but not for a write past its buffer.
    const small = frame.length < this.#socket.writableHighWaterMark;
    if (small && this.#turn.state === 'nothing') {
      this.#turn = { state: 'one', frame };
      this.#writer.wait(this);
    } else {
      this.#gather();
      this.#socket.write(frame);
    }
  }

  #gather(): void {
    const turn = this.#turn;
    if (turn.state === 'many') return;
    this.#turn = MANY;
    this.#socket.cork();
    if (turn.state === 'one') this.#socket.write(turn.frame);
    else this.#writer.wait(this);
  }
}

const NOTHING = { state: 'nothing' } as const;
const MANY = { state: 'many' } as const;
