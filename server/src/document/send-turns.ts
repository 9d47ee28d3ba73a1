/** Followers that are served between two looks at the clock at least, and at first, when nothing was measured. */
const FEWEST = 16;

/** What one document has to send, in parts. */
export interface Sender {
  /** Sends to at most `most` followers; answers to how many. Fewer than `most`: everybody has been served. */
  send(most: number): number;
  /** Everybody has been served; `cost` is what that took of this thread, ms. */
  sent(cost: number): void;
}

/**
 * Divides the event loop among what documents have to send: in one turn all of them together send for about
 * `turnMs`, so that a document with thousands of followers holds up nobody, not even what comes in for itself. They take turns.
 */
export class SendTurns {
  readonly #turnMs: number;
  readonly #now: () => number;
  /** First come, first served; the cost is of the parts that were sent. */
  #queue: { readonly sender: Sender; cost: number }[] = [];
  /** How many are likely to be served within `turnMs`. */
  #most = FEWEST;

  /** `now`: a monotonic clock, ms. */
  constructor(turnMs: number, now: () => number) {
    this.#turnMs = turnMs;
    this.#now = now;
  }

  /** Sends at the end of this turn of the event loop, or when it is its turn. */
  add(sender: Sender): void {
    if (this.#queue.length === 0) setImmediate(this.#run);
    this.#queue.push({ sender, cost: 0 });
  }

  readonly #run = (): void => {
    const began = this.#now();
    const parts: { readonly of: { readonly sender: Sender; cost: number }; readonly served: number }[] = [];
    const done: { readonly sender: Sender; cost: number }[] = [];
    let left = this.#most;
    while (left > 0) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      const served = next.sender.send(left);
      parts.push({ of: next, served });
      if (served < left) done.push(next);
      else this.#queue.push(next);
      left -= served;
    }
    const served = this.#most - left;
    // Sockets gather what a turn sends and write it when the turn's callback is over: that is most of the cost.
    process.nextTick(() => {
      const cost = this.#now() - began;
      for (const part of parts) part.of.cost += served === 0 ? 0 : (cost * part.served) / served;
      if (left === 0) this.#adapt(cost);
      if (this.#queue.length > 0) setImmediate(this.#run);
      for (const { sender, cost: whole } of done) sender.sent(whole);
    });
  };

  /** After a turn that was full. What one of them costs differs tenfold; so do the steps. */
  #adapt(cost: number): void {
    const fitting = cost > 0 ? (this.#most * this.#turnMs) / cost : Infinity;
    this.#most = Math.max(FEWEST, Math.floor(Math.min(fitting, this.#most * 2)));
  }
}
