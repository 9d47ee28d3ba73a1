/** Lets so many requests begin in one turn of the event loop; the others wait, in order, for the next. */
export class RequestTurns {
  readonly #perTurn: number;
  #begun = 0;
  #waiting: (() => void)[] = [];

  constructor(perTurn: number) {
    this.#perTurn = perTurn;
  }

  /** Resolves when a request may begin. */
  async next(): Promise<void> {
    if (this.#begun === 0) setImmediate(this.#turn);
    if (this.#begun >= this.#perTurn) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#begun += 1;
  }

  readonly #turn = (): void => {
    const next = this.#waiting.splice(0, this.#perTurn);
    this.#begun = next.length;
    if (next.length > 0) setImmediate(this.#turn);
    for (const resolve of next) resolve();
  };
}
