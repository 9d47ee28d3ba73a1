import type { Limits } from '../limits.ts';
import type { DocumentState } from './document-state.ts';
import { FlushWindow } from './flush-window.ts';
import { Presence, type PresenceOwner } from './presence.ts';
import type { SendTurns } from './send-turns.ts';
import type { Session } from './session.ts';
import type { Subscriber } from './subscriber.ts';

/** What the fan-out of one server has done, for /metrics. */
export interface FanOutCounters {
  /** Updates that were made of what somebody lacked, for all who lacked the same. */
  flushes: number;
  deliveries: number;
}

const NOTHING = new Uint8Array([0, 0]);

/** One round of sending: everybody is visited once. */
interface Round {
  readonly visits: Iterator<Session>;
  readonly presence: { readonly by: PresenceOwner | null; readonly frames: Frames } | null;
}

/**
 * Who follows a document, and what they are sent (SPEC FAN). Everybody is served in turn, a part of them in each turn of
 * the event loop, and gets at its turn all that came since its last, merged into one update; who has the same to get, in
 * one framing, shares its bytes. Updates are not sent to their only author. Presence goes the same way.
 */
export class FanOut {
  readonly presence: Presence;
  readonly #sessions = new Set<Session>();
  readonly #state: DocumentState;
  readonly #window: FlushWindow;
  readonly #now: () => number;
  readonly #counters: FanOutCounters;
  /** Presence goes out this often at most, ms. */
  readonly #presenceMs: number;
  #round: Round | null = null;
  /** Whose the latest updates are, from this number on; null: of the server itself. */
  #author: Session | null = null;
  #authorFrom: number;
  /** What those get who have the same to get, by the number behind which it begins; all reach `#framedTo`. */
  #framed = new Map<number, Frames>();
  #framedTo: number;
  #presenceAt = -Infinity;
  #presenceTimer: NodeJS.Timeout | null = null;

  constructor(options: {
    state: DocumentState;
    limits: Limits;
    now: () => number;
    load: () => number;
    turns: SendTurns;
    counters: FanOutCounters;
  }) {
    const { state, limits, now, load, turns, counters } = options;
    this.#state = state;
    this.#now = now;
    this.#counters = counters;
    this.#authorFrom = state.received + 1;
    this.#framedTo = state.received;
    this.#presenceMs = 1000 / limits.presencePerSecond;
    this.presence = new Presence(limits, now);
    const serve = (most: number): number => this.#serve(most);
    this.#window = new FlushWindow({ serve, turns, maxMs: limits.flushMs, now, load });
  }

  get sessions(): ReadonlySet<Session> {
    return this.#sessions;
  }

  /** Somebody follows from now on. */
  join(session: Session): void {
    session.has(this.#state.received);
    this.#sessions.add(session);
  }

  leave(session: Session): void {
    this.#sessions.delete(session);
    if (this.#author === session) this.#author = null;
    this.presence.leave(session);
  }

  /** An update was taken; `from` null: by the server itself. */
  updated(from: Session | null): void {
    if (from !== this.#author) {
      this.#author = from;
      this.#authorFrom = this.#state.received;
    }
    this.#window.request();
  }

  /** Presence may have changed. */
  presenceChanged(): void {
    if (this.presence.hasChanges) this.#window.request();
  }

  /** Serves at once whoever lacks something through number `seq`, because it will not be here for long. */
  hurry(seq: number): void {
    for (const session of this.#sessions) if (session.sent < seq) this.#sendUpdate(session);
  }

  /** Tells one session who is here. */
  sendPresenceTo(session: Session): void {
    if (!session.takesPresence()) return;
    const everybody = this.presence.all();
    if (everybody !== null) session.subscriber.send(session.subscriber.framePresence(everybody));
  }

  /** Sends a session everything that it lacks: it read too slowly, or its opening took a while. */
  catchUp(session: Session): void {
    const { sent } = session;
    if (sent >= this.#state.received) return;
    session.has(this.#state.received);
    const update = this.#state.since(sent);
    if (update !== null) session.subscriber.send(session.subscriber.frameUpdate(update));
    else for (const part of this.#state.updates()) session.subscriber.sendSnapshot(part);
  }

  /** Nothing is sent any more. */
  close(): void {
    if (this.#presenceTimer !== null) clearTimeout(this.#presenceTimer);
    this.#window.close();
  }

  #serve(most: number): number {
    // A newcomer during a round comes last in it; who leaves is left out.
    this.#round ??= { visits: this.#sessions.values(), presence: this.#takePresence() };
    const { visits, presence } = this.#round;
    let served = 0;
    while (served < most) {
      const next = visits.next();
      if (next.done === true) {
        this.#round = null;
        // Made for this round: not to be kept in memory by a document that is quiet.
        this.#framed.clear();
        break;
      }
      const session = next.value;
      const updated = this.#sendUpdate(session);
      const told = presence !== null && session !== presence.by && session.takesPresence();
      if (told) session.subscriber.send(presence.frames.of(session.subscriber));
      if (updated || told) served += 1;
    }
    return served;
  }

  /** Whether there was something for it. */
  #sendUpdate(session: Session): boolean {
    const { received } = this.#state;
    const { sent } = session;
    if (sent >= received || !session.takesUpdates()) return false;
    if (sent < this.#state.base) {
      this.catchUp(session);
      return true;
    }
    session.has(received);
    if (session === this.#author && this.#authorFrom <= sent + 1) return false;
    session.subscriber.send(this.#framesSince(sent).of(session.subscriber));
    this.#counters.deliveries += 1;
    return true;
  }

  #framesSince(sent: number): Frames {
    const { received } = this.#state;
    if (received !== this.#framedTo) {
      this.#framed.clear();
      this.#framedTo = received;
    }
    let frames = this.#framed.get(sent);
    if (frames === undefined) {
      this.#counters.flushes += 1;
      const update = this.#state.since(sent) ?? NOTHING;
      frames = new Frames((subscriber) => subscriber.frameUpdate(update));
      this.#framed.set(sent, frames);
    }
    return frames;
  }

  #takePresence(): Round['presence'] {
    if (!this.presence.hasChanges) return null;
    const wait = this.#presenceAt + this.#presenceMs - this.#now();
    if (wait > 0) {
      this.#presenceTimer ??= setTimeout(() => {
        this.#presenceTimer = null;
        this.presenceChanged();
      }, wait);
      return null;
    }
    const changes = this.presence.takeChanges();
    if (changes === null) return null;
    this.#presenceAt = this.#now();
    this.presence.expire();
    const { by, message } = changes;
    return { by, frames: new Frames((subscriber) => subscriber.framePresence(message)) };
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
