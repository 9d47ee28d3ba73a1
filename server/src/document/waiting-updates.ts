import type { Limits } from '../limits.ts';
import { encodeEntries } from '../store/entries.ts';
import type { LogEntry } from '../store/store.ts';
import type { Arrival } from './arrivals.ts';
import type { Origin } from './journal.ts';
import type { Receipt } from './ledger.ts';
import type { Knowledge } from './knowledge.ts';
import type { Remainder } from './replica.ts';
import type { Session } from './session.ts';

/** An update that nobody has certified yet. Its bytes are its own. */
export interface Doubtful {
  readonly update: Uint8Array;
  readonly author: string;
  /** When it came, ms since 1970. */
  readonly time: number;
  /** Whom to acknowledge; null for one found in the log. */
  readonly session: Session | null;
  readonly receipt: Receipt;
  readonly origin: Origin;
  /** Who hears when all of another server's update is in; null for anybody else's. */
  readonly arrival: Arrival | null;
  /** `parked`: what was left of an update that came before. */
  readonly kind: 'update' | 'step-two' | 'parked';
}

interface Parked {
  readonly from: Doubtful;
  readonly remainder: Remainder;
}

/**
 * Updates whose dependencies are missing (SPEC JUDGE): kept, logged as pending, neither fanned out nor
 * acknowledged, and tried again when what they wait for has come. Bounded by `pendingBytes` and `pendingUpdates`: what exceeds
 * them is not kept, which loses nothing, for it was not acknowledged.
 */
export class WaitingUpdates {
  readonly #limits: Limits;
  readonly #logs: boolean;
  #parked: Parked[] = [];
  #bytes = 0;
  #changed = false;

  /** `logs`: the log is to hold them. One that servers share is not: it has room for one list, and each has its own. */
  constructor(limits: Limits, logs: boolean) {
    this.#limits = limits;
    this.#logs = logs;
  }

  get count(): number {
    return this.#parked.length;
  }

  /** Keeps what is left of an update; false if it is kept already or there is no room. */
  park(from: Doubtful, remainder: Remainder): boolean {
    const { update } = remainder;
    const { pendingBytes, pendingUpdates } = this.#limits;
    if (this.#bytes + update.length > pendingBytes || this.#parked.length >= pendingUpdates) return false;
    if (this.#parked.some((parked) => Buffer.compare(parked.remainder.update, update) === 0)) return false;
    this.#parked.push({ from, remainder });
    this.#bytes += update.length;
    this.#changed = this.#logs;
    return true;
  }

  /** Takes out those that are worth another try. */
  takeReady(known: Knowledge): Doubtful[] {
    if (this.#parked.length === 0) return [];
    const ready = this.#parked.filter(({ remainder }) =>
      remainder.missing.some(([client, clock]) => known.clock(client) > clock),
    );
    if (ready.length === 0) return [];
    this.#parked = this.#parked.filter((parked) => !ready.includes(parked));
    this.#bytes = this.#parked.reduce((bytes, { remainder }) => bytes + remainder.update.length, 0);
    this.#changed = this.#logs;
    return ready.map(({ from, remainder }) => ({ ...from, update: remainder.update, kind: 'parked' }));
  }

  /** What the log is to hold as pending, packed; undefined if it holds it already. */
  takeChange(): Uint8Array | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    const entries = this.#parked.map(({ from, remainder }): LogEntry => ({
      update: remainder.update,
      author: from.author,
      time: from.time,
    }));
    return encodeEntries(entries);
  }

  /** Whether the log holds something else than what waits now. */
  get changed(): boolean {
    return this.#changed;
  }
}
