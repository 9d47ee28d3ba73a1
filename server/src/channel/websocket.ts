import {
  CHANNEL_VERSION,
  decodeFrames,
  encodeFrame,
  MalformedFrame,
  type CountedFrame,
  type Frame,
  type Hello,
  type Take,
} from '@sheaf/proto/channel/frame';
import type { EncodedFrame } from '@sheaf/proto/channel/outgoing';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { MessageSocket, SocketHandler } from '../protocol/socket.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { Carrier, Source } from './carrier.ts';
import { MALFORMED, RESYNC, type ServerChannel } from './channel.ts';
import type { ChannelRequest, Meeting } from './channels.ts';
import { Upstream } from './upstream.ts';

const FORBIDDEN = 4403;
const TIMEOUT = 4408;
/** IANA's registry of close codes: restart, and try again later. */
const RESTART = 1012;
const TRY_LATER = 1013;

/** What a WebSocket that carries needs. */
export interface WebSocketCarrierOptions {
  readonly socket: MessageSocket;
  readonly request: ChannelRequest;
  /** Finds or makes the channel of a hello. */
  readonly meet: (hello: Hello, request: ChannelRequest) => Meeting;
  readonly acknowledgements: Acknowledgements;
  readonly limits: Limits;
}

type State =
  | { readonly state: 'waiting'; readonly deadline: NodeJS.Timeout }
  | {
      readonly state: 'open';
      readonly channel: ServerChannel;
      readonly upstream: Upstream;
      readonly leave: () => void;
    }
  | { readonly state: 'over' };

/** A WebSocket with subprotocol `sheaf.channel.v1`: brings a client's frames, and carries the server's if told to. */
export class WebSocketCarrier implements Carrier, Source, SocketHandler {
  readonly kind = 'websocket';
  readonly #options: WebSocketCarrierOptions;
  readonly #socket: MessageSocket;
  #state: State;
  #owedFrames = 0;
  #owedBytes = 0;
  #nonce: number | null = null;

