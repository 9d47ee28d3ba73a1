import { setImmediate as turn } from 'node:timers/promises';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { DocumentState } from './document-state.ts';
import { judge, type Piece } from './judge.ts';
import type { Remainder } from './replica.ts';
import type { ReplicaLink } from './replica-link.ts';
import type { Doubtful } from './waiting-updates.ts';

/** What the slow lane tells its document. */
export interface SlowLaneHost {
  /** What of it can be taken (null: all is known), and what is left. False if the document declines. */
  decided(from: Doubtful, piece: Piece | null, remainder: Remainder | null): boolean;
  /** Nothing of it will ever be taken. */
  refused(from: Doubtful, code: 'malformed' | 'subdocument' | 'nesting' | 'too-many', reason: string): void;
  /** The worker could not do it. */
  failed(from: Doubtful, error: SheafError): void;
  readonly closed: boolean;
}

/** What needs no worker after all is decided for so long in one turn of the event loop, ms. */
const TURN_MS = 8;

/** Other writers may be faster than the worker this often before an update is given up. */
const RACES = 20;

/**
 * The slow way of one document: one update at a time goes to a worker's Y.Doc. Meanwhile certified updates
 * go on being taken, so what the worker finds is taken only if it still continues the document.
 */
export class SlowLane {
  readonly #host: SlowLaneHost;
  readonly #state: DocumentState;
  readonly #link: ReplicaLink;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #queue: Doubtful[] = [];
  #bytes = 0;
  #running = false;
  #waiting: (() => void)[] = [];

  /** `now`: a monotonic clock, ms. */
  constructor(
    host: SlowLaneHost,
    state: DocumentState,
    link: ReplicaLink,
    { limits, now }: { readonly limits: Limits; readonly now: () => number },
  ) {
    this.#host = host;
    this.#state = state;
    this.#link = link;
    this.#limits = limits;
    this.#now = now;
  }

  /** Nothing waits and nothing is under way. */
  get idle(): boolean {
    return !this.#running;
  }

  /** Resolves when nothing waits any more, or the document has left memory. */
  async whenIdle(): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Whether an update of this session is still undecided. */
  holds(session: Doubtful['session']): boolean {
    return this.#queue.some((item) => item.session === session);
  }

  /** Takes an update that was not certified. */
  add(item: Doubtful): void {
    if (
      this.#bytes + item.update.length > this.#limits.slowBytes ||
      this.#queue.length >= this.#limits.slowUpdates
    ) {
      this.#host.refused(item, 'too-many', 'too many updates wait to be looked at');
      return;
    }
    this.#queue.push(item);
    this.#bytes += item.update.length;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    let began = this.#now();
    for (let item = this.#queue[0]; item !== undefined; item = this.#queue[0]) {
      if (this.#host.closed) break;
      try {
        await this.#decide(item);
      } catch (thrown) {
        this.#link.forget();
        this.#host.failed(item, SheafError.from(thrown));
      }
      this.#queue.shift();
      this.#bytes -= item.update.length;
      if (this.#now() < began + TURN_MS) continue;
      await turn();
      began = this.#now();
    }
    this.#running = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #decide(item: Doubtful): Promise<void> {
    for (let race = 0; race < RACES; race++) {
      const verdict = judge(this.#state.knowledge, item.update, this.#limits);
      if (verdict.kind === 'refused') return this.#host.refused(item, verdict.code, verdict.reason);
      if (verdict.kind === 'known') return void this.#host.decided(item, null, null);
      if (verdict.kind === 'new') return void this.#host.decided(item, verdict.piece, null);
      const done = await this.#ask(item).catch((error: SheafError) => {
        this.#link.forget();
        if (!this.#host.closed) this.#host.failed(item, error);
        return true;
      });
      if (done) return;
    }
    this.#link.forget();
    this.#host.refused(item, 'too-many', 'others write faster than this update can be looked at');
  }

  /** Asks the worker; true when the update is decided. */
  async #ask(item: Doubtful): Promise<boolean> {
    const { knowledge } = this.#state;
    const asked = knowledge.nestingAdded;
    // Another server has taken this: whatever it costs, it has to be taken here as well.
    const limits =
      item.origin === 'here'
        ? this.#limits
        : { ...this.#limits, updateRanges: Infinity, updateClients: Infinity };
    const integration = await this.#link.integrate(item.update, limits);
    if (this.#host.closed) return true;
    if (integration.kind === 'refused') {
      this.#link.forget();
      this.#host.refused(item, integration.code, integration.reason);
      return true;
    }
    const { piece, remainder } = integration;
    if (piece !== null && !this.#state.continues(piece)) return false;
    if (integration.measured !== null) knowledge.measured(integration.measured, asked);
    if (!this.#host.decided(item, piece, remainder)) this.#link.forget();
    return true;
  }
}
