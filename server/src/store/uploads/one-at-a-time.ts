/** Runs tasks of one name one after another; those of different names at the same time. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether a task of this name is under way or waits. */
  isBusy(name: string): boolean {
    return this.#last.has(name);
  }

  async run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    // Whether the one before failed is its own caller's.
    const next = (before ?? Promise.resolve()).then(task, task);
    this.#last.set(name, next);
    try {
      return await next;
    } finally {
      if (this.#last.get(name) === next) this.#last.delete(name);
    }
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
