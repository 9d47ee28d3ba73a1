import * as Y from 'yjs';
import { refOf } from './ref.ts';

/** The attribute of a block's element that says which block it is, where that was written again (SPEC FLOW-21). */
export const MOVED = 'moved';
/** Stretches of one block that were written again; what has more is not told apart. */
const MOST_STRETCHES = 2_000;

/** A unit of the flow, by its Yjs id. */
export interface Unit {
  readonly client: number;
  readonly clock: number;
}

/** Units that follow each other, told by the Yjs id of the first. */
export interface Stretch {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** Units that were written again: `from` is what they are, `first` what they were when somebody wrote them first. */
export interface Copied {
  readonly from: Stretch;
  readonly first: Stretch;
}

/** What an element says of the block that it was written again for. */
export interface Moved {
  /** The id of the block's first element, `client:clock`. */
  readonly block: string;
  /** How many moves led here. */
  readonly times: number;
  readonly copied: readonly Copied[];
}

/** Reads the attribute; null if there is none or it is not of the grammar. */
export function readMoved(value: unknown): Moved | null {
  if (typeof value !== 'object' || value === null) return null;
  const [block, times, copies]: unknown[] = ['block', 'times', 'copies'].map((name) =>
    Reflect.get(value, name),
  );
  if (typeof block !== 'string' || !/^\d{1,16}:\d{1,16}$/.test(block) || !isCount(times)) return null;
  if (!Array.isArray(copies) || copies.length > 5 * MOST_STRETCHES || !copies.every(isCount)) return null;
  const copied: Copied[] = [];
  for (let at = 0; at + 4 < copies.length; at += 5) {
    const [client, clock, ofClient, ofClock, length] = copies.slice(at, at + 5);
    if (client === undefined || clock === undefined || ofClient === undefined) return null;
    if (ofClock === undefined || length === undefined) return null;
    copied.push({ from: { client, clock, length }, first: { client: ofClient, clock: ofClock, length } });
  }
  return { block, times, copied };
}

/** What a unit of a block was first; null if it was never written again. */
export function unitFirst({ copied }: Pick<Moved, 'copied'>, unit: Unit): Unit | null {
  const one = copied.find(({ from }) => holds(from, unit));
  return one ? { client: one.first.client, clock: one.first.clock + unit.clock - one.from.clock } : null;
}

/** What repeats in a block a unit that was `first` that one; null if nothing does. */
export function unitAgain({ copied }: Pick<Moved, 'copied'>, first: Unit): Unit | null {
  const one = copied.find((each) => holds(each.first, first));
  return one ? { client: one.from.client, clock: one.from.clock + first.clock - one.first.clock } : null;
}

function holds(stretch: Stretch, { client, clock }: Unit): boolean {
  return stretch.client === client && clock >= stretch.clock && clock < stretch.clock + stretch.length;
}

/** What {@link readMoved} reads; null if the block consists of too many stretches to be told apart. */
export function writeMoved({ block, times, copied }: Moved): object | null {
  if (copied.length > MOST_STRETCHES) return null;
  const copies = copied.flatMap(({ from, first }) => [
    from.client,
    from.clock,
    first.client,
    first.clock,
    from.length,
  ]);
  return { block, times, copies };
}

/** Whether it is a whole number from 0. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Which block an element is of, however often it was moved. */
export function blockOf(element: Y.XmlElement): { readonly block: string; readonly times: number } {
  const moved = readMoved(element.getAttributes()[MOVED]);
  return moved ?? { block: element._item ? refOf(element._item.id) : '', times: 0 };
}

/** The items of the units of a block's text, from its element to its end; the last may hold more than the block. */
export function* itemsOf(element: Y.XmlElement, end: string): Generator<{ item: Y.Item; length: number }> {
  for (let item = element._item?.right ?? null; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue;
    if (item.content instanceof Y.ContentType) return;
    const ends = item.content instanceof Y.ContentString ? item.content.str.indexOf(end) : -1;
    const length = ends < 0 ? item.length : ends;
    if (length > 0) yield { item, length };
    if (ends >= 0) return;
  }
}

/** The units of a block's text, in their order. */
export function unitsIn(element: Y.XmlElement, end: string): Stretch[] {
  const found: Stretch[] = [];
  for (const { item, length } of itemsOf(element, end)) {
    const { client, clock } = item.id;
    const last = found.at(-1);
    if (last?.client === client && last.clock + last.length === clock)
      found[found.length - 1] = { ...last, length: last.length + length };
    else found.push({ client, clock, length });
  }
  return found;
}

/** Pairs stretches of the same units in the same order; null if one side has more. */
export function pairUp(from: readonly Stretch[], first: readonly Stretch[]): Copied[] | null {
  const pairs: Copied[] = [];
  let [a, b, usedA, usedB] = [0, 0, 0, 0];
  for (;;) {
    const [one, other] = [from[a], first[b]];
    if (!one || !other) return one || other ? null : pairs;
    const length = Math.min(one.length - usedA, other.length - usedB);
    pairs.push({
      from: { client: one.client, clock: one.clock + usedA, length },
      first: { client: other.client, clock: other.clock + usedB, length },
    });
    usedA += length;
    usedB += length;
    if (usedA === one.length) [a, usedA] = [a + 1, 0];
    if (usedB === other.length) [b, usedB] = [b + 1, 0];
  }
}
