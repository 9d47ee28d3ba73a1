/**
 * Asks a browser not to remove what this site keeps when space runs short (Storage Standard, section 4.2). Asked once,
 * and only when there is something that would be missed: some browsers then ask the person.
 */
export class Persistence {
  readonly #storage: Pick<StorageManager, 'persist'> | null;
  readonly #onAnswer: () => void;
  #asked = false;
  #granted: boolean | null = null;

  /** `storage` is null where the browser has none: it promises nothing. */
  constructor(storage: Pick<StorageManager, 'persist'> | null, onAnswer: () => void) {
    this.#storage = storage;
    this.#onAnswer = onAnswer;
  }

  /** What the browser said; null while it was not asked or has not answered. */
  get granted(): boolean | null {
    return this.#granted;
  }

  /** Asks, unless it was asked before. The answer is told by `onAnswer`. */
  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      this.#granted = (await this.#storage?.persist()) ?? false;
    } catch {
      // A browser that fails to answer has promised nothing.
      this.#granted = false;
    }
    this.#onAnswer();
  }
}
