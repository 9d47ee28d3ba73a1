import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';

/*
 * An awareness message (y-protocols): varUint count, then for each entry
 *   varUint client  varUint clock  varString state (JSON; `null` removes)
 */

/** Awareness clocks above this are refused: 2^53-1 would lock the real person out for good. */
const MAX_CLOCK = 2 ** 40;
const REMOVED = 'null';

/** Whoever announces presence: compared by identity, and by author when somebody comes back. */
export interface PresenceOwner {
  readonly author: string;
  /** Whether it may change the document. */
  readonly writable: boolean;
  /** Whether its network is lost: somebody who comes back may be here already, as another session. */
  readonly away: boolean;
}

/** Somebody's presence. */
export interface PresenceEntry {
  readonly client: number;
  readonly owner: PresenceOwner;
  readonly clock: number;
  /** JSON. */
  readonly state: string;
}

interface Entry {
  owner: PresenceOwner | null;
  /** The owner's own clock. */
  clock: number;
  /** The clock that followers were told last. Never falls, so that they accept who comes back. */
  sent: number;
  /** JSON, or 'null' for a removed one, which is remembered for a while. */
  state: string;
  removedAt: number;
}

/**
 * Who is here (SPEC PRES). Latest wins per client id; states are opaque JSON text; an id belongs to the
 * session that announced it, and what others say about it is ignored (y-websocket's client repeats
 * everybody's states). Nothing of it is ever logged.
 */
export class Presence {
  readonly #entries = new Map<number, Entry>();
  readonly #owned = new Map<PresenceOwner, number>();
  #changed = new Set<number>();
  /** The one owner whose changes are waiting, or undefined when there are several. */
  #changedBy: PresenceOwner | undefined | null = null;
  /** The clock that followers were told last, of ids that are forgotten but for this; the oldest first. */
  readonly #lastSent = new Map<number, number>();
  #everybody: { readonly message: Uint8Array | null } | null = null;
  readonly #limits: Limits;
  readonly #now: () => number;

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** The client id that this owner has announced. */
  clientOf(owner: PresenceOwner): number | undefined {
    return this.#owned.get(owner);
  }

  /** The session that has announced this client id. */
  ownerOf(client: number): PresenceOwner | null {
    return this.#entries.get(client)?.owner ?? null;
  }

