import type { SheafError } from '../error.ts';
import type { Receipt } from './ledger.ts';
import type { Session } from './session.ts';

interface Waiting {
  readonly seq: number;
  readonly resolve: () => void;
  readonly reject: (error: SheafError) => void;
}

/** Through which of its numbers a document is on disk, and who waits for more. */
export class Frontier {
  #durable: number;
  readonly #owed = new Set<Session>();
  #waiting: Waiting[] = [];

  constructor(durable: number) {
    this.#durable = durable;
  }

  /** Everything through this number is on disk. */
  get durable(): number {
    return this.#durable;
  }

  /** What `receipt` stands for is in the document, which goes through number `seq`: it is acknowledged once that is on disk. */
  owe(session: Session, receipt: Receipt, seq: number): void {
    session.ledger.owe(receipt, seq);
    this.settle(session, seq);
  }

  /** Something that a session waits for was decided; the document goes through number `seq`. */
  settle(session: Session, seq: number): void {
    if (seq <= this.#durable) session.settle(this.#durable);
    else this.#owed.add(session);
  }

  /** Everything through `durable` is on disk, of a document that goes through number `received`. */
  reach(durable: number, received: number): void {
    this.#durable = durable;
    for (const session of this.#owed) session.settle(durable);
    if (durable === received) this.#owed.clear();
    if (this.#waiting.length === 0) return;
    for (const { resolve } of this.#waiting.filter(({ seq }) => seq <= durable)) resolve();
    this.#waiting = this.#waiting.filter(({ seq }) => seq > durable);
  }

  /** Resolves when everything through `seq` is on disk. Rejects when that won't be. */
  async whenReached(seq: number): Promise<void> {
    if (this.#durable >= seq) return;
    await new Promise<void>((resolve, reject) => this.#waiting.push({ seq, resolve, reject }));
  }

  /** A session has left. */
  left(session: Session): void {
    this.#owed.delete(session);
  }

  /** Nothing more will be on disk. */
  fail(error: SheafError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
