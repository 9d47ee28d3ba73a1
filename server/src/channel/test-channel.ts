import { encodeMessage } from '@sheaf/proto/channel/outgoing';
import { decodeFrames, type Frame } from '@sheaf/proto/channel/frame';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import type { PeerRequest } from '../protocol/accept.ts';
import type { MessageSocket, SocketHandler } from '../protocol/socket.ts';
import { type ChannelEndpoint, Channels } from './channels.ts';
import { Room } from './room.ts';

/** What came of one socket that a {@link TestProtocol} was given. */
export class TestHandler implements SocketHandler {
  readonly socket: MessageSocket;
  readonly peer: PeerRequest;
  readonly got: string[] = [];
  timesResumed = 0;
  timesDrained = 0;
  timesClosed = 0;
  /** Called with each message, before the next. */
  onMessage: (text: string) => void = () => {};

  constructor(socket: MessageSocket, peer: PeerRequest) {
    this.socket = socket;
    this.peer = peer;
    socket.onDrain(() => (this.timesDrained += 1));
  }

  message(data: Uint8Array): void {
    const text = Buffer.from(data).toString();
    this.got.push(text);
    this.onMessage(text);
  }

  resumed(): void {
    this.timesResumed += 1;
  }

  closed(): void {
    this.timesClosed += 1;
  }

  /** Sends texts as messages. */
  say(...words: readonly string[]): void {
    for (const text of words) this.socket.send(Buffer.from(text));
  }
}

/** Channels of a server without a network, with a clock that a test moves. */
export class TestChannels {
  readonly limits: Limits;
  readonly channels: Channels;
  readonly handlers: TestHandler[] = [];
  readonly logged: string[] = [];
  /** Lets a test look at, or close, a socket before anything is read. */
  onAccept: (handler: TestHandler) => void = () => {};
  draining = false;
  now = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    const log = (_fields: object, words: string): void => void this.logged.push(words);
    this.channels = new Channels({
      limits: this.limits,
      log: { debug: log, error: log },
      room: new Room(this.limits.connectionsPerAddress),
      draining: () => this.draining,
      now: () => this.now,
    });
  }

  endpoint(protocol: ChannelEndpoint['protocol'] = 'hocuspocus', key: string = protocol): ChannelEndpoint {
    return { key, protocol, accept: (socket, peer) => this.#accept(socket, peer) };
  }

  /** Moves the clock, and lets the channels be looked after at each second. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 1_000) {
      this.now += Math.min(left, 1_000);
      this.channels.beat(this.now);
    }
  }

  #accept(socket: MessageSocket, peer: PeerRequest): SocketHandler {
    const handler = new TestHandler(socket, peer);
    this.handlers.push(handler);
    this.onAccept(handler);
    return handler;
  }
}

/** A message's frames, decoded as the other side would. */
export function framesOf(message: string | Uint8Array): Frame[] {
  const bytes = typeof message === 'string' ? Buffer.from(message) : message;
  return encodeMessage(bytes).flatMap(({ head, body }) => [...decodeFrames(Buffer.concat([head, body]))]);
}