  constructor(options: WebSocketCarrierOptions) {
    this.#options = options;
    this.#socket = options.socket;
    const late = (): void => this.close(TIMEOUT, 'No hello came.');
    this.#state = { state: 'waiting', deadline: setTimeout(late, options.limits.authenticateMs) };
    options.socket.onDrain(() => {
      if (this.#state.state === 'open') this.#state.channel.drained(this);
    });
  }

  // What the socket calls.

  message(data: Uint8Array): void {
    if (this.#state.state === 'over') return;
    try {
      const frames = [...decodeFrames(data)];
      if (this.#state.state === 'waiting') this.#greet(frames);
      else this.#bring(this.#state.channel, this.#state.upstream, frames);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  closed(): void {
    const state = this.#state;
    this.#stop();
    if (state.state === 'open') state.channel.lost(this);
  }

  // What the channel calls.

  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  send({ head, body }: EncodedFrame): void {
    if (head.length === 0) this.#socket.send(body);
    else this.#socket.sendParts(head, body);
  }

  sendLoose(frame: EncodedFrame): void {
    this.send(frame);
  }

  close(code: number, reason: string): void {
    if (this.#state.state === 'over') return;
    this.#acknowledge();
    this.#stop();
    this.#socket.close(code, reason);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    const state = this.#state;
    if (state.state !== 'open') return;
    try {
      state.upstream.resume();
      this.#answer();
    } catch (thrown) {
      this.#failed(thrown);
    }
    if (!state.channel.paused) this.#socket.resume();
  }

  ended(): void {
    // What does not carry is closed with the channel as well.
    this.close(MALFORMED, 'The channel has ended.');
  }

  #greet(frames: Frame[]): void {
    const hello = frames.shift();
    if (hello?.type !== 'hello') throw new MalformedFrame('The first frame is no hello.');
    if (hello.version !== CHANNEL_VERSION)
      throw new MalformedFrame(`Version ${hello.version} is not known here.`);
    const meeting = this.#options.meet(hello, this.#options.request);
    if (meeting.type !== 'met') {
      this.#refuse(meeting);
      return;
    }
    const { channel, resumed } = meeting;
    if (this.#state.state === 'waiting') clearTimeout(this.#state.deadline);
    const upstream = new Upstream(
      {
        get paused() {
          return channel.paused;
        },
        take: (frame, number) => this.#take(channel, frame, number),
        control: (frame) => this.#control(channel, frame),
      },
      hello.from,
    );
    this.#state = { state: 'open', channel, upstream, leave: channel.open(this) };
    this.#socket.send(encodeFrame(channel.welcome(resumed)));
    channel.prove(this);
    if (hello.turn > 0) channel.take(this, hello.turn, hello.received);
    this.#bring(channel, upstream, frames);
  }

  #refuse(meeting: Exclude<Meeting, { type: 'met' }>): void {
    switch (meeting.type) {
      case 'forbidden':
        this.close(FORBIDDEN, 'This channel is not yours.');
        return;
      case 'gone':
        this.#socket.send(encodeFrame(meeting.welcome));
        this.close(RESYNC, 'The channel is not there any more.');
        return;
      case 'no-room':
        this.close(TRY_LATER, 'Too many connections from this address.');
        return;
      case 'draining':
        this.close(RESTART, 'The server is about to stop.');
    }
  }

  #bring(channel: ServerChannel, upstream: Upstream, frames: readonly Frame[]): void {
    channel.heard();
    upstream.bring(frames);
    this.#answer();
  }

  #take(channel: ServerChannel, frame: CountedFrame, number: number): void {
    const { limits, acknowledgements } = this.#options;
    if (this.#owedFrames === 0) acknowledgements.owe(this.#acknowledge);
    this.#owedFrames += 1;
    this.#owedBytes += frame.type === 'close' ? 0 : frame.body.length;
    // May be the last frame, with which this carrier closes, and says that it has come.
    channel.receive(frame, number);
    if (this.#owedFrames >= limits.channelAckFrames || this.#owedBytes >= limits.channelAckBytes)
      this.#acknowledge();
  }

  #control(channel: ServerChannel, frame: Exclude<Frame, CountedFrame>): void {
    if (frame.type === 'ping') this.#nonce = frame.nonce;
    else if (frame.type === 'take') this.#carry(channel, frame);
    else channel.control(frame);
  }

  #carry(channel: ServerChannel, take: Take): void {
    if (this.#state.state !== 'open') return;
    this.#state.upstream.restart(take.from);
    channel.take(this, take.turn, take.received);
  }

  /** Answers the last ping of a message: who sends many learns nothing more by many answers. */
  #answer(): void {
    if (this.#nonce === null || this.#state.state !== 'open') return;
    this.#socket.send(encodeFrame({ type: 'pong', nonce: this.#nonce }));
    this.#nonce = null;
  }

  readonly #acknowledge = (): void => {
    if (this.#owedFrames === 0 || this.#state.state !== 'open') return;
    this.#owedFrames = 0;
    this.#owedBytes = 0;
    this.#options.acknowledgements.settle(this.#acknowledge);
    this.#socket.send(encodeFrame({ type: 'ack', received: this.#state.channel.received }));
  };

  #failed(thrown: unknown): void {
    const failure = this.#state.state === 'open' ? this.#state.channel.failed(thrown) : 'malformed';
    if (failure === 'gap' || this.#state.state === 'waiting')
      this.close(MALFORMED, SheafError.from(thrown).message);
  }

  #stop(): void {
    if (this.#state.state === 'waiting') clearTimeout(this.#state.deadline);
    if (this.#state.state === 'open') this.#state.leave();
    this.#options.acknowledgements.settle(this.#acknowledge);
    this.#state = { state: 'over' };
  }
}
