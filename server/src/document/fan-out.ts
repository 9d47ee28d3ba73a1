import type { Limits } from '../limits.ts';
import type { DocumentState } from './document-state.ts';
import { FlushWindow } from './flush-window.ts';
import { Presence } from './presence.ts';
import type { Session } from './session.ts';
import type { Subscriber } from './subscriber.ts';

/** What the fan-out of one server has done, for /metrics. */
export interface FanOutCounters {
  flushes: number;
  deliveries: number;
}

/**
 * Who follows a document, and what they are sent: each window's updates merged into one, encoded once for all
 * who share a framing, and not sent to its only author; presence the same way (SPEC FAN).
 */
export class FanOut {
  readonly sessions = new Set<Session>();
  readonly presence: Presence;
  readonly #state: DocumentState;
  readonly #window: FlushWindow;
  readonly #now: () => number;
  readonly #counters: FanOutCounters;
  /** Presence goes out this often at most, ms. */
  readonly #presenceMs: number;
  /** Everything through this number was sent. */
  #flushed: number;
  /** Whose updates wait for the flush. */
  #author: Session | 'several' | 'nobody' = 'nobody';
  #presenceAt = -Infinity;
  #presenceTimer: NodeJS.Timeout | null = null;

  constructor(options: {
    state: DocumentState;
    limits: Limits;
    now: () => number;
    load: () => number;
    counters: FanOutCounters;
  }) {
    const { state, limits, now, load, counters } = options;
    this.#state = state;
    this.#now = now;
    this.#counters = counters;
    this.#flushed = state.received;
    this.#presenceMs = 1000 / limits.presencePerSecond;
    this.presence = new Presence(limits, now);
    this.#window = new FlushWindow({ flush: () => this.flush(), maxMs: limits.flushMs, now, load });
  }

  /** Everything through this number was sent. */
  get flushed(): number {
    return this.#flushed;
  }

  /** An update was taken; `from` null: by the server itself. */
  updated(from: Session | null): void {
    if (from === null) this.#author = 'several';
    else this.#author = this.#author === 'nobody' || this.#author === from ? from : 'several';
    this.#window.request();
  }

  /** Presence may have changed. */
  presenceChanged(): void {
    if (this.presence.hasChanges) this.#window.request();
  }

  /** Sends what came since the last flush. */
  flush(): void {
    const before = this.#flushed;
    if (this.#state.received > before) {
      const update = this.#state.since(before);
      const author = this.#author;
      this.#flushed = this.#state.received;
      this.#author = 'nobody';
      if (update !== null) this.#send(update, before, author);
    }
    if (this.presence.hasChanges) this.#sendPresence();
  }

  /** Tells one session who is here. */
  sendPresenceTo(session: Session): void {
    if (!session.takesPresence()) return;
    const everybody = this.presence.all();
    if (everybody !== null) session.subscriber.send(session.subscriber.framePresence(everybody));
  }

  /** Sends a session everything behind `seq`: it read too slowly, or its opening took a while. */
  catchUp(session: Session, seq: number): void {
    const update = this.#state.since(seq);
    if (update !== null) session.subscriber.send(session.subscriber.frameUpdate(update));
    else for (const part of this.#state.updates()) session.subscriber.sendSnapshot(part);
  }

  /** Nothing is sent any more. */
  close(): void {
    if (this.#presenceTimer !== null) clearTimeout(this.#presenceTimer);
    this.#window.close();
  }

  #send(update: Uint8Array, before: number, author: Session | 'several' | 'nobody'): void {
    this.#counters.flushes += 1;
    const frames = new Frames((subscriber) => subscriber.frameUpdate(update));
    for (const session of this.sessions) {
      if (session === author) continue;
      session.deliver(frames.of(session.subscriber), before);
      this.#counters.deliveries += 1;
    }
  }

  #sendPresence(): void {
    const wait = this.#presenceAt + this.#presenceMs - this.#now();
    if (wait > 0) {
      this.#presenceTimer ??= setTimeout(() => {
        this.#presenceTimer = null;
        this.flush();
      }, wait);
      return;
    }
    const changes = this.presence.takeChanges();
    if (changes === null) return;
    this.#presenceAt = this.#now();
    this.presence.expire();
    const frames = new Frames((subscriber) => subscriber.framePresence(changes.message));
    for (const session of this.sessions)
      if (session !== changes.by && session.takesPresence())
        session.subscriber.send(frames.of(session.subscriber));
  }
}

/** One message in the framings of all who get it, each made once. Followers with one framing mostly come in a row. */
class Frames {
  readonly #make: (subscriber: Subscriber) => Uint8Array;
  readonly #made = new Map<string, Uint8Array>();
  #key: string | null = null;
  #frame: Uint8Array = new Uint8Array(0);

  constructor(make: (subscriber: Subscriber) => Uint8Array) {
    this.#make = make;
  }

  of(subscriber: Subscriber): Uint8Array {
    const { frameKey } = subscriber;
    if (frameKey === this.#key) return this.#frame;
    const frame = this.#made.get(frameKey) ?? this.#make(subscriber);
    this.#made.set(frameKey, frame);
    this.#key = frameKey;
    this.#frame = frame;
    return frame;
  }
}
