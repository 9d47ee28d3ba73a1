import * as encoding from 'lib0/encoding';
import type { RandomEdits } from './random-edits.ts';

/** Random updates that no editor would make but that mostly decode, for fuzz tests. */

/** What an update may continue and refer to. */
export interface Ground {
  /** Clients that it may continue. */
  readonly own: readonly number[];
  /** Clients that it may refer to. */
  readonly clients: readonly number[];
  /**
   * Whether map entries are made, or there to be referred to; then everything but the deleted takes one clock. A
   * longer entry that is split makes Yjs throw once its map is collected, and the judge cannot see them all.
   */
  readonly keys: boolean;
  /** Next clocks. */
  clock(client: number): number;
}

const NAMES = ['text', 'map', 'array', 'xml', 'other'];
const CONTENTS = [0, 1, 2, 3, 4, 4, 4, 5, 6, 6, 7, 7, 7, 8];

/** A Yjs V1 update out of nothing: sections that mostly continue their client, references to anything. */
export function craftUpdate(edits: RandomEdits, ground: Ground): Uint8Array {
  const encoder = encoding.createEncoder();
  const clients = new Set(Array.from({ length: 1 + edits.below(3) }, () => edits.pick(ground.own)));
  const ends = new Map<number, number>();
  encoding.writeVarUint(encoder, clients.size);
  for (const client of [...clients].toSorted((a, b) => b - a)) {
    const structs = 1 + edits.below(4);
    const start = edits.chance(0.9) ? ground.clock(client) : edits.below(ground.clock(client) + 2);
    encoding.writeVarUint(encoder, structs);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, start);
    let clock = start;
    for (let i = 0; i < structs; i += 1) clock += writeStruct(encoder, edits, { ground, client, clock });
    ends.set(client, clock);
  }
  writeDeletes(encoder, edits, ground, ends);
  return encoding.toUint8Array(encoder);
}

interface Place {
  readonly ground: Ground;
  readonly client: number;
  readonly clock: number;
}

/** Writes a struct; returns its length. */
function writeStruct(encoder: encoding.Encoder, edits: RandomEdits, place: Place): number {
  const kind = edits.pick(CONTENTS);
  if (kind === 0) {
    const length = 1 + edits.below(3);
    encoding.writeUint8(encoder, 0);
    encoding.writeVarUint(encoder, length);
    return length;
  }
  const origin = edits.chance(0.5);
  const right = edits.chance(0.3);
  const key = place.ground.keys && edits.chance(0.3);
  encoding.writeUint8(encoder, kind | (origin ? 128 : 0) | (right ? 64 : 0) | (key ? 32 : 0));
  if (origin) writeReference(encoder, edits, place);
  if (right) writeReference(encoder, edits, place);
  if (!origin && !right) {
    const root = edits.chance(0.4);
    encoding.writeVarUint(encoder, root ? 1 : 0);
    if (root) encoding.writeVarString(encoder, edits.pick(NAMES));
    else writeReference(encoder, edits, place);
    if (key) encoding.writeVarString(encoder, edits.pick(['k', 'kind', '']));
  }
  return writeContent(encoder, edits, { kind, short: place.ground.keys });
}

function writeReference(
  encoder: encoding.Encoder,
  edits: RandomEdits,
  { ground, client, clock }: Place,
): void {
  const to = edits.chance(0.5) ? client : edits.pick(ground.clients);
  const bound = to === client ? clock : ground.clock(to);
  encoding.writeVarUint(encoder, to);
  encoding.writeVarUint(
    encoder,
    edits.chance(0.97) ? edits.below(Math.max(1, bound)) : bound + edits.below(3),
  );
}

function writeContent(
  encoder: encoding.Encoder,
  edits: RandomEdits,
  { kind, short }: { readonly kind: number; readonly short: boolean },
): number {
  const length = short && kind !== 1 ? 1 : 1 + edits.below(3);
  switch (kind) {
    case 1:
      encoding.writeVarUint(encoder, length);
      return length;
    case 2:
      encoding.writeVarUint(encoder, length);
      for (let i = 0; i < length; i += 1)
        encoding.writeVarString(encoder, edits.pick(['1', '{"a":[]}', 'undefined']));
      return length;
    case 3:
      encoding.writeVarUint8Array(encoder, new Uint8Array(length));
      return 1;
    case 4: {
      const text = short ? edits.pick(['a', 'é']) : edits.pick(['a', 'abc', '😀', '😀😀', 'é字']);
      encoding.writeVarString(encoder, text);
      return text.length;
    }
    case 5:
      encoding.writeVarString(encoder, edits.pick(['null', '{"__proto__":[1]}', '3']));
      return 1;
    case 6:
      encoding.writeVarString(encoder, edits.pick(['bold', 'link', '__proto__']));
      encoding.writeVarString(encoder, edits.pick(['true', 'null', '{"a":1}', '"x"']));
      return 1;
    case 7: {
      const type = edits.below(7);
      encoding.writeVarUint(encoder, type);
      if (type === 3 || type === 5) encoding.writeVarString(encoder, 'p');
      return 1;
    }
    default:
      encoding.writeVarUint(encoder, length);
      for (let i = 0; i < length; i += 1)
        encoding.writeAny(
          encoder,
          edits.pick([1, 'x', null, undefined, { a: [{ b: 1 }] }, new Uint8Array(2)]),
        );
      return length;
  }
}

function writeDeletes(
  encoder: encoding.Encoder,
  edits: RandomEdits,
  ground: Ground,
  ends: ReadonlyMap<number, number>,
): void {
  const clients = Array.from({ length: edits.below(3) }, () => edits.pick(ground.clients)).filter(
    (client) => (ends.get(client) ?? ground.clock(client)) > 0,
  );
  encoding.writeVarUint(encoder, clients.length);
  for (const client of clients) {
    const end = ends.get(client) ?? ground.clock(client);
    const ranges = 1 + edits.below(2);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, ranges);
    let start = edits.below(end);
    for (let i = ranges; i > 0; i -= 1) {
      // Little room is left for a second range sometimes: then it lies beyond the end.
      const length = 1 + edits.below(Math.max(1, Math.floor((end - start) / i)));
      encoding.writeVarUint(encoder, start);
      encoding.writeVarUint(encoder, length);
      start += length + edits.below(2);
    }
  }
}
