/** Why the server asked for a sync step 2: the client counts only the first of these. */
type Asked = 'handshake' | 'superseded' | 'resync';

/** Stands for one message of a client until it is decided what became of it. */
export interface Receipt {
  readonly generation: number;
}

/**
 * What a client is owed. In Hocuspocus's protocol an acknowledgement is an anonymous count: the client adds
 * one for its handshake and one for each update, and takes one off for each sync status. So the ledger holds
 * debts, not messages (SPEC ACK). Sequence numbers are the document's; a debt is paid when the commit that
 * holds its number is durable.
 */
export class Ledger {
  #generation = 0;
  /** Debts in the order of their numbers. */
  #due: { seq: number; count: number }[] = [];
  /** Updates that wait for something that is missing. */
  readonly #parked = new Set<Receipt>();
  #asked: Asked[] = [];

  /** The client began anew (its step 1): it forgot what it counted, and counts one for this handshake. */
  restart(): void {
    this.#generation += 1;
    this.#due = [];
    this.#parked.clear();
    this.#asked = this.#asked.map((asked) => (asked === 'handshake' ? 'superseded' : asked));
    this.#asked.push('handshake');
  }

  /** The server asked for what it lacks. */
  askedResync(): void {
    this.#asked.push('resync');
  }

  /** Whether a step 2 that the server asked for has not come yet. */
  get awaitsStepTwo(): boolean {
    return this.#asked.length > 0;
  }

  /** Whether an update of the client waits for something that is missing. */
  get hasParked(): boolean {
    return this.#parked.size > 0;
  }

  /** An update came. */
  receive(): Receipt {
    return { generation: this.#generation };
  }

  /** The update's content stands at `seq` or before. */
  owe(receipt: Receipt, seq: number, count = 1): void {
    this.#parked.delete(receipt);
    if (receipt.generation === this.#generation && count > 0) this.#due.push({ seq, count });
  }

  /** The update waits for what is missing. */
  park(receipt: Receipt): void {
    if (receipt.generation === this.#generation) this.#parked.add(receipt);
  }

  /** A parked update has found what it waited for; nothing happens if a step 2 has paid it already. */
  unpark(receipt: Receipt, seq: number): void {
    if (this.#parked.has(receipt)) this.owe(receipt, seq);
  }

  /**
   * A step 2 came: how many debts it pays once its content is durable. It holds all that the client had, so
   * it pays what was parked before it; one more is its own if it answers the client's handshake.
   */
  receiveStepTwo(): { receipt: Receipt; count: number } {
    const asked = this.#asked.shift();
    const count = this.#parked.size + (asked === 'handshake' ? 1 : 0);
    this.#parked.clear();
    return { receipt: this.receive(), count };
  }

  /** Takes out what is due once everything through `durable` is on disk: the number of acknowledgements. */
  settle(durable: number): number {
    let paid = 0;
    let taken = 0;
    for (const debt of this.#due) {
      if (debt.seq > durable) break;
      paid += debt.count;
      taken += 1;
    }
    if (taken > 0) this.#due.splice(0, taken);
    return paid;
  }
}
