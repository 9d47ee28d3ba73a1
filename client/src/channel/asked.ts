/** A request that was begun may arrive at the server until then, ms. */
const ON_ITS_WAY_MS = 30_000;

/**
 * What carriers have asked for and got no answer to. A request for the frames behind a number may be slower than
 * another that acknowledges them: the server would keep them no more when it is asked. It is settled when it, or a later
 * one, is answered.
 */
export class Asked {
  readonly #requests = new Map<
    number,
    { readonly turn: number; readonly received: number; readonly at: number }
  >();

  /** Carrier `id` asks, in its turn, for what follows `received`; `now`: ms. */
  ask(id: number, request: { readonly turn: number; readonly received: number }, now: number): void {
    this.#requests.set(id, { ...request, at: now });
  }

  /** The clock was set back by `ms`. */
  setBack(ms: number): void {
    for (const [id, request] of this.#requests) this.#requests.set(id, { ...request, at: request.at - ms });
  }

  /** The server has answered carrier `id`. */
  answered(id: number): void {
    const answered = this.#requests.get(id)?.turn ?? 0;
    for (const [other, { turn }] of this.#requests) if (turn <= answered) this.#requests.delete(other);
  }

  /** Number of the last frame that may be acknowledged at `now`. */
  limit(now: number): number {
    for (const [id, { at }] of this.#requests) if (now >= at + ON_ITS_WAY_MS) this.#requests.delete(id);
    return Math.min(Infinity, ...[...this.#requests.values()].map(({ received }) => received));
  }
}
