import { decodeFrames, encodeFrame, isCounted } from '@sheaf/proto/channel/frame';
import type { Frame, Hello } from '@sheaf/proto/channel/frame';
import { BadFrame, Incoming } from '@sheaf/proto/channel/incoming';
import { Outgoing, encodeClose, encodeMessage } from '@sheaf/proto/channel/outgoing';
import type { EncodedFrame } from '@sheaf/proto/channel/outgoing';

/** Where a test server sends a row of frames, and what ends it. */
export interface TestCarrier {
  readonly kind: string;
  send(row: Uint8Array, lastNumber: number): void;
  end(): void;
}

/** A server's end of a channel, as small as can be, that remembers what came. */
export class TestChannel {
  readonly outgoing: Outgoing;
  readonly incoming = new Incoming();
  readonly messages: string[] = [];
  readonly presence: string[] = [];
  /** Kinds of the carriers that took it. */
  readonly takes: string[] = [];
  closedWith: { code: number; reason: string } | null = null;
  carrier: TestCarrier | null = null;
  turn = 0;

  constructor(ringBytes: number) {
    this.outgoing = new Outgoing({ ringBytes });
  }

  /** Whether `kind` may take it; the same turn only goes on with what has it. */
  mayTake(kind: string, turn: number): boolean {
    return turn > this.turn || (turn === this.turn && this.carrier?.kind === kind);
  }

  /** Whether all behind `received` is kept. */
  canResume(received: number): boolean {
    return this.outgoing.since(received) !== null;
  }

  take(carrier: TestCarrier, turn: number, received: number): void {
    if (!this.mayTake(carrier.kind, turn)) return;
    if (turn > this.turn) this.takes.push(carrier.kind);
    this.turn = turn;
    const previous = this.carrier;
    this.carrier = carrier;
    if (previous !== null && previous !== carrier) previous.end();
    this.outgoing.acknowledge(received);
    let number = received;
    for (const frame of this.outgoing.since(received) ?? []) {
      number += 1;
      carrier.send(join(frame), number);
    }
  }

  /** Takes a row whose first counted frame follows `from`. Throws BadFrame. */
  receive(frames: Iterable<Frame>, from: number): number {
    let number = from;
    for (const frame of frames) {
      if (isCounted(frame)) {
        number += 1;
        const arrival = this.incoming.take(frame, number, 1e9);
        if (arrival?.type === 'message') this.messages.push(text(arrival.data));
        else if (arrival?.type === 'close') this.closedWith = { code: arrival.code, reason: arrival.reason };
      } else if (frame.type === 'presence') this.presence.push(text(frame.body));
      else if (frame.type === 'ack') this.outgoing.acknowledge(frame.received);
      else if (frame.type === 'ping') this.tell({ type: 'pong', nonce: frame.nonce });
    }
    return number;
  }

  /** Sends a message to the client. */
  push(message: string | Uint8Array): void {
    const bytes = typeof message === 'string' ? new TextEncoder().encode(message) : message;
    for (const frame of encodeMessage(bytes)) this.#push(frame);
  }

  close(code: number, reason: string): void {
    this.#push(encodeClose(code, reason));
  }

  /** Sends a frame that is not counted. */
  tell(frame: Frame): void {
    this.carrier?.send(encodeFrame(frame), this.outgoing.sent);
  }

  #push(frame: EncodedFrame): void {
    const number = this.outgoing.push(frame);
    this.carrier?.send(join(frame), number);
  }
}

/** Channels by their ids. */
export class TestServer {
  readonly channels = new Map<string, TestChannel>();
  heartbeatMs = 10_000;
  resumeMs = 60_000;
  ringBytes = 4 * 1024 * 1024;

  /** The only channel. */
  get channel(): TestChannel {
    const [channel, ...more] = this.channels.values();
    if (!channel || more.length > 0) throw new Error(`There are ${this.channels.size} channels.`);
    return channel;
  }

  find(id: string): TestChannel | undefined {
    return this.channels.get(id);
  }

  /** Answers a hello; the channel is null if the client goes on with one that is gone. */
  meet(hello: Hello): { channel: TestChannel | null; welcome: Uint8Array } {
    const id = hex(hello.id);
    let channel = this.channels.get(id) ?? null;
    const resumed = channel !== null;
    if (channel === null && hello.from === 0 && hello.received === 0) {
      channel = new TestChannel(this.ringBytes);
      this.channels.set(id, channel);
    }
    return { channel, welcome: this.welcome(resumed, channel) };
  }

  welcome(resumed: boolean, channel: TestChannel | null): Uint8Array {
    const { heartbeatMs, resumeMs } = this;
    const received = channel?.incoming.received ?? 0;
    return encodeFrame({ type: 'welcome', resumed, received, heartbeatMs, resumeMs });
  }

  /** Everybody says a sign of life, as a server does each heartbeat. */
  beat(): void {
    for (const channel of this.channels.values()) channel.tell({ type: 'ping', nonce: 1 });
  }
}

/** The server's end of a WebSocket. */
export class TestServerSocket implements TestCarrier {
  readonly kind = 'websocket';
  readonly #server: TestServer;
  readonly #send: (row: Uint8Array) => void;
  readonly #close: (code: number) => void;
  #channel: TestChannel | null = null;
  #number = 0;

  constructor(server: TestServer, send: (row: Uint8Array) => void, close: (code: number) => void) {
    this.#server = server;
    this.#send = send;
    this.#close = close;
  }

  send(row: Uint8Array): void {
    this.#send(row);
  }

  end(): void {
    this.#close(1000);
  }

  message(row: Uint8Array): void {
    for (const frame of decodeFrames(row)) {
      if (frame.type === 'hello') {
        const { channel, welcome } = this.#server.meet(frame);
        this.#channel = channel;
        this.#number = frame.from;
        this.#send(welcome);
        if (channel === null) this.#close(4205);
      } else if (this.#channel === null) continue;
      else if (frame.type === 'take') {
        this.#number = frame.from;
        if (!this.#channel.canResume(frame.received)) return this.#close(4205);
        this.#channel.take(this, frame.turn, frame.received);
      } else this.#receive(this.#channel, frame);
    }
  }

  gone(): void {
    if (this.#channel?.carrier === this) this.#channel.carrier = null;
  }

  #receive(channel: TestChannel, frame: Frame): void {
    try {
      this.#number = channel.receive([frame], this.#number);
    } catch (thrown) {
      if (!(thrown instanceof BadFrame)) throw thrown;
      return this.#close(4400);
    }
    if (isCounted(frame)) this.#send(encodeFrame({ type: 'ack', received: channel.incoming.received }));
  }
}

/** A frame as one row. */
export function join({ head, body }: EncodedFrame): Uint8Array {
  return Uint8Array.from([...head, ...body]);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
