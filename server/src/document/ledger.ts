/** Why the server asked for a sync step 2: the client counts only the first of these. */
type Asked = 'handshake' | 'superseded' | 'resync';

/** Stands for one message of a client until it is decided what became of it. */
export interface Receipt {
  readonly generation: number;
  /** How many the client counts for it. */
  readonly debts: number;
  /** How many more it may count, or not. */
  readonly unsure: number;
  /** Whether it is a step 2. */
  readonly answers: boolean;
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
  /** The debt for a step 2, of which it is not known yet whether more stood behind it in a queue: until `heard`. */
  #withheld = 0;
  #heard = true;
  /** The last number that holds something of this client. */
  #latest = 0;
  /** Updates that wait for something that is missing. */
  readonly #parked = new Set<Receipt>();
  #asked: Asked[] = [];
  /** Updates of which it is not known whether the client counts them, and the number that holds the last. */
  #unsure = { count: 0, seq: 0 };
  /** Messages of which it is not decided yet what becomes of them. */
  #undecided = 0;
  /** The last number that it was told is on disk. */
  #durable = 0;

  /**
   * The client began anew (its step 1): it forgot what it counted, and counts one for this handshake. `heard`: whether
   * all has come that it had in a queue; else what pays for the handshake is withheld until {@link hear}.
   */
  restart(heard: boolean): void {
    this.#generation += 1;
    this.#heard = heard;
    this.#withheld = 0;
    this.#due = [];
    this.#parked.clear();
    this.#unsure = { count: 0, seq: 0 };
    this.#undecided = 0;
    this.#asked = this.#asked.map((asked) => (asked === 'handshake' ? 'superseded' : asked));
    this.#asked.push('handshake');
  }

  /** All that the client had in a queue when it began has come. */
  hear(): void {
    this.#heard = true;
  }

  /** How often the client has begun. */
  get handshakes(): number {
    return this.#generation;
  }

  /** The server asked for what it lacks. */
  askedResync(): void {
    this.#asked.push('resync');
  }

  /** How many step 2s the server asked for that have not come. */
  get unanswered(): number {
    return this.#asked.length;
  }

  /** Whether a step 2 that the server asked for has not come yet. */
  get awaitsStepTwo(): boolean {
    return this.#asked.length > 0;
  }

  /** Whether an update of the client waits for something that is missing. */
  get hasParked(): boolean {
    return this.#parked.size > 0;
  }

  /** An update came. 'unsure': the client counts one for it, or none. */
  receive(counted: number | 'unsure' = 1): Receipt {
    return counted === 'unsure' ? this.#receipt(0, 1, false) : this.#receipt(counted, 0, false);
  }

  #receipt(debts: number, unsure: number, answers: boolean): Receipt {
    this.#undecided += 1;
    return { generation: this.#generation, debts, unsure, answers };
  }

  /** What the receipt stands for is in the document, at `seq` or before. */
  owe(receipt: Receipt, seq: number): void {
    const parked = this.#parked.delete(receipt);
    if (receipt.generation !== this.#generation) return;
    if (!parked) this.#undecided -= 1;
    this.#latest = Math.max(this.#latest, seq);
    if (receipt.unsure > 0) this.#unsure = { count: this.#unsure.count + receipt.unsure, seq };
    if (receipt.debts === 0) return;
    if (receipt.answers && !this.#heard) this.#withheld += receipt.debts;
    else this.#due.push({ seq, count: receipt.debts });
  }

  /** The update waits for what is missing. */
  park(receipt: Receipt): void {
    if (receipt.generation !== this.#generation) return;
    this.#parked.add(receipt);
    this.#undecided -= 1;
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
    let unsure = 0;
    for (const parked of this.#parked) {
      debts += parked.debts;
      unsure += parked.unsure;
    }
    this.#parked.clear();
    return this.#receipt(debts, unsure, true);
  }

  /** Takes out what is due once everything through `durable` is on disk: the number of acknowledgements. */
  settle(durable: number): number {
    this.#durable = durable;
    let paid = this.#settleWithheld(durable);
    let taken = 0;
    for (const debt of this.#due) {
      if (debt.seq > durable) break;
      paid += debt.count;
      taken += 1;
    }
    if (taken > 0) this.#due.splice(0, taken);
    return paid;
  }

  /** What stood behind a step 2 in the client's queue must be on disk as well, for the client does not count it. */
  #settleWithheld(durable: number): number {
    const open = this.#undecided + this.#parked.size;
    if (!this.#heard || open > 0 || this.#latest > durable) return 0;
    const paid = this.#withheld;
    this.#withheld = 0;
    return paid;
  }

  /** How many acknowledgements would be due if everything through this number were where it has to be. */
  dueThrough(seq: number): number {
    const withheld = this.#latest <= seq ? this.#withheld : 0;
    return this.#due.reduce((sum, debt) => sum + (debt.seq <= seq ? debt.count : 0), withheld);
  }

  /** Whether something is owed that only has to get where it has to be. */
  get owes(): boolean {
    return this.#due.length + this.#withheld > 0;
  }

  /** Whether somebody has to look later whether the client still counts something. */
  get isUnsure(): boolean {
    return this.#unsure.count > 0;
  }

  /**
   * Takes out what is unsure, when it is on disk, nothing else is owed or undecided, and the client has been silent:
   * if it counts these, it counts nothing else, and if it does not, it counts nothing at all.
   */
  settleUnsure(): number {
    const owed = this.#due.length + this.#withheld + this.#parked.size + this.#asked.length + this.#undecided;
    if (owed > 0 || this.#unsure.seq > this.#durable) return 0;
    const paid = this.#unsure.count;
    this.#unsure = { count: 0, seq: 0 };
    return paid;
  }
}
