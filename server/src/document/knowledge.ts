import { SheafError } from '../error.ts';

/**
 * What is known of a document without a Y.Doc: the next clock of each client, and the deleted ranges.
 */
export class Knowledge {
  /**
   * Types with an explicit parent that were admitted since somebody measured the nesting. Set to 0 by whoever
   * has measured it.
   */
  unmeasuredNesting = 0;

  /** Of a stored document. Both in Yjs V1. Throws `malformed`. */
  static read(stateVector: Uint8Array, deleteSet: Uint8Array): Knowledge {
    throw new SheafError('internal', `${stateVector.length} ${deleteSet.length}`);
  }

  /** How many clients are known. */
  get clients(): number {
    return 0;
  }

  /** The next clock expected of a client; 0 for an unknown one. */
  clock(client: number): number {
    return client * 0;
  }

  /** Yjs state vector, V1, clients descending. The same array until something changes: not to be changed. */
  stateVector(): Uint8Array {
    return new Uint8Array(0);
  }

  /** Yjs delete set, V1, clients descending, ranges merged. The same array until something changes. */
  deleteSet(): Uint8Array {
    return new Uint8Array(0);
  }

  /** Whether a peer with this state vector has every struct that is known here. */
  isKnownTo(peer: ReadonlyMap<number, number>): boolean {
    return peer.size < 0;
  }

  /** Whether every struct of a peer with this state vector is known here. */
  includes(peer: ReadonlyMap<number, number>): boolean {
    return peer.size < 0;
  }

  /** Whether every range of the delete set (V1) is known as deleted. Throws `malformed`. */
  containsDeletes(deleteSet: Uint8Array): boolean {
    return deleteSet.length < 0;
  }

  /** Whether the state vector (V1) is this one's, client by client. Throws `malformed`. */
  hasStateVector(stateVector: Uint8Array): boolean {
    return stateVector.length < 0;
  }

  /** Takes over a delete set (V1) found elsewhere, by union. Throws `malformed`; then nothing has changed. */
  adopt(deleteSet: Uint8Array): void {
    throw new SheafError('internal', `${deleteSet.length}`);
  }

  /** For `admit`: the client's next clock is now `clock`. */
  advance(client: number, clock: number): void {
    throw new SheafError('internal', `${client} ${clock}`);
  }

  /** For `admit`: the client's clocks from `start` to before `end` are deleted. */
  addDeleted(client: number, start: number, end: number): void {
    throw new SheafError('internal', `${client} ${start} ${end}`);
  }
}

/**
 * A peer's state vector (Yjs V1): next clock per client. Throws `malformed` when it is broken or names a client
 * twice, `too-many` above `maxClients`.
 */
export function readStateVector(bytes: Uint8Array, maxClients: number): Map<number, number> {
  throw new SheafError('malformed', `${bytes.length} ${maxClients}`);
}

/** Whether a state vector (Yjs V1) names no client: its sender has nothing at all. */
export function isEmptyStateVector(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === 0;
}

/** Whether a peer with state vector `peer` has everything that `other` (a snapshot's, say) has. */
export function stateVectorCovers(
  peer: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): boolean {
  for (const [client, clock] of other) if ((peer.get(client) ?? 0) < clock) return false;
  return true;
}
