import { comfort } from './comfort.ts';
import { CarrierSet } from './carrier-set.ts';
import type { Heard, Running } from './carrier-set.ts';
import type { CreateCarrier } from './carriers/create.ts';
import { Climber } from './climber.ts';
import type { Climbing } from './climber.ts';
import { Clock } from './clock.ts';
import type { Endpoint } from './endpoint.ts';
import type { Environment, NativeWebSocket } from './environment.ts';
import { FAREWELL_BYTES, sayFarewell } from './farewell.ts';
import { FrameReader } from './frame-reader.ts';
import type { FrameEvents } from './frame-reader.ts';
import { createLadder, deadline } from './ladder.ts';
import { Link } from './link.ts';
import { Pulse } from './pulse.ts';
import type { Rung } from './rung.ts';
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
/** A timer that fires this much too late, ms, shows that the machine slept. */
const SLEEP_MS = 5_000;
/** What is left to say at the end is tried for, ms. */
const CLOSE_MS = 5_000;
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
  readonly #climber: Climber;
  readonly #reader: FrameReader;
  readonly #clock: Clock;
  #state: 'connecting' | 'open' | 'closing' | 'closed' | 'plain' = 'connecting';
  readonly #pulse = new Pulse();
  #nonce = 0;
  #closing: { readonly code: number; readonly reason: string; readonly by: number } | null = null;
  /** Whether the peer has closed, and only waits for our acknowledgement. */
  #leaving = false;
  #flushing = false;
  #status: ChannelStatus;

  constructor(options: ChannelOptions) {
    const { endpoint, environment } = options;
    this.#options = options;
    this.#environment = environment;
    this.#events = options.events;
    this.#clock = new Clock(environment, (ms) => this.#setBack(ms));
    const now = this.#clock.now();
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
      now: () => this.#clock.now(),
      heard: this.#heardOf(),
    });
    const ladder = createLadder({ choice, forced: options.forced, hidden: environment.signals.hidden });
    this.#climber = new Climber({
      ladder,
      origin: endpoint.origin,
      environment,
      now: () => this.#clock.now(),
      climbing: this.#climbing(),
    });
    this.#reader = new FrameReader({
      link: this.#link,
      now: () => this.#clock.now(),
      isCurrent: (running) => running === this.#carriers.current,
      isOver: () => this.#state === 'closed' || this.#leaving,
      events: this.#frameEvents(),
    });
    this.#status = describe(ladder, this.#state, now);
  }

  /** Begins to connect. */
  start(): void {
    this.#environment.signals.listen((signal) => this.#signal(signal), this.#lifetime.signal);
    this.#climber.step({ type: 'start' });
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
    this.#closing = { code, reason, by: this.#clock.now() + CLOSE_MS };
    this.#link.close(code, reason);
    this.#flushSoon();
    this.#tellStatus();
  }

  /** Moves it to `rung`, or lets it choose again. */
  force(rung: Rung | null): void {
    this.#climber.step({ type: 'force', rung });
  }

  // The ladder and the carriers.

  #climbing(): Climbing {
    return {
      start: (id, kind) => this.#carriers.start(id, kind),
      stop: (id) => this.#carriers.stop(id),
      attach: (id) => this.#attach(id),
      ended: () => this.#end(ABNORMAL, '', false),
      stepped: () => {
        this.#tellStatus();
        this.#arm();
      },
    };
  }

  #heardOf(): Heard {
    return {
      opened: ({ id }) => this.#climber.step({ type: 'opened', id }),
      frames: (running, bytes, start) => this.#frames(running, bytes, start),
      heard: (running) => this.#heard(running),
      answered: (running, bytes) => this.#read(running, bytes, false),
      writable: () => this.#flush(),
      unsent: (running) => {
        if (running !== this.#carriers.current) return;
        if (this.#link.rewind()) this.#flush();
        else this.#gone();
      },
      tooLarge: (running, bytes) => this.#tooLarge(running, bytes),
      gone: () => this.#gone(),
      plain: ({ id }, socket) => this.#plain(id, socket),
      died: ({ id }, why, retryAfterMs) => this.#climber.step({ type: 'died', id, why, retryAfterMs }),
    };
  }

  /** A row was larger than what the network takes. */
  #tooLarge(running: Running, bytes: number): void {
    const rowBytes = this.#link.shrink(bytes);
    if (rowBytes === null) {
      this.#carriers.stop(running.id);
      return this.#climber.step({ type: 'died', id: running.id, why: 'foreign', retryAfterMs: 0 });
    }
    this.#climber.step({ type: 'rowBytes', bytes: rowBytes });
    // A channel that begins anew cuts its messages smaller.
    if (!this.#link.fits || !this.#link.rewind()) return this.#gone();
    if (running === this.#carriers.current) this.#flush();
  }

  /** Its connection is no good any more. */
  #lose(id: number): void {
    this.#carriers.stop(id);
    this.#climber.step({ type: 'died', id, why: 'lost', retryAfterMs: 0 });
  }

  #attach(id: number): void {
    const running = this.#carriers.use(id);
    if (!running) return;
    this.#heard(running);
    if (!this.#link.restart()) return this.#gone();
    running.carrier.take();
    if (this.#state === 'connecting') {
      this.#state = 'open';
      this.#pulse.delivered(this.#clock.now());
      this.#events.opened();
    }
    this.#flushSoon();
  }

  // What comes.

  #frames(running: Running, bytes: Uint8Array, start: number | null): void {
    if (start !== null) this.#carriers.answered(running, start);
    this.#heard(running);
    this.#read(running, bytes, true);
  }

  #read(running: Running, bytes: Uint8Array, proves: boolean): void {
    this.#reader.read(running, bytes, proves);
    this.#flushSoon();
  }

  #frameEvents(): FrameEvents {
    return {
      message: (data) => this.#deliver(data),
      closed: (code, reason) => this.#leave(code, reason),
      welcomed: ({ heartbeatMs, resumeMs }) => {
        this.#pulse.agree(heartbeatMs);
        this.#climber.step({ type: 'resumeMs', ms: Math.min(RESUME_MS, resumeMs) });
      },
      proved: ({ id }) => this.#climber.step({ type: 'proved', id }),
      drain: (afterMs) => this.#climber.step({ type: 'drain', afterMs }),
      lose: (id) => this.#lose(id),
      gone: () => this.#gone(),
      tooLarge: (words) => this.#end(TOO_LARGE, words, false),
    };
  }

  /** All that the peer sent came before its close. It waits to hear so. */
  #leave(code: number, reason: string): void {
    this.#leaving = true;
    this.#link.tellNow();
    this.#finish(code, reason, true);
    this.#flush();
  }

  #deliver(data: Uint8Array): void {
    this.#pulse.delivered(this.#clock.now());
    if (this.#state === 'open' || this.#state === 'closing') this.#events.message(data);
  }

  #heard(running: Running): void {
    if (running === this.#carriers.current) this.#pulse.heard(this.#clock.now());
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
      const row = this.#link.next(carrier.pace, this.#pulse.heartbeatMs, this.#clock.now());
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
    const row = this.#link.remainder(FAREWELL_BYTES);
    this.#flush();
    if (row === null) return;
    const { endpoint } = this.#options;
    sayFarewell(row, { endpoint, headers: this.#carriers.headers, environment: this.#environment });
  }

  // Time.

  /** What is due stays as far away as it was. */
  #setBack(ms: number): void {
    this.#climber.setBack(ms);
    this.#pulse.setBack(ms);
    this.#link.setBack(ms);
    this.#carriers.setBack(ms);
    if (this.#closing) this.#closing = { ...this.#closing, by: this.#closing.by - ms };
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
        return this.#climber.step({ type: signal === 'return' ? 'woke' : signal });
      case 'hidden':
        return this.#climber.step({ type: 'hidden' });
    }
  }

  /** Asks the carrier for a sign of life, which it may have lost without a word. */
  #verify(): void {
    const current = this.#carriers.current;
    if (current === null || this.#state === 'closed') return;
    this.#nonce += 1;
    this.#link.ping(this.#nonce);
    this.#pulse.verify(this.#clock.now());
    current.carrier.hurry?.();
    this.#flush();
  }

  #tick(lateMs: number): void {
    const now = this.#clock.now();
    if (lateMs > SLEEP_MS) {
      this.#verify();
      this.#climber.step({ type: 'woke' });
    }
    if (this.#carriers.current !== null && now >= this.#silentBy()) this.#lose(this.#carriers.current.id);
    if (this.#closing && now >= this.#closing.by) return this.#end(ABNORMAL, '', false);
    if (now >= this.#comfortAt()) this.#deliver(comfort(this.#options.endpoint.protocol).slice());
    this.#carriers.holdBack(now);
    this.#climber.step({ type: 'tick', lateMs });
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
    if (this.#state === 'closed' || this.#state === 'plain') return this.#clock.silence();
    const carrier = this.#carriers.current?.carrier;
    const due = Math.min(
      deadline(this.#climber.ladder),
      carrier?.writable === true ? this.#link.deadline(carrier.pace, this.#pulse.heartbeatMs) : Infinity,
      this.#silentBy(),
      this.#comfortAt(),
      this.#closing?.by ?? Infinity,
    );
    this.#clock.ring(due, (lateMs) => this.#tick(lateMs));
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
    this.#climber.step({ type: 'plain', id });
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
    const release = this.#leaving ? this.#clock.now() + CLOSE_MS : Infinity;
    this.#clock.ring(release, () => this.#release());
  }

  #release(): void {
    this.#leaving = false;
    this.#clock.silence();
    this.#climber.step({ type: 'stop' });
    this.#carriers.stopAll();
  }

  #tellStatus(): void {
    const status = describe(this.#climber.ladder, this.#state, this.#clock.now());
    if (isSameStatus(status, this.#status)) return;
    this.#status = status;
    this.#events.status(status);
  }
}