  /** Takes an awareness message of `owner`. Throws `malformed` or `too-large`; nothing is taken then. */
  receive(owner: PresenceOwner, message: Uint8Array): void {
    const entries = readPresence(message, this.#limits);
    for (const { client, clock, state } of entries) {
      const entry = this.#entries.get(client);
      if (state === REMOVED) {
        if (entry?.owner === owner && clock >= entry.clock) this.#remove(client, entry, clock);
      } else if (
        entry?.owner === owner
          ? this.#isNewer(entry, clock)
          : this.#mayClaim(owner, entries.length, entry, clock)
      ) {
        this.#announce(owner, client, clock, state);
      }
    }
  }

  /** Its owner has gone: its entry goes too. */
  leave(owner: PresenceOwner): void {
    const client = this.#owned.get(owner);
    if (client === undefined) return;
    const entry = this.#entries.get(client);
    if (entry?.owner === owner) this.#remove(client, entry, entry.clock);
    this.#owned.delete(owner);
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  /**
   * The entries that changed since the last call as an awareness message, or null; `by` is the one owner
   * whose entries they are (it need not be told), null if there are several.
   */
  takeChanges(): { message: Uint8Array; by: PresenceOwner | null } | null {
    if (this.#changed.size === 0) return null;
    const message = this.#encode(this.#changed);
    const by = this.#changedBy ?? null;
    this.#changed = new Set();
    this.#changedBy = null;
    return { message, by };
  }

  /** Everybody who is here, as followers were told last or will be told. */
  *here(): Iterable<PresenceEntry> {
    for (const [client, { owner, sent, state }] of this.#entries)
      if (owner !== null && state !== REMOVED) yield { client, owner, clock: sent, state };
  }

  /** Everybody who is here, as an awareness message; null when nobody is. The same array until something changes. */
  all(): Uint8Array | null {
    this.#everybody ??= { message: this.#encodeAll() };
    return this.#everybody.message;
  }

  #encodeAll(): Uint8Array | null {
    const here = [...this.#entries].filter(([, entry]) => entry.state !== REMOVED).map(([client]) => client);
    return here.length === 0 ? null : this.#encode(here);
  }

  /** Forgets removals that no late echo can undo any more. */
  expire(): void {
    const before = this.#now() - this.#limits.presenceTombstoneMs;
    for (const [client, entry] of this.#entries)
      if (entry.state === REMOVED && entry.removedAt < before && !this.#changed.has(client))
        this.#forget(client, entry);
  }

  #isNewer(entry: Entry, clock: number): boolean {
    return clock > entry.clock || entry.state === REMOVED;
  }

  /** An id is claimed by a message of its own: one that lists several repeats what others said. */
  #mayClaim(owner: PresenceOwner, listed: number, entry: Entry | undefined, clock: number): boolean {
    if (listed !== 1) return false;
    if (entry === undefined) return this.#hasRoom();
    // A removed entry comes back only by a session that has no other id: an echo of somebody who just left
    // is sent by one that has announced itself.
    if (entry.owner === null) return clock >= entry.clock && !this.#owned.has(owner);
    if (entry.owner.away && !this.#owned.has(owner)) return clock >= entry.clock;
    // Somebody's second connection, while the server has not noticed the end of the first.
    return owner.author !== '' && owner.author === entry.owner.author && clock >= entry.clock;
  }

  /** Who has left takes nobody's place: when it gets narrow, what is remembered of them goes before its time. */
  #hasRoom(): boolean {
    const { presenceClients } = this.#limits;
    if (this.#entries.size < presenceClients) return true;
    if (this.#owned.size >= presenceClients) return false;
    for (const [client, entry] of this.#entries)
      if (entry.state === REMOVED && !this.#changed.has(client)) this.#forget(client, entry);
    return this.#entries.size < presenceClients;
  }

  /** Followers never forget a clock: who comes back after all still needs a larger one. */
  #forget(client: number, { sent }: Entry): void {
    this.#entries.delete(client);
    this.#lastSent.set(client, sent);
    for (const oldest of this.#lastSent.keys()) {
      if (this.#lastSent.size <= this.#limits.presenceClients) break;
      this.#lastSent.delete(oldest);
    }
  }

  #announce(owner: PresenceOwner, client: number, clock: number, state: string): void {
    const previous = this.#owned.get(owner);
    if (previous !== undefined && previous !== client) this.leave(owner);
    const entry = this.#entries.get(client);
    if (entry?.owner && entry.owner !== owner) this.#owned.delete(entry.owner);
    const before = entry?.sent ?? this.#lastSent.get(client);
    const sent = before === undefined ? clock : Math.max(before + 1, clock);
    this.#lastSent.delete(client);
    this.#entries.set(client, { owner, clock, sent, state, removedAt: 0 });
    this.#owned.set(owner, client);
    this.#mark(client, owner);
  }

  #remove(client: number, entry: Entry, clock: number): void {
    if (entry.owner) this.#owned.delete(entry.owner);
    this.#mark(client, entry.owner);
    entry.owner = null;
    entry.clock = clock;
    entry.sent = Math.max(entry.sent + 1, clock);
    entry.state = REMOVED;
    entry.removedAt = this.#now();
  }

  #mark(client: number, owner: PresenceOwner | null): void {
    this.#changedBy = this.#changed.size === 0 || this.#changedBy === owner ? owner : undefined;
    this.#changed.add(client);
    this.#everybody = null;
  }

  #encode(clients: Iterable<number>): Uint8Array {
    const entries = [...clients].flatMap((client) => {
      const entry = this.#entries.get(client);
      return entry === undefined ? [] : [{ client, entry }];
    });
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, entries.length);
    for (const { client, entry } of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, entry.sent);
      encoding.writeVarString(encoder, entry.state);
    }
    return encoding.toUint8Array(encoder);
  }
}

/** Reads an awareness message. Throws `malformed`, or `too-large` for a state above the limit. */
export function readPresence(
  message: Uint8Array,
  limits: Pick<Limits, 'presenceStateBytes' | 'presenceClients'>,
): { client: number; clock: number; state: string }[] {
  const entries: { client: number; clock: number; state: string }[] = [];
  try {
    const decoder = decoding.createDecoder(message);
    const count = decoding.readVarUint(decoder);
    if (count > limits.presenceClients) throw new SheafError('too-large', 'presence of too many clients');
    for (let i = 0; i < count; i++) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      if (bytes.length > limits.presenceStateBytes)
        throw new SheafError('too-large', `presence over ${limits.presenceStateBytes} bytes`);
      if (clock > MAX_CLOCK) throw new SheafError('malformed', 'presence with an impossible clock');
      const state = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      if (state !== REMOVED) JSON.parse(state);
      entries.push({ client, clock, state });
    }
  } catch (thrown) {
    throw SheafError.from(thrown, 'malformed');
  }
  return entries;
}
