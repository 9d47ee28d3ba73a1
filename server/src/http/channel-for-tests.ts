import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { CHANNEL_HEADER, CHANNEL_SUBPROTOCOL, KEY_HEADER } from '@sheaf/proto/channel/address';
import {
  CHANNEL_VERSION,
  decodeFrames,
  encodeFrame,
  isCounted,
  type Frame,
} from '@sheaf/proto/channel/frame';
import { WebSocket } from 'ws';

/** An answer of the HTTP side. */
export interface Answer {
  readonly status: number;
  readonly frames: readonly Frame[];
  readonly headers: Headers;
  readonly words: string;
}

/** What came by a stream or a WebSocket. */
export interface Stream extends Disposable {
  readonly frames: readonly Frame[];
  /** Resolves when `holds` says so of the frames that came. Rejects if the stream ends before. */
  until(holds: (frames: readonly Frame[]) => boolean): Promise<void>;
  /** Resolves when it ends, with a WebSocket's close code, else 0. */
  readonly ended: Promise<number>;
}

/** Keeps what came, and tells who waits for it. */
class Inbox {
  readonly frames: Frame[] = [];
  #over = false;
  #waiting: (() => void)[] = [];

  add(bytes: Uint8Array): void {
    this.frames.push(...decodeFrames(bytes));
    this.#tell();
  }

  end(): void {
    this.#over = true;
    this.#tell();
  }

  async until(holds: (frames: readonly Frame[]) => boolean): Promise<void> {
    while (!holds(this.frames)) {
      assert.ok(!this.#over, `the carrier ended with ${JSON.stringify(this.frames.map(({ type }) => type))}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A client's channel without its logic, for tests: each request is made as it is told. */
export class TestChannel {
  readonly id = randomBytes(16);
  key = randomBytes(16);
  /** `http://HOST:PORT` and the endpoint's path. */
  readonly endpoint: string;
  readonly headers: Record<string, string> = {};

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  hello(fields: { turn?: number; received?: number; from?: number } = {}): Frame {
    const { turn = 0, received = 0, from = 0 } = fields;
    return { type: 'hello', version: CHANNEL_VERSION, id: this.id, key: this.key, turn, received, from };
  }

  open(fields: { received?: number; from?: number } = {}): Promise<Answer> {
    return this.post('/channel/open', encodeFrame(this.hello(fields)));
  }

  messages(from: number, ...frames: readonly Frame[]): Promise<Answer> {
    return this.post(`/channel/messages?from=${from}`, Buffer.concat(frames.map(encodeFrame)));
  }

  poll(turn: number, received: number, hold = 0): Promise<Answer> {
    return this.post(`/channel/poll?turn=${turn}&received=${received}&hold=${hold}`, new Uint8Array(0));
  }

  async post(path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.endpoint}${path}`, {
      method: 'POST',
      body: Buffer.from(body),
      headers: { 'content-type': 'application/octet-stream', ...this.named(), ...headers },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isFrames = response.headers.get('content-type') === 'application/octet-stream';
    return {
      status: response.status,
      headers: response.headers,
      frames: isFrames ? [...decodeFrames(bytes)] : [],
      words: isFrames ? '' : Buffer.from(bytes).toString(),
    };
  }

  /** An event stream; resolves with the status if it is refused. */
  async events(
    turn: number,
    received: number,
    headers: Record<string, string> = {},
  ): Promise<EventStream | number> {
    const url = `${this.endpoint}/channel/events?turn=${turn}&received=${received}`;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers: { ...this.named(), ...headers }, agent: false }, resolve).on('error', reject);
    });
    if (response.statusCode === 200) return new EventStream(response);
    response.resume();
    return response.statusCode ?? 0;
  }

  /** An event stream that must be there. */
  async stream(turn: number, received: number): Promise<EventStream> {
    const stream = await this.events(turn, received);
    assert.ok(typeof stream === 'object', `refused with ${String(stream)}`);
    return stream;
  }

  /** A WebSocket that says hello. */
  async webSocket(
    fields: { turn?: number; received?: number; from?: number } = {},
    ...behind: readonly Frame[]
  ): Promise<TestWebSocket> {
    const socket = new TestWebSocket(this.endpoint.replace(/^http/, 'ws'), this.headers);
    await socket.opened;
    socket.send(this.hello(fields), ...behind);
    return socket;
  }

  /** The headers that name it. */
  named(): Record<string, string> {
    return {
      [CHANNEL_HEADER]: this.id.toString('hex'),
      [KEY_HEADER]: this.key.toString('hex'),
      ...this.headers,
    };
  }
}

/** The client's end of an event stream. */
export class EventStream implements Stream {
  readonly response: IncomingMessage;
  readonly #inbox = new Inbox();
  /** The `id` of each event. */
  readonly ids: number[] = [];
  /** What came, as text. */
  text = '';
  readonly ended: Promise<number>;
  #rest = '';

  constructor(response: IncomingMessage) {
    this.response = response;
    response.on('data', (chunk: Buffer) => this.#read(chunk.toString('latin1')));
    response.on('error', () => {});
    this.ended = new Promise((resolve) =>
      response.on('close', () => {
        this.#inbox.end();
        resolve(0);
      }),
    );
  }

  get frames(): readonly Frame[] {
    return this.#inbox.frames;
  }

  until(holds: (frames: readonly Frame[]) => boolean): Promise<void> {
    return this.#inbox.until(holds);
  }

  [Symbol.dispose](): void {
    this.response.destroy();
  }

  #read(text: string): void {
    this.text += text;
    const events = (this.#rest + text).split('\n\n');
    this.#rest = events.pop() ?? '';
    for (const event of events) {
      const [, id = '', data = ''] = /^id: (\d+)\ndata: ([A-Za-z0-9+/=]*)$/.exec(event) ?? assert.fail(event);
      this.ids.push(Number(id));
      this.#inbox.add(Buffer.from(data, 'base64'));
    }
  }
}

/** The client's end of a WebSocket that carries. */
export class TestWebSocket implements Stream {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly ended: Promise<number>;
  readonly #inbox = new Inbox();

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, [CHANNEL_SUBPROTOCOL], { headers });
    this.socket.on('message', (data: Buffer) => this.#inbox.add(data));
    this.opened = new Promise((resolve, reject) => {
      this.socket.once('open', () => resolve());
      this.socket.once('error', reject);
    });
    this.ended = new Promise((resolve) =>
      this.socket.on('close', (code) => {
        this.#inbox.end();
        resolve(code);
      }),
    );
  }

  get frames(): readonly Frame[] {
    return this.#inbox.frames;
  }

  until(holds: (frames: readonly Frame[]) => boolean): Promise<void> {
    return this.#inbox.until(holds);
  }

  send(...frames: readonly Frame[]): void {
    this.socket.send(Buffer.concat(frames.map(encodeFrame)));
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

/** A counted message of one text. */
export function message(text: string): Frame {
  return { type: 'message', body: Buffer.from(text) };
}

/** The texts of the counted messages among frames. */
export function texts(frames: readonly Frame[]): string[] {
  return frames
    .filter(isCounted)
    .map((frame) => (frame.type === 'close' ? `close ${frame.code}` : Buffer.from(frame.body).toString()));
}
