/** Says what has come a while after it came, for all carriers of a server with one timer. */
export class Acknowledgements {
  readonly #afterMs: number;
  readonly #owing = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;

  constructor(afterMs: number) {
    this.#afterMs = afterMs;
  }

  /** Calls `acknowledge` within `afterMs`, once. */
  owe(acknowledge: () => void): void {
    this.#owing.add(acknowledge);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const owing = [...this.#owing];
      this.#owing.clear();
      for (const each of owing) each();
    }, this.#afterMs);
  }

  /** It was said already, or there is nobody left. */
  settle(acknowledge: () => void): void {
    if (!this.#owing.delete(acknowledge) || this.#owing.size > 0 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}
