import type { PlacedBlock } from '@sheaf/schema';
import type { StepMap } from '@tiptap/pm/transform';
import { beginOf, endOf } from './segment.ts';
import type { FlowBlock, FlowEntry } from './segment.ts';
import type { StoredBlock } from './shown.ts';

/** What the page changed in a document, or in a cell of a table. */
export interface RegionChange {
  readonly before: readonly StoredBlock[];
  readonly after: readonly PlacedBlock[];
  /** The steps between; none where they do not lead from one to the other. */
  readonly maps: readonly StepMap[];
  /** The flow's index for what is new where nothing is stored. */
  readonly at: number;
  /** Whether footnotes can stand here: in a document, and not in a cell. */
  readonly notes: boolean;
}

/** The flow's index behind a block or table. */
export function endOfEntry(entry: FlowEntry): number {
  return endOf(entry.type === 'table' ? entry.last : entry);
}

/** The flow's index at which a block or table begins. */
export function beginOfEntry(entry: FlowEntry): number {
  return beginOf(entry.type === 'table' ? entry.part : entry);
}

/** How many blocks are the same nodes from the first on, and from the last back. */
export function unchanged({ before, after }: Pick<RegionChange, 'before' | 'after'>): [number, number] {
  const most = Math.min(before.length, after.length);
  let first = 0;
  while (first < most && before[first]?.node === after[first]?.node) first += 1;
  let last = 0;
  while (
    last < most - first &&
    before[before.length - 1 - last]?.node === after[after.length - 1 - last]?.node
  )
    last += 1;
  return [first, last];
}

/** Where the unit that is shown at `offset` in a block begins in its stored text. */
export function storedOffset({ at: { uneven } }: FlowBlock, offset: number): number {
  let stored = offset;
  for (const { shown, shows, length } of uneven)
    if (shown < offset || (shown === offset && shows === 0)) stored += length - shows;
  return stored;
}

/** Where the unit ends in a block's stored text behind which `offset` is shown. */
export function storedEnd(block: FlowBlock, offset: number): number {
  let stored = offset;
  for (const { shown, shows, length } of block.at.uneven) if (shown < offset) stored += length - shows;
  return stored;
}

/** Where something is shown in a block that is stored at an offset in its text. */
export function shownOffset({ at: { uneven } }: FlowBlock, stored: number): number {
  let offset = stored;
  for (const { shown, shows, length } of uneven)
    if (offset > shown) offset -= Math.min(length - shows, offset - shown - shows);
  return offset;
}

/** These blocks in the order of the flow; the same list where that is theirs. */
export function inFlow(blocks: readonly StoredBlock[]): readonly StoredBlock[] {
  const begins = blocks.map(({ entry }) => beginOfEntry(entry));
  const rises = begins.every((begin, index) => index === 0 || (begins[index - 1] ?? 0) <= begin);
  return rises ? blocks : blocks.toSorted((a, b) => beginOfEntry(a.entry) - beginOfEntry(b.entry));
}
