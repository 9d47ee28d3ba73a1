import * as Y from 'yjs';
import type { FirstUnits } from './first-units.ts';
import { isCount } from './moved.ts';
import type { Stretch } from './moved.ts';
import { againAbove, NEVER_REPEATED } from './rank.ts';
import type { Told } from './rank.ts';

/** Names of the flow's own attributes that tell what undo brought back (SPEC FLOW-22). */
const AGAIN = /^again:(\d{1,16}):(\d{1,16})$/;

/** Whether a change of the flow's own attributes changed what undo brought back. */
export function tellsOf({ changed }: Y.Transaction, flow: Y.Text): boolean {
  for (const [type, names] of changed)
    if (Object.is(type, flow)) for (const name of names) if (name !== null && AGAIN.test(name)) return true;
  return false;
}

/** What undo brought back and no element tells of; what is not of the grammar is passed over. */
export function readBroughtBack(flow: Y.Text): Told[] {
  const found: Told[] = [];
  for (const [name, value] of Object.entries<unknown>(flow.getAttributes())) {
    const [, client, clock] = (AGAIN.exec(name) ?? []).map(Number);
    if (client === undefined || clock === undefined || !Array.isArray(value) || !value.every(isCount))
      continue;
    const [ofClient, ofClock, length, again = 0, times = 0, ownerClient = 0, ownerClock = 0] = value;
    if (ofClient === undefined || ofClock === undefined || length === undefined) continue;
    found.push({
      from: { client, clock, length },
      first: { client: ofClient, clock: ofClock, length },
      rank: {
        times,
        owner: { client: ownerClient, clock: ownerClock },
        again,
        length,
        id: { client, clock },
      },
      by: null,
    });
  }
  // In an order that does not depend on when they came.
  return found.toSorted((a, b) => a.from.client - b.from.client || a.from.clock - b.from.clock);
}

/** What units were first that are written again in one piece, in the place of as many others. */
export function toldAgain({ client, clock }: Y.ID, was: Stretch, told: FirstUnits<Told>): Told[] {
  const firsts = told.of(was);
  const ranks = firsts.map((first) => first.told?.rank ?? NEVER_REPEATED);
  const again = againAbove(ranks, was.length);
  let offset = 0;
  return firsts.map(({ told: before, ...first }) => {
    const from = { client, clock: clock + offset, length: first.length };
    offset += first.length;
    const { times, owner } = before?.rank ?? NEVER_REPEATED;
    return { from, first, rank: { times, owner, again, length: first.length, id: from }, by: null };
  });
}

/** Tells what undo brought back; what was told of text that is gone is told no more. To be called in a Yjs transaction. */
export function writeBroughtBack(flow: Y.Text, told: readonly Told[]): void {
  for (const { from } of readBroughtBack(flow))
    if (!isThere(flow, from)) flow.removeAttribute(`again:${from.client}:${from.clock}`);
  for (const { from, first, rank } of told) {
    const { times, owner, again } = rank;
    const plain = times === 0 && owner.client === 0 && owner.clock === 0;
    flow.setAttribute(`again:${from.client}:${from.clock}`, [
      first.client,
      first.clock,
      from.length,
      again,
      ...(plain ? [] : [times, owner.client, owner.clock]),
    ]);
  }
}

/** Tells on what elements told that are gone, of the text that is not: it stands in another block. To be called in a Yjs transaction. */
export function tellOn(flow: Y.Text, told: readonly Told[]): void {
  const living = told.flatMap((one) =>
    [...livingItems(flow, one.from)].map(({ item: { id }, from, to }): Told => {
      const stretch = { client: id.client, clock: id.clock + from, length: to - from };
      const first = {
        ...one.first,
        clock: one.first.clock + stretch.clock - one.from.clock,
        length: stretch.length,
      };
      return { ...one, from: stretch, first };
    }),
  );
  if (living.length > 0) writeBroughtBack(flow, living);
}

/** Whether any of these units is in the document and not deleted. */
export function isThere(flow: Y.Text, { client, clock, length }: Stretch): boolean {
  return [...livingItems(flow, { client, clock, length })].length > 0;
}

/** Whether all of these units have come, living or not. */
export function hasCome({ doc }: Y.Text, { client, clock, length }: Stretch): boolean {
  return doc !== null && Y.getState(doc.store, client) >= clock + length;
}

/** The items that hold what lives of these units, and where in them: from and to. */
export function* livingItems(
  flow: Y.Text,
  { client, clock, length }: Stretch,
): Generator<{ readonly item: Y.Item; readonly from: number; readonly to: number }> {
  const store = flow.doc?.store;
  if (!store) return;
  const end = Math.min(clock + length, Y.getState(store, client));
  let at = clock;
  while (at < end) {
    const struct: unknown = Y.getItem(store, Y.createID(client, at));
    if (!(struct instanceof Y.AbstractStruct)) return;
    const from = at - struct.id.clock;
    const to = Math.min(struct.length, end - struct.id.clock);
    if (struct instanceof Y.Item && !struct.deleted && struct.countable && struct.parent === flow)
      yield { item: struct, from, to };
    at = struct.id.clock + to;
  }
}
