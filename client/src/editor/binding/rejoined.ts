import { BLOCK_END } from '@sheaf/schema';
import type { Change } from './alignment.ts';
import { shownUnits } from './block-units.ts';
import { toldAgain, writeBroughtBack } from './brought-back.ts';
import type { FlowModel } from './flow-model.ts';
import { pairUp, unitsIn } from './moved.ts';
import type { Stretch } from './moved.ts';
import type { Row } from './pieces.ts';
import { beginOfEntry, endOfEntry } from './region.ts';
import type { StoredBlock } from './shown.ts';
import { BEGIN, END } from './units.ts';
import type { KeptElement, Writing } from './writing.ts';

/** Blocks as they are stored, and their units. */
export interface StoredRow extends Row {
  readonly blocks: readonly StoredBlock[];
}

/** A change, the last units of which are the same on both sides and are written anew nonetheless: so many, up to the end of a block. */
export interface Rejoined extends Change {
  readonly anew: number;
}

/**
 * Blocks that are joined and between which something else stands in the flow, as a note or the end of another cell: what stays of
 * the last one is written anew in the first one, for where it is it would belong to what stands before it there.
 */
export function rejoined(changes: readonly Change[], row: StoredRow, model: FlowModel): Rejoined[] {
  const found: Rejoined[] = [];
  for (const one of changes) {
    const last = found.at(-1);
    let change = one;
    // It begins in what is written anew already.
    if (last && one.from < last.to) {
      found.pop();
      const beyond = one.to > last.to;
      const end = beyond ? one.end : last.end + one.end - one.start - (one.to - one.from);
      change = { ...last, to: Math.max(one.to, last.to), end };
    }
    const to = reachOf(change, row, model);
    found.push({ ...change, to, end: change.end + to - change.to, anew: to - one.to });
  }
  return found;
}

/** Where the block ends whose text has to be written anew since its beginning goes; where `change` ends if there is none. */
function reachOf({ from, to }: Change, { units, blocks }: StoredRow, model: FlowModel): number {
  const { codes, owners } = units;
  const [first, last] = [owners[from] ?? 0, owners[to - 1] ?? 0];
  const begin = owners.indexOf(last, from);
  if (begin < from || begin >= to || codes[begin] !== BEGIN || codes[to - 1] === END) return to;
  const apart = blocks.slice(first, last).some(({ entry }, index) => {
    const next = blocks[first + index + 1];
    const [end, behind] = [endOfEntry(entry), next ? beginOfEntry(next.entry) : 0];
    return behind < end || model.standsBetween(end, behind);
  });
  return apart ? owners.lastIndexOf(last) + 1 : to;
}

/** The same without the end of the block in which it begins: what others type there meanwhile stays in that. */
export function keepingEnd(change: Rejoined, { units: { codes, owners } }: StoredRow): Change[] {
  const { from, to, start, end, anew } = change;
  const first = owners[from] ?? 0;
  const stays = owners.lastIndexOf(first);
  if (anew === 0 || owners[from - 1] !== first || codes[stays] !== END) return [change];
  return [
    { from, to: stays, start, end: end - 1 },
    { from: stays + 1, to, start: end, end },
  ];
}

/** Tells of the text that is written anew what it was first, as undo does (SPEC FLOW-22). */
export function tellRejoined(
  writing: Writing,
  { to, end, anew }: Rejoined,
  { old, now, elements }: { old: StoredRow; now: Row; elements: ReadonlyMap<number, KeptElement> },
): void {
  const { flow, told } = writing.model;
  const block = old.blocks[old.units.owners[to - 1] ?? 0];
  const element = elements.get(now.units.owners[end - 1] ?? 0)?.element;
  if (anew < 2 || block?.entry.type !== 'block' || !element) return;
  const was = tail(shownUnits(flow, block.entry), anew - 1);
  writing.later(() => {
    const made = tail(unitsIn(element, BLOCK_END), anew - 1);
    const pairs = pairUp(made, was) ?? [];
    writeBroughtBack(
      flow,
      pairs.flatMap(({ from, first }) => toldAgain(from, first, told)),
    );
  });
}

/** The last so many of these units. */
function tail(units: readonly Stretch[], most: number): Stretch[] {
  let left = most;
  return units
    .toReversed()
    .flatMap((one) => {
      const length = Math.min(one.length, left);
      left -= length;
      return length > 0 ? [{ ...one, clock: one.clock + one.length - length, length }] : [];
    })
    .toReversed();
}
