import type { ChannelProtocol } from '@sheaf/proto/channel/classify';
import { MalformedFrame, type CountedFrame, type Frame, type Welcome } from '@sheaf/proto/channel/frame';
import { BadFrame } from '@sheaf/proto/channel/incoming';
import { BadAcknowledgement, encodeClose, Outgoing, type EncodedFrame } from '@sheaf/proto/channel/outgoing';
import { assertNever } from '../error.ts';
import type { MessageSocket, SocketHandler } from '../protocol/socket.ts';
import type { Carrier, CarrierKind, Source } from './carrier.ts';
import type { ChannelContext } from './channel-context.ts';
import { encodeEmpty, encodeInParts, encodeLoose } from './frame-encoder.ts';
import { Intake } from './intake.ts';
import { Probes } from './probes.ts';
import { Pulse } from './pulse.ts';

/** Close codes of channels: the peer's bytes are none of a channel's, nothing came in time, and begin anew. */
export const MALFORMED = 4400;
const TIMEOUT = 4408;
export const RESYNC = 4205;
/** RFC 6455, section 7.4.1. */
const NORMAL = 1000;
const TOO_BIG = 1009;
const INTERNAL_ERROR = 1011;
/** IANA's registry of close codes: come back later. */
const TRY_AGAIN_LATER = 1013;

const NOTHING = new Uint8Array(0);

type State =
  | { readonly state: 'detached'; readonly since: number }
  | { readonly state: 'attached'; readonly carrier: Carrier }
  /** The protocol has closed: waits until the client has frame `number`, which says so. */
  | {
      readonly state: 'closing';
      readonly carrier: Carrier | null;
      readonly since: number;
      readonly number: number;
      readonly code: number;
      readonly reason: string;
      /** Also where the client is away: it may come back for it. */
      readonly awaited: boolean;
    }
  | { readonly state: 'over' };

/** How a carrier's wish to carry ends: `stale`, a later one has the channel; `gone`, what it lacks is kept no more. */
export type Taking = 'taken' | 'stale' | 'gone';

/** What was wrong with what a client brought. Only after a `gap` the channel goes on. */
export type Failure = 'gap' | 'too-large' | 'malformed' | 'internal';

/**
 * The server's end of a channel (SPEC CH): a {@link MessageSocket} for a protocol, whose messages go by one carrier
 * after another.
 */
export class ServerChannel implements MessageSocket {
  readonly protocol: ChannelProtocol;
  readonly #context: ChannelContext;
  readonly #outgoing: Outgoing;
  readonly #intake: Intake;
  #handler: SocketHandler | null = null;
  #drained: () => void = () => {};
  #state: State;
  #turn = 0;
  #taken = false;
  readonly #probes: Probes;
  #presenceLost = false;
  /** Whether somebody saw that much waits, and is told when it does no more. */
  #pressed = false;
  readonly #pulse: Pulse;

  constructor(protocol: ChannelProtocol, context: ChannelContext) {
    this.protocol = protocol;
    this.#context = context;
    const {
      channelRingBytes: ringBytes,
      channelRingFrames: ringFrames,
      channelLargeBytes: largeBytes,
    } = context.limits;
    const onLarge = {
      kept: ({ body }: EncodedFrame) => context.account().hold(body.buffer),
      forgotten: ({ body }: EncodedFrame) => context.account().release(body.buffer),
    };
    this.#outgoing = new Outgoing({ ringBytes, ringFrames, largeBytes, onLarge });
    const now = context.now();
    this.#intake = new Intake(context.limits, context.now);
    this.#pulse = new Pulse(context.limits, now);
    this.#probes = new Probes(context.limits);
    this.#state = { state: 'detached', since: now };
  }

  /** Connects it to what reads it; called once. */
  start(accept: (socket: MessageSocket) => SocketHandler): void {
    try {
      this.#handler = accept(this);
    } catch (thrown) {
      this.#failedInside(thrown);
    }
  }

  // What the protocol calls.

