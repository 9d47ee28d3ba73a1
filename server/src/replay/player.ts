import type { Client, ClientEvents } from './client.ts';
import { has } from './composition.ts';
import type { Composition, Keystroke } from './composition.ts';
import { REPLAY_LIMITS } from './limits.ts';
import { SheafError } from '../error.ts';

/** How a composition is played. */
export interface PlayOptions {
  readonly composition: Composition;
  /** Transactions per second and person; Infinity types as fast as acknowledgements come. */
  readonly perSecond: number;
  /** The updates of these keystrokes (indexes into the composition) are acknowledged. */
  readonly onAcknowledged?: ((keystrokes: readonly number[]) => void) | undefined;
  /** A person's connection was lost. */
  readonly onLost?: ((person: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far a replay is. */
export interface Progress {
  /** Transactions typed, or found there already. */
  readonly played: number;
  readonly total: number;
  /** Updates that went out; the others were there already or changed nothing. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly lostConnections: number;
}

/** One person: who is next, and when. */
interface Part {
  readonly person: number;
  readonly client: Client;
  readonly own: readonly number[];
  next: number;
  /** When the next transaction is due, ms on the monotonic clock. */
  due: number;
  timer: NodeJS.Timeout | null;
  waking: boolean;
}

/**
 * Plays a composition on one client for each person. A person types their next transaction when their own
 * replica has everything that it builds upon, the pace allows it, and fewer than
 * `REPLAY_LIMITS.unacknowledged` of their updates wait; nothing else holds them, so they type at the same time
 * wherever the recording did. Lost connections are waited for.
 */
export class Player {
  readonly #options: PlayOptions;
  readonly #interval: number;
  #parts: Part[] = [];
  #played = 0;
  #sent = 0;
  #acknowledged = 0;
  #lost = 0;
  /** From typing to acknowledgement, ms, of every update acknowledged so far. */
  readonly latencies: number[] = [];
  #lastChange = performance.now();
  #finish: (() => void) | null = null;
  #fail: ((error: Error) => void) | null = null;

  constructor(options: PlayOptions) {
    this.#options = options;
    this.#interval = 1_000 / options.perSecond;
  }

  /** How far it is now. */
  get progress(): Progress {
    return {
      played: this.#played,
      total: this.#options.composition.keystrokes.length,
      sent: this.#sent,
      acknowledged: this.#acknowledged,
      lostConnections: this.#lost,
    };
  }

  /** What the client of `person` has to be told to call. */
  eventsFor(person: number): ClientEvents {
    return {
      changed: () => this.#wake(person),
      acknowledged: (labels, latencies) => {
        this.#acknowledged += labels.length;
        this.latencies.push(...latencies);
        this.#options.onAcknowledged?.(labels);
      },
      lost: () => {
        this.#lost += 1;
        this.#options.onLost?.(person);
      },
      refused: (error) => this.#fail?.(error),
    };
  }

  /**
   * Plays to the end: resolves when every transaction is typed and acknowledged. Rejects with
   * `storage-unavailable` when nothing moves for `REPLAY_LIMITS.stallMs`, and when a client is refused.
   */
  async play(clients: readonly Client[]): Promise<void> {
    const { composition, signal } = this.#options;
    const now = performance.now();
    this.#parts = clients.map((client, person) => ({
      person,
      client,
      own: composition.byPerson[person] ?? [],
      next: 0,
      due: now,
      timer: null,
      waking: false,
    }));
    this.#lastChange = now;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#finish = resolve;
    this.#fail = reject;
    const abort = (): void => reject(new SheafError('draining', 'The replay was stopped.'));
    signal?.addEventListener('abort', abort, { once: true });
    const watch = setInterval(() => {
      if (performance.now() - this.#lastChange > REPLAY_LIMITS.stallMs) reject(this.#stalled());
    }, REPLAY_LIMITS.stallMs / 10);
    try {
      if (signal?.aborted === true) abort();
      for (const part of this.#parts) this.#wake(part.person);
      await promise;
    } finally {
      clearInterval(watch);
      for (const { timer } of this.#parts) if (timer !== null) clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.#finish = null;
      this.#fail = null;
    }
  }

  /** Looks after the turn's other events whether `person` can go on. */
  #wake(person: number): void {
    this.#lastChange = performance.now();
    const part = this.#parts[person];
    if (part === undefined || part.waking || this.#finish === null) return;
    part.waking = true;
    queueMicrotask(() => {
      part.waking = false;
      if (this.#finish === null) return;
      this.#advance(part);
      if (this.#isOver()) this.#finish();
    });
  }

  #advance(part: Part): void {
    const { client, own } = part;
    while (part.next < own.length && client.ready && client.unacknowledged < REPLAY_LIMITS.unacknowledged) {
      const index = own[part.next] ?? 0;
      const keystroke = this.#options.composition.keystrokes[index];
      if (keystroke === undefined || this.#waitsFor(client, keystroke) !== null) return;
      const now = performance.now();
      if (part.due > now) {
        this.#wakeLater(part, part.due - now);
        return;
      }
      part.next += 1;
      this.#played += 1;
      if (keystroke.update === null || !client.type(index, keystroke.update)) continue;
      this.#sent += 1;
      part.due = Math.max(part.due + this.#interval, now - REPLAY_LIMITS.catchUpMs);
    }
  }

  #wakeLater(part: Part, ms: number): void {
    if (part.timer !== null) return;
    part.timer = setTimeout(() => {
      part.timer = null;
      this.#wake(part.person);
    }, ms);
  }

  /**
   * Whose transactions a keystroke still waits for; `null` if it can be typed. Each person's keystrokes arrive in
   * their order: who has the last one that is needed has all.
   */
  #waitsFor({ doc }: Client, { person, needs }: Keystroke): number | null {
    const { clients, byPerson, keystrokes } = this.#options.composition;
    for (const [other, count] of needs.entries()) {
      if (other === person || count === 0) continue;
      const needed = keystrokes[byPerson[other]?.[count - 1] ?? -1];
      if (needed === undefined || !has(doc, clients[other] ?? 0, needed)) return other;
    }
    return null;
  }

  #isOver(): boolean {
    return this.#parts.every(
      ({ own, next, client }) => next === own.length && client.ready && client.unacknowledged === 0,
    );
  }

  #stalled(): SheafError {
    const states = this.#parts.map(({ person, own, next, client }) => {
      const connection = client.ready ? 'connected' : 'not connected';
      const keystroke = this.#options.composition.keystrokes[own[next] ?? -1];
      const other = keystroke === undefined ? null : this.#waitsFor(client, keystroke);
      const waits = other === null ? '' : ` and waiting for person ${other + 1}`;
      return `person ${person + 1} ${connection}, at ${next} of ${own.length}${waits}, ${client.unacknowledged} unacknowledged`;
    });
    const seconds = REPLAY_LIMITS.stallMs / 1_000;
    return new SheafError('storage-unavailable', `Nothing moved for ${seconds} s: ${states.join('; ')}.`);
  }
}
