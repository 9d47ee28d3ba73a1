/** Counts what each address has open, so that nobody takes the place of all. */
export class Room {
  readonly #perAddress: number;
  readonly #taken = new Map<string, number>();

  constructor(perAddress: number) {
    this.#perAddress = perAddress;
  }

  /** Whether one more from this address is within the limit. */
  has(address: string): boolean {
    return (this.#taken.get(address) ?? 0) < this.#perAddress;
  }

  /** Counts one; returns what ends the counting, and does so once. */
  take(address: string): () => void {
    this.#taken.set(address, (this.#taken.get(address) ?? 0) + 1);
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      const count = (this.#taken.get(address) ?? 1) - 1;
      if (count > 0) this.#taken.set(address, count);
      else this.#taken.delete(address);
    };
  }
}
