import type { SheafError } from '../error.ts';
import type { Author } from '../store/store.ts';

/** Whose Yjs clients are. */
export type Owners = ReadonlyMap<number, Author>;

/** One of several updates that came together from another server. */
export interface Arrival {
  /** All of it is in the document, the last of it under this number. */
  taken(seq: number): void;
  /** It will not be. */
  failed(error: SheafError): void;
  /** Whose the clients are that begin in it, beside those of its author. */
  readonly owners: Owners;
}

/** Updates of other servers of which not everything is in the document yet: some wait for what they depend on. */
export class Arrivals {
  readonly #open = new Set<Arrival>();

  /** So many came together. `whole` resolves with the number of the last when all of them are in; rejects when one won't be. */
  begin(count: number, owners: Owners): { readonly arrival: Arrival; readonly whole: Promise<number> } {
    const { promise: whole, resolve, reject } = Promise.withResolvers<number>();
    let left = count;
    let last = 0;
    const end = (): void => void this.#open.delete(arrival);
    const arrival: Arrival = {
      owners,
      taken: (seq) => {
        left -= 1;
        last = Math.max(last, seq);
        if (left > 0) return;
        end();
        resolve(last);
      },
      failed: (error) => {
        end();
        reject(error);
      },
    };
    this.#open.add(arrival);
    return { arrival, whole };
  }

  /** The document leaves memory. */
  close(error: SheafError): void {
    for (const arrival of [...this.#open]) arrival.failed(error);
  }
}