  send(message: Uint8Array): void {
    if (!this.#isOpen) return;
    const sent = this.#context.encoder.encode(this.protocol, message);
    if (sent.type === 'counted') {
      // What is cut into parts is a large update, which all who read the document share.
      const large = sent.frames.length > 1;
      for (const frame of sent.frames) if (this.#isOpen) this.#push(frame, large);
    } else if (this.#state.state === 'attached') {
      this.#pulse.spoke();
      this.#state.carrier.sendLoose(sent.frame, sent.key);
    } else this.#presenceLost = true;
  }

  sendParts(head: Uint8Array, body: Uint8Array): void {
    if (!this.#isOpen) return;
    for (const frame of encodeInParts(head, body)) if (this.#isOpen) this.#push(frame, true);
  }

  get bufferedBytes(): number {
    const bytes = this.#carrier?.bufferedBytes ?? this.#outgoing.bytes;
    if (bytes > this.#context.limits.outboundBytes / 2) this.#pressed = true;
    return bytes;
  }

  onDrain(drained: () => void): void {
    this.#drained = drained;
  }

  close(code: number, reason: string): void {
    this.#close(code, reason, true);
  }

  /** Closes it as the server's last word: who is away, or goes before having heard it, is not waited for. */
  dismiss(code: number, reason: string): void {
    if (this.#carrier === null) this.#end(code, reason);
    else if (this.#state.state === 'closing') this.#state = { ...this.#state, awaited: false };
    else this.#close(code, reason, false);
  }

  #close(code: number, reason: string, awaited: boolean): void {
    if (!this.#isOpen) return;
    const carrier = this.#carrier;
    const frame = encodeClose(code, reason);
    const number = this.#outgoing.push(frame);
    this.#state = { state: 'closing', carrier, since: this.#context.now(), number, code, reason, awaited };
    carrier?.send(frame, number);
    // That the client has it must be heard.
    this.resume();
  }

  pause(): void {
    if (this.#isOpen) this.#intake.pause();
  }

  resume(): void {
    if (!this.#intake.paused) return;
    this.#pulse.heard();
    this.#intake.resume();
  }

  // What carriers and sources call.

  get paused(): boolean {
    return this.#intake.paused;
  }

  get over(): boolean {
    return this.#state.state === 'over';
  }

  /** The carrier that has the channel; null without one. */
  get carrier(): Carrier | null {
    return this.#carrier;
  }

  /** The turn of the last carrier that had it. */
  get turn(): number {
    return this.#turn;
  }

  /** How many of the client's counted frames have come. */
  get received(): number {
    return this.#intake.received;
  }

  /** How many counted frames it has sent. */
  get sent(): number {
    return this.#outgoing.sent;
  }

  /** The longest message that may come now, bytes. */
  get messageBytes(): number {
    return this.#intake.messageBytes;
  }

  /** What a `hello` is answered with. */
  welcome(resumed: boolean): Welcome {
    const { channelHeartbeatMs, channelResumeMs } = this.#context.limits;
    return {
      type: 'welcome',
      resumed,
      received: this.received,
      heartbeatMs: channelHeartbeatMs,
      resumeMs: channelResumeMs,
    };
  }

  /** The client has shown itself. */
  heard(): void {
    this.#pulse.heard();
  }

  /** Adds what brings frames; returns what ends that. */
  open(source: Source): () => void {
    return this.#intake.open(source);
  }

  /** Adds a carrier that only proves itself so far: it is closed if it stays so, or if there are too many. */
  prove(carrier: Carrier): void {
    this.#probes.add(carrier, this.#context.now())?.close(NORMAL, 'Too many carriers.');
  }

  /**
   * Whether a carrier may bring the server's frames from number `received` on: if its turn has come (SPEC CH-4), and
   * what it lacks is there; else the channel ends. Throws BadAcknowledgement.
   */
  mayTake(kind: CarrierKind, turn: number, received: number): Taking {
    if (this.over) return 'gone';
    if (!this.#isTurn(kind, turn)) return 'stale';
    this.#pulse.heard();
    this.acknowledge(received);
    if (this.over || this.#isKept(received)) return 'taken';
    this.#end(RESYNC, 'What was missed is kept no more.');
    return 'gone';
  }

  /** Lets `carrier` bring the server's frames, as {@link mayTake} says, from number `received` on. */
  take(carrier: Carrier, turn: number, received: number): Taking {
    const taking = this.mayTake(carrier.kind, turn, received);
    if (taking !== 'taken' || this.over) return taking;
    const previous = this.#carrier;
    this.#turn = turn;
    this.#attach(carrier);
    if (previous !== carrier) previous?.close(NORMAL, 'Another carrier took over.');
    this.repeat(carrier, received);
    this.#context.taken(carrier.kind, this.#taken);
    const lost = this.#taken || this.#presenceLost;
    this.#taken = true;
    this.#presenceLost = false;
    if (lost && this.#isOpen) this.#guarded(() => this.#handler?.resumed?.());
    this.#relieve();
    return 'taken';
  }

  /**
   * Sends its carrier everything behind number `received`, after {@link mayTake}; nothing may be sent in between. What
   * the client has acknowledged since it asked is kept no more, but it counts: empty messages stand for it, which the
   * client passes over.
   */
  repeat(carrier: Carrier, received: number): void {
    let number = Math.max(received, this.#outgoing.acknowledged);
    if (number > received) carrier.send({ head: NOTHING, body: encodeEmpty(number - received) }, number);
    for (const frame of this.#outgoing.since(number) ?? []) {
      number += 1;
      carrier.send(frame, number);
    }
    this.#pulse.spoke();
  }

  /** The client has the server's frames up to `received`. Throws BadAcknowledgement. */
  acknowledge(received: number): void {
    this.#outgoing.acknowledge(received);
    const state = this.#state;
    if (state.state === 'closing' && received >= state.number) this.#end(state.code, state.reason);
    else if (this.#pressed) this.#relieve();
  }

  /** Takes counted frame `number`. Throws BadFrame. */
  receive(frame: CountedFrame, number: number): void {
    if (this.over) return;
    const arrival = this.#intake.take(frame, number);
    if (arrival?.type === 'close') this.#end(NORMAL, '');
    else if (arrival) this.#deliver(arrival.data);
  }

  /** Takes a frame that is not counted. Throws BadAcknowledgement, MalformedFrame. */
  control(frame: Exclude<Frame, CountedFrame>): void {
    switch (frame.type) {
      case 'presence':
        this.#deliver(frame.body);
        return;
      case 'ack':
        if (!this.over) this.acknowledge(frame.received);
        return;
      case 'ping':
        this.#carrier?.sendLoose(encodeLoose({ type: 'pong', nonce: frame.nonce }), 'pong');
        return;
      case 'pong':
        return;
      case 'hello':
      case 'take':
      case 'welcome':
      case 'drain':
        throw new MalformedFrame(`A frame of type ${frame.type} where it can't be.`);
      default:
        assertNever(frame);
    }
  }

  /** A carrier has ended. */
  lost(carrier: Carrier): void {
    this.#probes.delete(carrier);
    if (this.#carrier === carrier) this.#attach(null);
  }

  /** A carrier has room again. */
  drained(carrier: Carrier): void {
    if (this.#carrier === carrier) this.#relieve();
  }

  /** What a client brought made something throw; tells what it was, and ends the channel unless it was a gap. */
  failed(thrown: unknown): Failure {
    if (thrown instanceof BadFrame && thrown.problem === 'gap') return 'gap';
    if (thrown instanceof BadFrame && thrown.problem === 'too-large') {
      this.close(TOO_BIG, thrown.message);
      return 'too-large';
    }
    if (
      thrown instanceof BadFrame ||
      thrown instanceof MalformedFrame ||
      thrown instanceof BadAcknowledgement
    ) {
      this.#context.log.debug({ err: thrown }, 'A channel ended by what its client sent');
      this.#end(MALFORMED, thrown.message);
      return 'malformed';
    }
    this.#failedInside(thrown);
    return 'internal';
  }

  // What the registry calls.

  /** Looks after it: heartbeats, and the end of what has been silent or alone for too long. `now`: ms of its clock. */
  beat(now: number): void {
    const { limits } = this.#context;
    for (const carrier of this.#probes.overdue(now)) carrier.close(NORMAL, 'It carries nothing.');
    // It is us who don't listen.
    if (this.#intake.paused) this.#pulse.heard();
    const carrier = this.#carrier;
    const pulse = this.#pulse.beat(now, carrier?.silenceMs ?? limits.channelDeadMs);
    if (carrier && pulse === 'dead') {
      this.#attach(null);
      carrier.close(TIMEOUT, 'Nothing was heard.');
    } else if (carrier && pulse === 'due') {
      carrier.sendLoose(encodeLoose({ type: 'ping', nonce: Math.floor(now) }), 'ping');
      this.#pulse.spoke();
    }
    const state = this.#state;
    if (state.state === 'closing' && now - state.since >= limits.closeMs) this.#end(state.code, state.reason);
    if (state.state === 'detached' && now - state.since >= limits.channelResumeMs)
      this.#end(TIMEOUT, 'Nobody came back.');
    const late = this.#intake.lateness(now);
    if (late !== null) this.close(TIMEOUT, late);
  }

  /** Tells the client to come back within `afterMs`, for the server is about to stop. */
  drain(afterMs: number): void {
    this.#carrier?.sendLoose(encodeLoose({ type: 'drain', afterMs }), 'drain');
  }

  /** Ends it at once. */
  terminate(): void {
    this.#end(NORMAL, '');
  }

  get #isOpen(): boolean {
    return this.#state.state === 'attached' || this.#state.state === 'detached';
  }

  get #carrier(): Carrier | null {
    return this.#state.state === 'attached' || this.#state.state === 'closing' ? this.#state.carrier : null;
  }

  #isKept(received: number): boolean {
    const { acknowledged } = this.#outgoing;
    if (acknowledged - received > this.#context.limits.channelRingFrames) return false;
    return this.#outgoing.since(Math.max(received, acknowledged)) !== null;
  }

  /** One that asks again with the turn that it has is the same one: an EventSource that reconnects. */
  #isTurn(kind: CarrierKind, turn: number): boolean {
    if (turn !== this.#turn) return turn > this.#turn;
    if (turn === 0) return false;
    const present = this.#carrier;
    return present === null || (present.kind === kind && kind !== 'websocket');
  }

  #attach(carrier: Carrier | null): void {
    const state = this.#state;
    if (state.state === 'over') return;
    if (carrier) this.#probes.delete(carrier);
    if (state.state === 'closing') {
      this.#state = { ...state, carrier };
      if (carrier === null && !state.awaited) this.#end(state.code, state.reason);
    } else if (carrier) this.#state = { state: 'attached', carrier };
    else {
      this.#state = { state: 'detached', since: this.#context.now() };
      if (state.state === 'attached') this.#guarded(() => this.#handler?.lost?.());
    }
  }

  #push(frame: EncodedFrame, large = false): void {
    const number = this.#outgoing.push(frame, large);
    if (large && this.#context.account().isOver) {
      this.#end(TRY_AGAIN_LATER, 'Too much is not acknowledged.');
      return;
    }
    if (this.#state.state !== 'attached') return;
    this.#pulse.spoke();
    this.#state.carrier.send(frame, number);
  }

  #deliver(data: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#guarded(() => this.#handler?.message(data));
  }

  /** Tells the protocol that there is room, if it may have seen that there was none. */
  #relieve(): void {
    if (!this.#isOpen) return;
    const bytes = this.#carrier?.bufferedBytes ?? this.#outgoing.bytes;
    if (bytes > this.#context.limits.outboundBytes / 2) return;
    this.#pressed = false;
    this.#guarded(this.#drained);
  }

  #end(code: number, reason: string): void {
    if (this.over) return;
    const carrier = this.#carrier;
    this.#state = { state: 'over' };
    this.#outgoing.clear();
    for (const probe of this.#probes.takeAll()) probe.close(code, reason);
    carrier?.close(code, reason);
    this.#intake.end();
    const handler = this.#handler;
    this.#handler = null;
    try {
      handler?.closed();
    } catch (thrown) {
      this.#context.log.error({ err: thrown }, 'Closing a channel failed');
    }
    this.#context.ended();
  }

  /** A handler promises not to throw; if it does, that is our fault, and only this channel pays. */
  #guarded(call: () => void): void {
    try {
      call();
    } catch (thrown) {
      this.#failedInside(thrown);
    }
  }

  #failedInside(thrown: unknown): void {
    this.#context.log.error({ err: thrown }, 'A channel ended by an error of the server');
    this.close(INTERNAL_ERROR, 'The server made a mistake.');
  }
}
