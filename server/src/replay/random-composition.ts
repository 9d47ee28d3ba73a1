import * as Y from 'yjs';
import { TEXT } from './composition.ts';
import type { Composition, Keystroke } from './composition.ts';

/** Numbers from 0 to under 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a random session is made. */
export interface RandomCompositionOptions {
  readonly people: number;
  readonly keystrokes: number;
  readonly random: () => number;
}

/** One person of a random session. */
interface Writer {
  readonly doc: Y.Doc;
  readonly holds: number[];
}

/** Random typing and deleting by several people, each of whom now and then takes in what the others did. */
export function randomComposition({ people, keystrokes, random }: RandomCompositionOptions): Composition {
  const below = (bound: number): number => Math.floor(random() * bound);
  const clients = Array.from({ length: people }, (_, person) => 1 + person * 1_000_000 + below(1_000_000));
  const writers: Writer[] = clients.map((client) => {
    const doc = new Y.Doc();
    doc.clientID = client;
    return { doc, holds: clients.map(() => 0) };
  });
  const made: Keystroke[] = [];
  const byPerson: number[][] = clients.map(() => []);
  const take = ({ doc, holds }: Writer): void => {
    const missing = byPerson.flatMap((own, person) => own.slice(holds[person] ?? 0)).sort((a, b) => a - b);
    for (const index of missing) {
      const update = made[index]?.update;
      if (update != null) Y.applyUpdate(doc, update);
    }
    for (const [person, own] of byPerson.entries()) holds[person] = own.length;
  };
  while (made.length < keystrokes) {
    const person = below(people);
    const writer = writers[person];
    const own = byPerson[person];
    if (writer === undefined || own === undefined) continue;
    if (random() < 0.2) take(writer);
    const needs = [...writer.holds];
    const { update, deletes } = type(writer.doc, below);
    const clock = Y.getState(writer.doc.store, writer.doc.clientID);
    own.push(made.length);
    writer.holds[person] = own.length;
    made.push({ person, update, clock, deletes, needs });
  }
  const [first] = writers;
  if (first !== undefined) take(first);
  return { clients, keystrokes: made, byPerson, text: first?.doc.getText(TEXT).toString() ?? '' };
}

function type(
  doc: Y.Doc,
  below: (bound: number) => number,
): { update: Uint8Array | null; deletes: Y.ID | null } {
  const text = doc.getText(TEXT);
  let update: Uint8Array | null = null;
  let deletes: Y.ID | null = null;
  doc.once('update', (bytes: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
    update = bytes;
    const [first] = transaction.deleteSet.clients;
    const range = first?.[1][0];
    if (first !== undefined && range !== undefined) deletes = Y.createID(first[0], range.clock);
  });
  const at = below(text.length + 1);
  const length = Math.min(1 + below(4), text.length - at);
  if (length > 0 && below(3) === 0) text.delete(at, length);
  else text.insert(at, 'abcdefghij'.slice(below(10)));
  return { update, deletes };
}
