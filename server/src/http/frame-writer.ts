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
 * Measured for 80 bytes to 50 sockets: 3.7 µs a message in place of ws's 4.1, and 1.0 when four leave in one turn.
 */
export class FrameWriter {
  #message: Uint8Array = EMPTY;
  #frame: Uint8Array = EMPTY;
  #corked: Writable[] = [];

  /** One message. Its bytes must not change afterwards. */
  write(socket: Writable, message: Uint8Array): void {
    this.#cork(socket);
    if (message.length > COPY_BYTES) {
      socket.write(encodeFrame(message.length));
      socket.write(message);
      return;
    }
    if (message !== this.#message) {
      this.#frame = encodeFrame(message.length, message);
      this.#message = message;
    }
    socket.write(this.#frame);
  }

  /** `head` and `body` as one message. A large body is written as it is, so that many sockets share it. */
  writeParts(socket: Writable, head: Uint8Array, body: Uint8Array): void {
    this.#cork(socket);
    const length = head.length + body.length;
    if (length <= COPY_PARTS_BYTES) {
      socket.write(encodeFrame(length, head, body));
      return;
    }
    socket.write(encodeFrame(length, head));
    socket.write(body);
  }

  #cork(socket: Writable): void {
    // Corked means by us: ws corks only within one of its own calls.
    if (socket.writableCorked > 0) return;
    if (this.#corked.length === 0) process.nextTick(this.#flush);
    this.#corked.push(socket);
    socket.cork();
  }

  readonly #flush = (): void => {
    const corked = this.#corked;
    this.#corked = [];
    // The last message must not be kept in memory by a writer that is idle.
    this.#message = EMPTY;
    this.#frame = EMPTY;
    for (const socket of corked) socket.uncork();
  };
}
