import { timingSafeEqual } from 'node:crypto';
import type { ChannelProtocol } from '@sheaf/proto/channel/classify';
import type { Hello, Welcome } from '@sheaf/proto/channel/frame';
import type { Limits } from '../limits.ts';
import type { PeerRequest } from '../protocol/accept.ts';
import type { MessageSocket, SocketHandler } from '../protocol/socket.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { CarrierKind } from './carrier.ts';
import { ServerChannel } from './channel.ts';
import type { ChannelLog } from './channel-context.ts';
import { EventWriter } from './event-stream.ts';
import { FrameEncoder } from './frame-encoder.ts';
import { Retained } from './retained.ts';
import type { Room } from './room.ts';
import { WebSocketCarrier } from './websocket.ts';

/** Where a channel leads: a protocol, and for y-websocket's a document. */
export interface ChannelEndpoint {
  /** The same for the same endpoint, and only then. */
  readonly key: string;
  readonly protocol: ChannelProtocol;
  readonly accept: (socket: MessageSocket, peer: PeerRequest) => SocketHandler;
}

/** Who asks for a channel, and where. */
export interface ChannelRequest {
  readonly endpoint: ChannelEndpoint;
  readonly peer: PeerRequest;
}

/** What a hello led to. `gone`: the client goes on with a channel that is not there any more. */
export type Meeting =
  | { readonly type: 'met'; readonly channel: ServerChannel; readonly resumed: boolean }
  | { readonly type: 'gone'; readonly welcome: Welcome }
  | { readonly type: 'forbidden' | 'no-room' | 'draining' };

/** What all channels of a server share. */
export interface ChannelsOptions {
  readonly limits: Limits;
  readonly log: ChannelLog;
  /** Counts a channel as one connection of its address, whatever carries it. */
  readonly room: Room;
  /** Whether the server is about to stop and takes nobody new. */
  readonly draining: () => boolean;
  /** A steady clock, ms; performance.now unless told. */
  readonly now?: () => number;
}

interface Entry {
  readonly channel: ServerChannel;
  readonly key: Uint8Array;
  readonly endpoint: string;
  origin: string | null;
}

const KINDS: readonly CarrierKind[] = ['websocket', 'sse', 'poll'];

