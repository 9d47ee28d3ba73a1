/**
 * Both stock providers close a socket that was silent for 30 s: one timer makes every connection say
 * something in between.
 */
export class KeepAlive {
  readonly #beats = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;

  /** `everyMs`: well under 30 s. */
  constructor(everyMs: number) {
    this.#timer = setInterval(() => {
      for (const beat of this.#beats) beat();
    }, everyMs);
    this.#timer.unref();
  }

  /** Calls `beat` from now on; returns how to end that. */
  add(beat: () => void): () => void {
    this.#beats.add(beat);
    return () => this.#beats.delete(beat);
  }

  /** Ends the timer. */
  close(): void {
    clearInterval(this.#timer);
  }
}
