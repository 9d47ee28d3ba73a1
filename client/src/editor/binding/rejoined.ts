import { BLOCK_END } from '@sheaf/schema';
import * as Y from 'yjs';
import { kept } from './alignment.ts';
import type { Change } from './alignment.ts';
import { shownUnits } from './block-units.ts';
import { toldAgain, writeBroughtBack } from './brought-back.ts';
import type { FlowModel } from './flow-model.ts';
import { itemsOf } from './moved.ts';
import type { Stretch, Unit } from './moved.ts';
import type { Row } from './pieces.ts';
import type { Told } from './rank.ts';
import { beginOfEntry, endOfEntry } from './region.ts';
import type { FlowEntry } from './segment.ts';
import type { StoredBlock } from './shown.ts';
import { BEGIN, END } from './units.ts';
import type { KeptElement, Writing } from './writing.ts';

/** Blocks as they are stored, and their units. */
export interface StoredRow extends Row {
  readonly blocks: readonly StoredBlock[];
}

/**
 * Blocks that are joined and between which something else stands in the flow, as a note or the end of another cell: what stays of
 * the last one is written anew in the first one, for where it is it would belong to what stands before it there. Gives
 * `changes` itself where there is nothing of that kind.
 */
export function rejoined(changes: readonly Change[], row: StoredRow, model: FlowModel): readonly Change[] {
  const found: { change: Change; anew: boolean }[] = [];
  for (const one of changes) {
    const last = found.at(-1);
    const within = last !== undefined && one.from < last.change.to;
    if (within) found.pop();
    const change = within ? merged(last.change, one) : one;
    const reach = reachOf(change, row, model);
    const anew = within || reach > change.to;
    found.push({ change: { ...change, to: reach, end: change.end + reach - change.to }, anew });
  }
  return found.some(({ anew }) => anew)
    ? found.flatMap(({ change, anew }) => (anew ? keepingEnd(change, row) : [change]))
    : changes;
}

/** Two changes, of which the second begins in what the first writes anew. */
function merged(first: Change, { from, to, start, end }: Change): Change {
  if (to > first.to) return { ...first, to, end };
  return { ...first, end: first.end + end - start - (to - from) };
}

/** Where the block ends whose text has to be written anew since its beginning goes; where `change` ends if there is none. */
function reachOf({ from, to }: Change, { units, blocks }: StoredRow, model: FlowModel): number {
  const { codes, owners } = units;
  const [first, last] = [owners[from] ?? 0, owners[to - 1] ?? 0];
  let begin = to - 1;
  while (begin > from && owners[begin - 1] === last) begin -= 1;
  if (begin < from || codes[begin] !== BEGIN || codes[to - 1] === END) return to;
  const apart = blocks.slice(first + 1, last + 1).some(({ entry }, index) => {
    const previous = blocks[first + index];
    return previous !== undefined && isApart(previous.entry, entry, model);
  });
  return apart ? owners.lastIndexOf(last) + 1 : to;
}

function isApart(entry: FlowEntry, next: FlowEntry, model: FlowModel): boolean {
  const [end, begin] = [endOfEntry(entry), beginOfEntry(next)];
  return begin < end || model.standsBetween(end, begin);
}

/** The same without the end of the block in which it begins: what others type there meanwhile stays in that. */
function keepingEnd(change: Change, { units: { codes, owners } }: StoredRow): Change[] {
  const { from, to, start, end } = change;
  const first = owners[from] ?? 0;
  const stays = owners.lastIndexOf(first);
  if (owners[from - 1] !== first || codes[stays] !== END) return [change];
  return [
    { from, to: stays, start, end: end - 1 },
    { from: stays + 1, to, start: end, end },
  ];
}

interface Rejoined {
  readonly old: StoredRow;
  readonly now: Row;
  /** What changed on the page, and what is written for it. */
  readonly aligned: readonly Change[];
  readonly changes: readonly Change[];
  /** The elements of the new blocks. */
  readonly elements: ReadonlyMap<number, KeptElement>;
}

/** Tells of the text that {@link rejoined} writes anew what it was first, as undo does (SPEC FLOW-22). */
export function tellRejoined(writing: Writing, rejoin: Rejoined): void {
  const { flow, told } = writing.model;
  const { doc } = flow;
  if (rejoin.changes === rejoin.aligned || !doc) return;
  const former = formerUnits(flow, rejoin);
  const since = Y.getState(doc.store, doc.clientID);
  writing.later(() => {
    const again: Told[] = [];
    for (const [block, was] of former) {
      const element = rejoin.elements.get(block)?.element;
      const made = element ? unitsSince(element, doc.clientID, since) : [];
      // What is opaque and no text can hold a second time was not written: then nothing is told apart.
      if (made.length !== was.length) continue;
      for (const { from, first } of pairs(made, was)) again.push(...toldAgain(from, first, told));
    }
    writeBroughtBack(flow, again);
  });
}

/** What was kept on the page and is written anew, by the new block in which it stands: a unit for each that is new in there, or null. */
function formerUnits(
  flow: Y.Text,
  { old, now, aligned, changes }: Rejoined,
): Map<number, readonly (Unit | null)[]> {
  const stays = new Set<number>();
  kept(changes, old.units.codes.length, (_, unit) => stays.add(unit));
  const before = new Map<number, number>();
  kept(aligned, old.units.codes.length, (was, unit) => before.set(unit, was));
  const stored = new Map<number, readonly Unit[]>();
  const unitAt = (unit: number): Unit | null => {
    const owner = old.units.owners[unit] ?? 0;
    const block = old.blocks[owner];
    if (block?.entry.type !== 'block') return null;
    const units = stored.get(owner) ?? shownUnits(flow, block.entry).flatMap(spread);
    stored.set(owner, units);
    // A thing may be stored as several units.
    const even = units.length === block.node.content.size;
    return even ? (units[(old.units.positions[unit] ?? 0) - block.pos - 1] ?? null) : null;
  };
  const found = new Map<number, (Unit | null)[]>();
  now.units.codes.forEach((code, unit) => {
    const owner = now.units.owners[unit] ?? 0;
    if (stays.has(unit) || code === BEGIN || code === END) return;
    const was = before.get(unit);
    const of = found.get(owner) ?? [];
    of.push(was === undefined ? null : unitAt(was));
    found.set(owner, of);
  });
  return found;
}

/** The units of a block's text that `client` wrote since. */
function unitsSince(element: Y.XmlElement, client: number, since: number): Unit[] {
  return [...itemsOf(element, BLOCK_END)].flatMap(({ item: { id }, length }) =>
    id.client === client && id.clock >= since ? spread({ client, clock: id.clock, length }) : [],
  );
}

function spread({ client, clock, length }: Stretch): Unit[] {
  return Array.from({ length }, (_, offset) => ({ client, clock: clock + offset }));
}

/** What was made for what, in stretches. */
function pairs(made: readonly Unit[], was: readonly (Unit | null)[]): { from: Unit; first: Stretch }[] {
  const found: { from: Unit; first: Stretch }[] = [];
  made.forEach((from, index) => {
    const first = was[index];
    const last = found.at(-1);
    if (!first) return;
    if (last && follows(last.from, from, last.first.length) && follows(last.first, first, last.first.length))
      last.first = { ...last.first, length: last.first.length + 1 };
    else found.push({ from, first: { ...first, length: 1 } });
  });
  return found;
}

function follows(a: Unit, b: Unit, distance: number): boolean {
  return a.client === b.client && a.clock + distance === b.clock;
}