/** The channels of a server, by their ids. */
export class Channels {
  /** What makes text of frames for event streams. */
  readonly events = new EventWriter();
  readonly encoder = new FrameEncoder();
  readonly #options: ChannelsOptions;
  readonly #now: () => number;
  readonly #acknowledgements: Acknowledgements;
  readonly #entries = new Map<string, Entry>();
  readonly #strangers = new Set<WebSocketCarrier>();
  readonly #retained: Retained;
  readonly #takes: Record<CarrierKind, number> = { websocket: 0, sse: 0, poll: 0, memory: 0 };
  #resumes = 0;
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#retained = new Retained(options.limits.channelLargePerAddress);
    this.#acknowledgements = new Acknowledgements(options.limits.channelAckMs);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Finds the channel of a hello, or makes it. */
  meet(hello: Hello, request: ChannelRequest): Meeting {
    const id = idOf(hello.id);
    const entry = this.#entries.get(id);
    if (entry) {
      if (!isOwner(entry, hello.key, request)) return { type: 'forbidden' };
      return { type: 'met', channel: entry.channel, resumed: true };
    }
    if (this.#options.draining()) return { type: 'draining' };
    if (hello.from > 0 || hello.received > 0) return { type: 'gone', welcome: this.#unknown() };
    if (!this.#options.room.has(request.peer.address)) return { type: 'no-room' };
    return { type: 'met', channel: this.#make(id, hello.key, request), resumed: false };
  }

  /** A channel that must be there: 'forbidden' for who is not its owner. */
  find(id: Uint8Array, key: Uint8Array, request: ChannelRequest): ServerChannel | 'gone' | 'forbidden' {
    const entry = this.#entries.get(idOf(id));
    if (!entry) return 'gone';
    return isOwner(entry, key, request) ? entry.channel : 'forbidden';
  }

  /** Takes a WebSocket whose first message will be a hello. `known` is called when that came or never will. */
  connect(socket: MessageSocket, request: ChannelRequest, known: () => void): SocketHandler {
    const carrier: WebSocketCarrier = new WebSocketCarrier({
      socket,
      request,
      meet: (hello, from) => {
        this.#strangers.delete(carrier);
        known();
        return this.meet(hello, from);
      },
      acknowledgements: this.#acknowledgements,
      limits: this.#options.limits,
    });
    this.#strangers.add(carrier);
    return {
      message: (data) => carrier.message(data),
      closed: () => {
        this.#strangers.delete(carrier);
        known();
        carrier.closed();
      },
    };
  }

  /** Looks after all. `now`: ms of the clock that was given. */
  beat(now: number): void {
    for (const { channel } of this.#entries.values()) channel.beat(now);
  }

  /** Tells everybody to come back within `afterMs`. */
  drain(afterMs: number): void {
    for (const { channel } of this.#entries.values()) channel.drain(afterMs);
  }

  /** Closes every channel in order, as the server's last word. */
  closeAll(code: number, reason: string): void {
    for (const { channel } of [...this.#entries.values()]) channel.dismiss(code, reason);
    for (const carrier of [...this.#strangers]) carrier.close(code, reason);
  }

  /** Ends every channel at once. */
  terminateAll(): void {
    for (const { channel } of this.#entries.values()) channel.terminate();
  }

  /** Resolves when there is no channel. */
  ended(): Promise<void> {
    if (this.#entries.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Numbers for /metrics. */
  metrics(): Record<string, number> {
    const carried = { websocket: 0, sse: 0, poll: 0, memory: 0, none: 0 };
    for (const { channel } of this.#entries.values()) carried[channel.carrier?.kind ?? 'none'] += 1;
    const metrics: Record<string, number> = {};
    for (const kind of [...KINDS, 'none'] as const)
      metrics[`sheaf_channels{carrier="${kind}"}`] = carried[kind];
    for (const kind of KINDS) metrics[`sheaf_channel_takes_total{carrier="${kind}"}`] = this.#takes[kind];
    metrics['sheaf_channel_resumes_total'] = this.#resumes;
    return metrics;
  }

  #make(id: string, key: Uint8Array, request: ChannelRequest): ServerChannel {
    const { endpoint, peer } = request;
    const release = this.#options.room.take(peer.address);
    const channel = new ServerChannel(endpoint.protocol, {
      limits: this.#options.limits,
      log: this.#options.log,
      encoder: this.encoder,
      now: this.#now,
      account: () => this.#retained.of(peer.address),
      ended: () => {
        release();
        this.#entries.delete(id);
        if (this.#entries.size === 0) this.#rest();
      },
      taken: (kind, again) => {
        this.#takes[kind] += 1;
        if (again) this.#resumes += 1;
      },
    });
    this.#entries.set(id, { channel, key: key.slice(), endpoint: endpoint.key, origin: peer.origin });
    this.#timer ??= setInterval(() => this.beat(this.#now()), this.#options.limits.channelBeatMs).unref();
    channel.start((socket) => endpoint.accept(socket, peer));
    return channel;
  }

  #rest(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #unknown(): Welcome {
    const { channelHeartbeatMs, channelResumeMs } = this.#options.limits;
    return {
      type: 'welcome',
      resumed: false,
      received: 0,
      heartbeatMs: channelHeartbeatMs,
      resumeMs: channelResumeMs,
    };
  }
}

function idOf(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}

/**
 * SPEC CH-1. A request without an Origin passes: browsers leave it out where a page asks its own server for something,
 * and a program could claim any.
 */
function isOwner(entry: Entry, key: Uint8Array, { endpoint, peer }: ChannelRequest): boolean {
  if (key.length !== entry.key.length || !timingSafeEqual(key, entry.key)) return false;
  if (endpoint.key !== entry.endpoint) return false;
  if (peer.origin === null) return true;
  entry.origin ??= peer.origin;
  return entry.origin === peer.origin;
}
