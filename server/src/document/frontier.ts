import type { SheafError } from '../error.ts';
import type { Assurance } from './assurance.ts';
import type { Receipt } from './ledger.ts';
import type { Session } from './session.ts';

interface Waiting {
  readonly seq: number;
  readonly resolve: () => void;
  readonly reject: (error: SheafError) => void;
}

/** Through which of its numbers a document is on disk, here and where else it has to be, and who waits for more. */
export class Frontier {
  readonly #assurance: Assurance;
  #durable: number;
  readonly #owed = new Set<Session>();
  #waiting: Waiting[] = [];

  constructor(durable: number, assurance: Assurance) {
    this.#durable = durable;
    this.#assurance = assurance;
  }

  /** Everything through this number is on the disk here. */
  get durable(): number {
    return this.#durable;
  }

  /** Whether somebody waits for an acknowledgement. */
  get isOwed(): boolean {
    return this.#owed.size > 0;
  }

  /** The last number that may be acknowledged. */
  get #saved(): number {
    return this.#assurance.waits ? Math.min(this.#durable, this.#assurance.through) : this.#durable;
  }

  /** What `receipt` stands for is in the document, which goes through number `seq`: it is acknowledged once that is saved. */
  owe(session: Session, receipt: Receipt, seq: number): void {
    session.ledger.owe(receipt, seq);
    this.settle(session, seq);
  }

  /** Something that a session waits for was decided; the document goes through number `seq`. */
  settle(session: Session, seq: number): void {
    if (seq <= this.#saved) {
      session.settle(this.#saved);
      return;
    }
    this.#owed.add(session);
    this.#watchCopies();
  }

  /** More of the document may be where it has to be. */
  settleAll(): void {
    for (const session of this.#owed) {
      session.settle(this.#saved);
      if (!session.ledger.owes) this.#owed.delete(session);
    }
    this.#watchCopies();
  }

  /** Everything through this number is on the disk here. */
  reach(durable: number): void {
    this.#durable = durable;
    this.settleAll();
    if (this.#waiting.length === 0) return;
    for (const { resolve } of this.#waiting.filter(({ seq }) => seq <= durable)) resolve();
    this.#waiting = this.#waiting.filter(({ seq }) => seq > durable);
  }

  /** Resolves when everything through `seq` is on the disk here. Rejects when that won't be. */
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

  /** Who waits for other servers is told, once that takes long. */
  #watchCopies(): void {
    if (!this.#assurance.waits) return;
    const durable = (): number | null => (this.#owed.size === 0 ? null : this.#durable);
    this.#assurance.watch(durable, (copies) => {
      for (const session of this.#owed) session.tellCopies(this.#durable, copies);
    });
  }
}
