import type { Arrival } from '@sheaf/proto/channel/incoming';
import { BadFrame } from '@sheaf/proto/channel/incoming';
import { BadAcknowledgement } from '@sheaf/proto/channel/outgoing';
import { MalformedFrame, decodeFrames } from '@sheaf/proto/channel/frame';
import type { Frame, Welcome } from '@sheaf/proto/channel/frame';
import { FRAMES_TYPE, MESSAGES_PATH } from '@sheaf/proto/channel/address';
import { comfort } from './comfort.ts';
import { CarrierSet } from './carrier-set.ts';
import type { Heard, Running } from './carrier-set.ts';
import type { CreateCarrier } from './carriers/create.ts';
import type { Endpoint } from './endpoint.ts';
import { addressOf } from './endpoint.ts';
import type { Environment, NativeWebSocket } from './environment.ts';
import { createLadder, deadline, setBack, step } from './ladder.ts';
import type { Effect, LadderEvent } from './ladder.ts';
import { Link } from './link.ts';
import type { Ladder } from './plan.ts';
import { Pulse } from './pulse.ts';
import type { CarrierKind, Rung } from './rung.ts';
import { describe, isSameStatus } from './status.ts';
import type { ChannelStatus } from './status.ts';
import type { Signal } from './wake.ts';

/** Close code for "the channel is gone: connect anew and sync" (SPEC CH-3). */
const RESYNC_CODE = 4205;
/** RFC 6455, section 7.4.1: no close frame came; a page that goes away; a message that is too large. */
const ABNORMAL = 1006;
const GOING_AWAY = 1001;
const TOO_LARGE = 1009;
/** Frames that are kept for repeating, bytes. */
const RING_BYTES = 16 * 1024 * 1024;
/** Longest message that is taken, bytes: the largest document, with room to spare. */
const MESSAGE_BYTES = 128 * 1024 * 1024;
/** A channel without a carrier ends after, ms, unless the server keeps it for less. */
const RESUME_MS = 60_000;
/** What is left to say at the end is tried for, ms. */
const CLOSE_MS = 5_000;
/** What a page that goes may still send, bytes (Fetch, section 4.6). */
const KEEPALIVE_BYTES = 64 * 1024 - 1024;
/** Carriers in a row that may bring what is no channel's. */
const MALFORMED_CARRIERS = 3;

/** What a channel tells the socket that stands for it. */
export interface ChannelEvents {
  opened(): void;
  /** One whole message; the bytes may be a view of a larger buffer. */
  message(data: Uint8Array): void;
  closed(code: number, reason: string, wasClean: boolean): void;
  /** The server knows no channels: this WebSocket, which is open, takes the channel's place. */
  plain(socket: NativeWebSocket): void;
  status(status: ChannelStatus): void;
}

/** What a channel is made of. */
export interface ChannelOptions {
  readonly endpoint: Endpoint;
  readonly protocols: readonly string[];
  readonly environment: Environment;
  readonly forced: Rung | null;
  /** Makes carriers. */
  readonly create: CreateCarrier;
  readonly events: ChannelEvents;
}

