import type { Knowledge } from './knowledge.ts';
import { readDeleteSet, readStateVector } from './knowledge.ts';
import { Ranges } from './ranges.ts';
import { UpdateReader } from './update-reader.ts';

/** What updates hold, without what they refer to: where each client's structs end, and the deleted ranges. */
export interface Contents {
  readonly ends: ReadonlyMap<number, number>;
  readonly deletes: ReadonlyMap<number, Ranges>;
}

/** Of a Yjs V1 update. Throws `malformed`. */
export function contentsOf(update: Uint8Array): Contents {
  const reader = new UpdateReader(update);
  const ends = new Map<number, number>();
  for (let sections = reader.varUint(); sections > 0; sections -= 1) {
    let structs = reader.varUint();
    const client = reader.varUint();
    let clock = reader.varUint();
    for (; structs > 0; structs -= 1) {
      reader.struct();
      clock += reader.length;
    }
    ends.set(client, Math.max(clock, ends.get(client) ?? 0));
  }
  const deletes = new Map<number, Ranges>();
  for (let clients = reader.varUint(); clients > 0; clients -= 1) {
    const client = reader.varUint();
    const ranges = deletes.get(client) ?? new Ranges();
    deletes.set(client, ranges);
    for (let count = reader.varUint(); count > 0; count -= 1) {
      const start = reader.varUint();
      const length = reader.varUint();
      if (length > 0) ranges.add(start, start + length);
    }
  }
  return { ends, deletes };
}

/** Of a state vector and a delete set, both V1. Throws `malformed`, `too-many`. */
export function readContents(
  { stateVector, deleteSet }: { readonly stateVector: Uint8Array; readonly deleteSet: Uint8Array },
  maxClients: number,
): Contents {
  return { ends: readStateVector(stateVector, maxClients), deletes: readDeleteSet(deleteSet) };
}

/** Whether all of it is known. */
export function isKnown({ ends, deletes }: Contents, known: Knowledge): boolean {
  for (const [client, end] of ends) if (known.clock(client) < end) return false;
  for (const [client, { bounds }] of deletes) {
    const deleted = known.deleted(client);
    for (let at = 0; at < bounds.length; at += 2)
      if (deleted?.contains(bounds[at] ?? 0, bounds[at + 1] ?? 0) !== true) return false;
  }
  return true;
}
