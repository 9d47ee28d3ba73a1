import * as Y from 'yjs';
import type { TypingSession } from './typing.ts';

/**
 * One person's replica, with a ledger of when each update became visible in it. What a server merges or
 * reorders makes no difference: an update is visible once its writer's clock is in the document.
 */
export class Replica {
  readonly #doc = new Y.Doc();
  readonly #session: TypingSession;
  /** Per writer, how many of its updates are visible. */
  readonly #visible: number[];
  /** When update `i` became visible, ms of `performance.now()`; NaN: not yet. */
  readonly times: Float64Array;
  /** How many updates are visible. */
  count = 0;

  constructor(session: TypingSession) {
    this.#session = session;
    this.#visible = session.clients.map(() => 0);
    this.times = new Float64Array(session.updates.length).fill(Number.NaN);
    Y.applyUpdate(this.#doc, session.base);
  }

  /** Applies what the server sent, and notes what it made visible at `now`. */
  apply(update: Uint8Array, now: () => number): void {
    Y.applyUpdate(this.#doc, update);
    const time = now();
    const writers = this.#session.clients.length;
    this.#session.clients.forEach((client, writer) => {
      const clock = Y.getState(this.#doc.store, client);
      let seen = this.#visible[writer] ?? 0;
      for (
        let index = seen * writers + writer;
        (this.#session.clocks[index] ?? Infinity) <= clock;
        index += writers
      ) {
        this.times[index] = time;
        this.count += 1;
        seen += 1;
      }
      this.#visible[writer] = seen;
    });
  }

  /** Yjs state vector of the replica. */
  vector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  /** The replica's whole state, as a Yjs update. */
  state(): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc);
  }
}
