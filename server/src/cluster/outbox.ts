/**
 * What is to be written to a stream, one item at a time: whoever writes pulls the next when it has written the one before,
 * and `taken` is called then. So nothing waits here but that one, and everything else waits where it is bounded.
 */
export class Outbox<T> implements AsyncIterable<T> {
  #items: { readonly value: T; readonly taken: () => void }[] = [];
  #wake: (() => void) | null = null;
  #ended = false;

  /** Puts something behind what is here; `taken`: it was written. */
  put(value: T, taken: () => void): void {
    if (this.#ended) return;
    this.#items.push({ value, taken });
    this.#wake?.();
  }

  /** Nothing more comes; what is here is still written. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item.value;
        item.taken();
        continue;
      }
      if (this.#ended) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = null;
    }
  }
}
