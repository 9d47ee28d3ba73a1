import { randomBytes, randomInt } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { encodeMessage, encodePong, FrameReader } from './frame.ts';

/** Largest piece read from a socket at once, bytes. */
const READ_BYTES = 64 * 1024;
/** Largest head of an HTTP response that is waited for, bytes. */
const HEAD_BYTES = 16 * 1024;
/** How many loopback addresses are connected from: servers bound how many connections they take from one. */
const ADDRESSES = 200;
/** Every socket reads into these bytes: what is kept of them is copied in the same turn. */
const READ_BUFFER = Buffer.allocUnsafe(READ_BYTES);

/** The address to connect from. Linux has all of 127.0.0.0/8; elsewhere there is only the usual one. */
function anyAddress(): string {
  return process.platform === 'linux' ? `127.0.0.${2 + randomInt(ADDRESSES)}` : '127.0.0.1';
}

type State =
  | { readonly state: 'upgrading'; head: Buffer; readonly done: (error: Error | null) => void }
  | { readonly state: 'reading'; readonly reader: FrameReader }
  | { readonly state: 'counting' }
  | { readonly state: 'closed'; readonly reason: string };

/**
 * One WebSocket of the load process, on a bare TCP socket. It parses messages until `count` is called; from then
 * on it only counts bytes, and reads only when `resume` says so: what has arrived waits in the kernel, so that a
 * thousand readers cost the load process little and its own business does not slow the replica that measures.
 */
export class Connection {
  /** Bytes received since the upgrade, with the frames' heads. */
  bytes = 0;
  /** Called with each message; the bytes may be kept. */
  onMessage: (message: Uint8Array) => void = () => {};
  /** Called once when the other side ends the connection, or it breaks. */
  onClosed: (reason: string) => void = () => {};
  #socket: Socket | null = null;
  #state: State = { state: 'closed', reason: 'never opened' };

  /** Connects and upgrades. Rejects if the server does not answer 101. */
  static async open(options: { port: number; path: string }): Promise<Connection> {
    const connection = new Connection();
    await connection.#open(options.port, options.path);
    return connection;
  }

  /** Sends one message, which is framed now. */
  send(message: Uint8Array): void {
    this.sendFrame(encodeMessage(message));
  }

  /** Sends a frame made by `encodeMessage` ahead of time. */
  sendFrame(frame: Uint8Array): void {
    this.#socket?.write(frame);
  }

  /** From now on only counts bytes, each time that `resume` is called. Pings stay unanswered. */
  count(): void {
    if (this.#state.state === 'reading') this.#state = { state: 'counting' };
  }

  /** Reads what has come since, once. Only after `count`. */
  resume(): void {
    this.#socket?.resume();
  }

  /** Ends the connection without a word. `onClosed` is not called. */
  destroy(): void {
    this.#state = { state: 'closed', reason: 'ended by the bench' };
    this.#socket?.destroy();
  }

  #open(port: number, path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null): void => (error === null ? resolve() : reject(error));
      this.#state = { state: 'upgrading', head: Buffer.alloc(0), done };
      const socket = connect({
        port,
        host: '127.0.0.1',
        localAddress: anyAddress(),
        noDelay: true,
        onread: {
          buffer: READ_BUFFER,
          callback: (size, bytes) => this.#read(bytes.subarray(0, size)),
        },
      });
      this.#socket = socket;
      socket.on('error', (error) => this.#end(`connection failed: ${error.message}`));
      socket.on('close', () => this.#end('the server closed the connection'));
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      );
    });
  }

  /** Answers whether to go on reading. */
  #read(bytes: Uint8Array): boolean {
    const state = this.#state;
    switch (state.state) {
      case 'counting':
        this.bytes += bytes.length;
        return bytes.length === READ_BYTES;
      case 'reading':
        this.#parse(state.reader, bytes);
        return true;
      case 'upgrading':
        this.#upgrade(state, bytes);
        return true;
      case 'closed':
        return false;
    }
  }

  #upgrade(state: Extract<State, { state: 'upgrading' }>, bytes: Uint8Array): void {
    state.head = Buffer.concat([state.head, bytes]);
    const end = state.head.indexOf('\r\n\r\n');
    if (end === -1) {
      if (state.head.length > HEAD_BYTES) this.#end('the answer to the upgrade has no end');
      return;
    }
    const status = state.head.subarray(0, state.head.indexOf('\r\n')).toString();
    if (!status.startsWith('HTTP/1.1 101')) return this.#end(`no WebSocket: ${status}`);
    const reader = new FrameReader();
    this.#state = { state: 'reading', reader };
    state.done(null);
    const rest = state.head.subarray(end + 4);
    // Whoever opened it sets `onMessage` after the promise: the first messages wait for that.
    if (rest.length > 0) setImmediate(() => this.#parse(reader, rest));
  }

  #parse(reader: FrameReader, bytes: Uint8Array): void {
    this.bytes += bytes.length;
    for (const frame of reader.push(bytes)) {
      if (frame.kind === 'message') this.onMessage(frame.data);
      else if (frame.kind === 'ping') this.sendFrame(encodePong(frame.data));
      else this.#end(`the server closed the connection: ${frame.code} ${frame.reason}`);
    }
  }

  #end(reason: string): void {
    const state = this.#state;
    if (state.state === 'closed') return;
    this.#state = { state: 'closed', reason };
    this.#socket?.destroy();
    if (state.state === 'upgrading') state.done(new Error(reason));
    else this.onClosed(reason);
  }
}
