/** What one address makes the server keep. */
export class Account {
  readonly #times = new Map<ArrayBufferLike, number>();
  readonly #most: number;
  readonly #empty: () => void;
  #bytes = 0;

  /** `most`: bytes. `empty` is called whenever nothing is kept any more. */
  constructor(most: number, empty: () => void) {
    this.#most = most;
    this.#empty = empty;
  }

  /** Whether more is kept than one address may have. */
  get isOver(): boolean {
    return this.#bytes > this.#most;
  }

  /** Keeps a buffer; one that is kept already takes no more room. */
  hold(buffer: ArrayBufferLike): void {
    const times = this.#times.get(buffer) ?? 0;
    this.#times.set(buffer, times + 1);
    if (times === 0) this.#bytes += buffer.byteLength;
  }

  /** Lets go of it once. */
  release(buffer: ArrayBufferLike): void {
    const times = (this.#times.get(buffer) ?? 0) - 1;
    if (times > 0) this.#times.set(buffer, times);
    else if (this.#times.delete(buffer)) this.#bytes -= buffer.byteLength;
    if (this.#times.size === 0) this.#empty();
  }
}

/**
 * The accounts of all addresses that make the server keep something. They count buffers: what many channels share, such as
 * the snapshot of a document that a whole office opens, counts once (SPEC CH-19).
 */
export class Retained {
  readonly #perAddress: number;
  readonly #accounts = new Map<string, Account>();

  /** `perAddress`: bytes. */
  constructor(perAddress: number) {
    this.#perAddress = perAddress;
  }

  /** How many addresses have something kept. */
  get size(): number {
    return this.#accounts.size;
  }

  /** The account of `address`, as it is now; not to be kept. */
  of(address: string): Account {
    const known = this.#accounts.get(address);
    if (known) return known;
    const account = new Account(this.#perAddress, () => this.#accounts.delete(address));
    this.#accounts.set(address, account);
    return account;
  }
}
