/** Why the server asked for a sync step 2: the client counts only the first of these. */
type Asked = 'handshake' | 'superseded' | 'resync';

/** Stands for one message of a client until it is decided what became of it. */
export interface Receipt {
  readonly generation: number;
  /** How many the client counts for it. 'unsure': one or none. */
  readonly debts: number | 'unsure';
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
  /** Durable updates of which it is not known whether the client counts them. */
  #unsure = 0;

  /** The client began anew (its step 1): it forgot what it counted, and counts one for this handshake. */
  restart(): void {
    this.#generation += 1;
    this.#due = [];
    this.#parked.clear();
    this.#unsure = 0;
    this.#asked = this.#asked.map((asked) => (asked === 'handshake' ? 'superseded' : asked));
    this.#asked.push('handshake');
  }

  /** How often the client has begun. */
  get handshakes(): number {
    return this.#generation;
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
  receive(debts: Receipt['debts'] = 1): Receipt {
    return { generation: this.#generation, debts };
  }

  /** What the receipt stands for is in the document, at `seq` or before. */
  owe(receipt: Receipt, seq: number): void {
    this.#parked.delete(receipt);
    if (receipt.generation !== this.#generation) return;
    if (receipt.debts === 'unsure') this.#unsure += 1;
    else if (receipt.debts > 0) this.#due.push({ seq, count: receipt.debts });
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
   * A step 2 came. It holds all that the client had, so it pays what was parked before it; one more is its own if
   * it answers the client's handshake.
   */
  receiveStepTwo(): Receipt {
    let debts = this.#asked.shift() === 'handshake' ? 1 : 0;
    for (const parked of this.#parked)
      if (parked.debts === 'unsure') this.#unsure += 1;
      else debts += parked.debts;
    this.#parked.clear();
    return this.receive(debts);
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

  /** Whether somebody has to look later whether the client still counts something. */
  get isUnsure(): boolean {
    return this.#unsure > 0;
  }

  /**
   * Takes out what is unsure, when nothing else is owed and the client has been silent: if it counts these, it
   * counts nothing else, and if it does not, it counts nothing at all.
   */
  settleUnsure(): number {
    if (this.#due.length > 0 || this.#parked.size > 0 || this.#asked.length > 0) return 0;
    const paid = this.#unsure;
    this.#unsure = 0;
    return paid;
  }
}