/**
 * The client's end of a channel (SPEC CH): runs the carriers that the ladder asks for, and moves the link's frames
 * over the one that it chose.
 */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #environment: Environment;
  readonly #events: ChannelEvents;
  readonly #link: Link;
  readonly #lifetime = new AbortController();
  readonly #carriers: CarrierSet;
  #state: 'connecting' | 'open' | 'closing' | 'closed' | 'plain' = 'connecting';
  #ladder: Ladder;
  #pending: LadderEvent[] = [];
  #stepping = false;
  readonly #pulse = new Pulse();
  #nonce = 0;
  /** When it was last looked at the clock, ms. */
  #lookedAt = -Infinity;
  #closing: { readonly code: number; readonly reason: string; readonly by: number } | null = null;
  /** Whether the peer has closed, and only waits for our acknowledgement. */
  #leaving = false;
  #malformed = 0;
  #flushing = false;
  #cancelTimer: (() => void) | null = null;
  #armedFor = Infinity;
  #status: ChannelStatus;

  constructor(options: ChannelOptions) {
    const { endpoint, environment } = options;
    this.#options = options;
    this.#environment = environment;
    this.#events = options.events;
    const now = environment.now();
    const choice = environment.choices.recall(endpoint.origin, now);
    this.#link = new Link({
      protocol: endpoint.protocol,
      rowBytes: choice.rowBytes,
      ringBytes: RING_BYTES,
      messageBytes: MESSAGE_BYTES,
    });
    this.#carriers = new CarrierSet({
      environment,
      endpoint,
      protocols: options.protocols,
      create: options.create,
      link: this.#link,
      now: () => this.#now(),
      heard: this.#heardOf(),
    });
    this.#ladder = createLadder({ choice, forced: options.forced, hidden: environment.signals.hidden });
    this.#status = describe(this.#ladder, this.#state, now);
  }

  /** Begins to connect. */
  start(): void {
    this.#environment.signals.listen((signal) => this.#signal(signal), this.#lifetime.signal);
    this.#step({ type: 'start' });
  }

  get status(): ChannelStatus {
    return this.#status;
  }

  /** What no network has taken, bytes. */
  get bufferedBytes(): number {
    return this.#link.unwrittenBytes + (this.#carriers.current?.carrier.bufferedBytes ?? 0);
  }

  /** Sends one message; the bytes must not change afterwards. */
  send(message: Uint8Array): void {
    if (this.#state !== 'open') return;
    this.#link.send(message);
    if (this.#link.overflowed) return this.#gone();
    this.#flushSoon();
  }

  /** Ends it as if its server knew it no more: whoever uses it connects and syncs anew, elsewhere. */
  abandon(): void {
    if (this.#state !== 'closed') this.#gone();
  }

  /** Ends it in order: what was sent arrives before, if there is a way within a few seconds. */
  close(code: number, reason: string): void {
    if (this.#state === 'connecting') return this.#end(ABNORMAL, '', false);
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#closing = { code, reason, by: this.#now() + CLOSE_MS };
    this.#link.close(code, reason);
    this.#flushSoon();
    this.#tellStatus();
  }

  /** Moves it to `rung`, or lets it choose again. */
  force(rung: Rung | null): void {
    this.#step({ type: 'force', rung });
  }

  // The ladder.

  #step(event: LadderEvent): void {
    this.#pending.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        const moment = { now: this.#now(), random: this.#environment.random };
        const [ladder, effects] = step(this.#ladder, next, moment);
        this.#ladder = ladder;
        for (const effect of effects) this.#apply(effect);
      }
    } finally {
      this.#stepping = false;
    }
    this.#tellStatus();
    this.#arm();
  }

  #apply(effect: Effect): void {
    switch (effect.type) {
      case 'start':
        return this.#startCarrier(effect.id, effect.kind);
      case 'stop':
        return this.#carriers.stop(effect.id);
      case 'attach':
        return this.#attach(effect.id);
      case 'remember':
        return this.#environment.choices.remember(this.#options.endpoint.origin, effect.choice, this.#now());
      case 'fail':
      case 'expire':
        return this.#end(ABNORMAL, '', false);
    }
  }

  #startCarrier(id: number, kind: CarrierKind): void {
    try {
      this.#carriers.start(id, kind);
    } catch (thrown) {
      // A browser refuses some addresses outright, such as ws: from a page that came by https:.
      if (!(thrown instanceof Error || thrown instanceof DOMException)) throw thrown;
      this.#step({ type: 'died', id, why: 'unreachable', retryAfterMs: 0 });
    }
  }

  #heardOf(): Heard {
    return {
      opened: ({ id }) => this.#step({ type: 'opened', id }),
      frames: (running, bytes, start) => this.#frames(running, bytes, start),
      heard: (running) => this.#heard(running),
      answered: (running, bytes) => this.#read(running, bytes, () => undefined),
      writable: () => this.#flush(),
      unsent: (running) => {
        if (running !== this.#carriers.current) return;
        if (this.#link.rewind()) this.#flush();
        else this.#gone();
      },
      tooLarge: (running, bytes) => this.#tooLarge(running, bytes),
      gone: () => this.#gone(),
      plain: ({ id }, socket) => this.#plain(id, socket),
      died: ({ id }, why, retryAfterMs) => this.#step({ type: 'died', id, why, retryAfterMs }),
    };
  }

  /** A row was larger than what the network takes. */
  #tooLarge(running: Running, bytes: number): void {
    const rowBytes = this.#link.shrink(bytes);
    if (rowBytes === null) {
      this.#carriers.stop(running.id);
      return this.#step({ type: 'died', id: running.id, why: 'foreign', retryAfterMs: 0 });
    }
    this.#step({ type: 'rowBytes', bytes: rowBytes });
    // A channel that begins anew cuts its messages smaller.
    if (!this.#link.fits || !this.#link.rewind()) return this.#gone();
    if (running === this.#carriers.current) this.#flush();
  }

  /** Its connection is no good any more. */
  #lose(id: number): void {
    this.#carriers.stop(id);
    this.#step({ type: 'died', id, why: 'lost', retryAfterMs: 0 });
  }

  #attach(id: number): void {
    const running = this.#carriers.use(id);
    if (!running) return;
    this.#heard(running);
    if (!this.#link.restart()) return this.#gone();
    running.carrier.take();
    if (this.#state === 'connecting') {
      this.#state = 'open';
      this.#pulse.delivered(this.#now());
      this.#events.opened();
    }
    this.#flushSoon();
  }

  // What comes.

  #frames(running: Running, bytes: Uint8Array, start: number | null): void {
    if (start !== null) this.#carriers.answered(running, start);
    this.#heard(running);
    this.#read(running, bytes, () => this.#step({ type: 'proved', id: running.id }));
  }

  #read(running: Running, bytes: Uint8Array, proved: () => void): void {
    try {
      for (const frame of decodeFrames(bytes)) {
        if (this.#state === 'closed' || this.#leaving) return;
        this.#take(running, frame, proved);
      }
    } catch (thrown) {
      this.#failed(running.id, thrown);
    }
    this.#flushSoon();
  }

  #take(running: Running, frame: Frame, proved: () => void): void {
    switch (frame.type) {
      case 'message':
      case 'part':
      case 'close': {
        running.position += 1;
        const arrival = this.#link.take(frame, running.position, this.#now());
        if (arrival !== null) this.#arrived(arrival);
        return;
      }
      case 'presence':
        // From an earlier carrier it may be old.
        if (running === this.#carriers.current) this.#deliver(frame.body);
        return;
      case 'welcome':
        if (this.#welcomed(frame)) proved();
        return;
      case 'ack':
        this.#link.acknowledge(frame.received);
        return;
      case 'ping':
        this.#link.pong(frame.nonce);
        return;
      case 'pong':
        return;
      case 'drain':
        return this.#step({ type: 'drain', afterMs: frame.afterMs });
      case 'hello':
      case 'take':
        throw new MalformedFrame(`A server does not send a ${frame.type}.`);
    }
  }

  /** False if the channel is gone. */
  #welcomed(welcome: Welcome): boolean {
    const isNew = this.#link.received === 0 && this.#link.acknowledged === 0;
    if (!welcome.resumed && !isNew) {
      this.#gone();
      return false;
    }
    this.#link.acknowledge(welcome.received);
    this.#pulse.agree(welcome.heartbeatMs);
    this.#step({ type: 'resumeMs', ms: Math.min(RESUME_MS, welcome.resumeMs) });
    return true;
  }

  #arrived(arrival: Arrival): void {
    if (arrival.type === 'message') return this.#deliver(arrival.data);
    // All that it sent came before. It waits to hear so.
    this.#leaving = true;
    this.#link.tellNow();
    this.#finish(arrival.code, arrival.reason, true);
    this.#flush();
  }

  #deliver(data: Uint8Array): void {
    this.#pulse.delivered(this.#now());
    if (this.#state === 'open' || this.#state === 'closing') this.#events.message(data);
  }

  #failed(id: number, thrown: unknown): void {
    const foreign =
      thrown instanceof MalformedFrame || thrown instanceof BadFrame || thrown instanceof BadAcknowledgement;
    if (!foreign) throw thrown;
    if (thrown instanceof BadFrame && thrown.problem === 'too-large')
      return this.#end(TOO_LARGE, thrown.message, false);
    this.#malformed += 1;
    if (this.#malformed >= MALFORMED_CARRIERS || thrown instanceof BadAcknowledgement) return this.#gone();
    this.#lose(id);
  }

  #heard(running: Running): void {
    if (running === this.#carriers.current) this.#pulse.heard(this.#now());
  }

  // What goes.

  /** What is sent in one turn goes in one row. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#state === 'closed' && !this.#leaving) return;
    for (;;) {
      const carrier = this.#carriers.current?.carrier;
      if (!carrier || !carrier.writable) break;
      const row = this.#link.next(carrier.pace, this.#pulse.heartbeatMs, this.#now());
      if (row === null) break;
      carrier.send(row);
    }
    if (this.#leaving && this.#carriers.current?.carrier.writable !== false) return this.#release();
    if (this.#state === 'closing' && this.#closing && this.#link.delivered)
      return this.#end(this.#closing.code, this.#closing.reason, true);
    this.#arm();
  }

  /** A page that goes: what is not acknowledged goes by a request that outlives it, whatever the carrier. */
  #sayFarewell(forGood: boolean): void {
    if (this.#state !== 'open') return;
    if (forGood) this.close(GOING_AWAY, '');
    const row = this.#link.remainder(KEEPALIVE_BYTES);
    this.#flush();
    if (row === null) return;
    const { endpoint } = this.#options;
    this.#environment
      .fetch(addressOf(endpoint, MESSAGES_PATH, { from: row.from }), {
        method: 'POST',
        headers: { ...this.#carriers.headers, 'content-type': FRAMES_TYPE },
        body: row.bytes.slice(),
        keepalive: true,
      })
      // Nobody is left to be told; a page that comes back sends again what is not acknowledged.
      .catch(() => undefined);
  }

  // Time.

  /** The wall clock. One that was set back takes along what is due, or a wait of a moment would last for hours. */
  #now(): number {
    const now = this.#environment.now();
    const ms = this.#lookedAt - now;
    this.#lookedAt = now;
    if (ms > 0 && ms < Infinity) {
      this.#ladder = setBack(this.#ladder, ms);
      this.#pulse.setBack(ms);
      this.#link.setBack(ms);
      this.#carriers.setBack(ms);
      this.#armedFor -= ms;
      if (this.#closing) this.#closing = { ...this.#closing, by: this.#closing.by - ms };
    }
    return now;
  }

  #signal(signal: Signal): void {
    switch (signal) {
      case 'leave':
      case 'end':
        return this.#sayFarewell(signal === 'end');
      case 'return':
      case 'online':
      case 'visible':
        this.#verify();
        return this.#step({ type: signal === 'return' ? 'woke' : signal });
      case 'hidden':
        return this.#step({ type: 'hidden' });
    }
  }

  /** Asks the carrier for a sign of life, which it may have lost without a word. */
  #verify(): void {
    const current = this.#carriers.current;
    if (current === null || this.#state === 'closed') return;
    this.#nonce += 1;
    this.#link.ping(this.#nonce);
    this.#pulse.verify(this.#now());
    current.carrier.hurry?.();
    this.#flush();
  }

  #tick(): void {
    const now = this.#now();
    if (this.#pulse.slept(this.#armedFor, now)) {
      this.#verify();
      this.#step({ type: 'woke' });
    }
    if (this.#carriers.current !== null && now >= this.#silentBy()) this.#lose(this.#carriers.current.id);
    if (this.#closing && now >= this.#closing.by) return this.#end(ABNORMAL, '', false);
    if (now >= this.#comfortAt()) this.#deliver(comfort(this.#options.endpoint.protocol).slice());
    this.#carriers.holdBack(now);
    this.#step({ type: 'tick' });
    this.#flush();
  }

  /** When silence is the end of the carrier. A poll has a limit of its own. */
  #silentBy(): number {
    const { current } = this.#carriers;
    return current === null ? Infinity : this.#pulse.silentBy(current.carrier.pace.beats);
  }

  #comfortAt(): number {
    return this.#state === 'open' && this.#carriers.current === null ? this.#pulse.comfortAt() : Infinity;
  }

  #arm(): void {
    // Who leaves has a last limit already.
    if (this.#leaving) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#state === 'closed' || this.#state === 'plain') return;
    const carrier = this.#carriers.current?.carrier;
    const due = Math.min(
      deadline(this.#ladder),
      carrier?.writable === true ? this.#link.deadline(carrier.pace, this.#pulse.heartbeatMs) : Infinity,
      this.#silentBy(),
      this.#comfortAt(),
      this.#closing?.by ?? Infinity,
    );
    this.#armedFor = due;
    if (due === Infinity) return;
    const wait = Math.max(0, Math.ceil(due - this.#now()));
    this.#cancelTimer = this.#environment.timer(() => this.#tick(), wait);
  }

  // The end.

  #gone(): void {
    // A server that knows it no more took note of our close.
    if (this.#closing) return this.#end(this.#closing.code, this.#closing.reason, true);
    this.#end(RESYNC_CODE, 'resync', false);
  }

  #plain(id: number, socket: NativeWebSocket): void {
    this.#carriers.release(id);
    this.#state = 'plain';
    this.#lifetime.abort();
    this.#events.plain(socket);
    this.#step({ type: 'plain', id });
  }

  #end(code: number, reason: string, wasClean: boolean): void {
    this.#finish(code, reason, wasClean);
    this.#release();
  }

  /** The program is told; carriers may go on for a moment. */
  #finish(code: number, reason: string, wasClean: boolean): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#lifetime.abort();
    this.#tellStatus();
    this.#events.closed(code, reason, wasClean);
    this.#closing = null;
    this.#cancelTimer?.();
    if (this.#leaving) this.#cancelTimer = this.#environment.timer(() => this.#release(), CLOSE_MS);
  }

  #release(): void {
    this.#leaving = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#step({ type: 'stop' });
    this.#carriers.stopAll();
  }

  #tellStatus(): void {
    const status = describe(this.#ladder, this.#state, this.#now());
    if (isSameStatus(status, this.#status)) return;
    this.#status = status;
    this.#events.status(status);
  }
}
