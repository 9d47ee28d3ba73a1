import type { Piece } from './judge.ts';
import type { Doubtful } from './waiting-updates.ts';
import type { Presence } from './presence.ts';
import type { Session } from './session.ts';

const NOBODY: readonly number[] = [];

/**
 * Updates that bring structs of somebody who is here and has not sent them (SPEC JUDGE-5): a forged struct under
 * somebody's id would make what that person types next vanish everywhere.
 */
export class HeldUpdates {
  readonly #presence: Presence;
  readonly #bytesAtMost: number;
  #held: Doubtful[] = [];
  #bytes = 0;
  /** The ids for which something is held. */
  readonly #clients = new Set<number>();

  constructor(presence: Presence, bytesAtMost: number) {
    this.#presence = presence;
    this.#bytesAtMost = bytesAtMost;
  }

  /** Whether something of this session is held. */
  holds(session: Session): boolean {
    return this.#held.some((held) => held.session === session);
  }

  /**
   * The ids in a piece that somebody else here has announced as their own. Somebody whose own update is held
   * is not waited for: two could wait for each other. Nor is a reader, who will never send any, nor somebody whose
   * network is lost: it may be them who send it, over another connection.
   */
  foreignIn(session: Session | null, piece: Piece): readonly number[] {
    let foreign: number[] | null = null;
    for (const { client } of piece.sections) {
      const owner = this.#presence.ownerOf(client);
      if (owner === null || owner === session || !owner.writable || owner.away) continue;
      if (owner.author !== '' && owner.author === session?.author) continue;
      if (!this.#held.some((held) => held.session === owner)) (foreign ??= []).push(client);
    }
    return foreign ?? NOBODY;
  }

  /** Keeps an update because of `foreign`; false when there is no room. */
  add(item: Doubtful, foreign: readonly number[]): boolean {
    if (this.#bytes + item.update.length > this.#bytesAtMost) return false;
    this.#held.push(item);
    this.#bytes += item.update.length;
    for (const client of foreign) this.#clients.add(client);
    return true;
  }

  /** Takes everything out if a piece that was taken brings structs for which something is held. */
  takeFor(piece: Piece): readonly Doubtful[] {
    if (this.#held.length === 0) return [];
    return piece.sections.some(({ client }) => this.#clients.has(client)) ? this.takeAll() : [];
  }

  /** Takes everything out: somebody has left. */
  takeAll(): readonly Doubtful[] {
    this.#clients.clear();
    this.#bytes = 0;
    return this.#held.splice(0);
  }
}
