import { blocksOf } from '@sheaf/schema';
import type { Block, Frame, PlacedBlock } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { NodeSelection, Selection } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import { changedTexts } from '../binding/changed-texts.ts';
import { isTitle } from '../title.ts';

/** A row of blocks of a document that belong together: `end` is the index behind the last. */
export interface Unit {
  readonly first: number;
  readonly end: number;
}

/** Where a unit can go: before the block with this index, in so many quotes and items. */
export interface Gap {
  readonly index: number;
  readonly indent: number;
}

/** The index of the block that holds `position`, or of the last one before it. */
export function rowAt(rows: readonly PlacedBlock[], position: number): number {
  const after = rows.findIndex(({ pos }) => pos > position);
  return Math.max(0, (after < 0 ? rows.length : after) - 1);
}

/** The selection of a block: its text's beginning, or the block itself where it has none. */
export function selectionAt(doc: Node, { node, pos }: PlacedBlock): Selection {
  return node.isLeaf && NodeSelection.isSelectable(node)
    ? NodeSelection.create(doc, pos)
    : Selection.near(doc.resolve(pos + 1));
}

/** A block with what stands in the quotes and items that begin with it. */
export function unitAt(rows: readonly Block[], first: number): Unit {
  return { first, end: endOf(rows, first + 1, indentAt(rows, first)) };
}

/** The blocks that a selection touches, with what stands in them. The first may stand in one that it does not touch. */
export function touched(rows: readonly PlacedBlock[], { from, to }: Pick<Selection, 'from' | 'to'>): Unit {
  const first = rowAt(rows, from);
  // Behind an image that is selected the next block begins.
  const last = rowAt(rows, Math.max(from, to - 1));
  return { first, end: endOf(rows, last + 1, levelOf(rows, { first, end: last + 1 })) };
}

/** The blocks that a selection touches, whole: with what stands in them, and from the least deep one on. */
export function unitOf(doc: Node, selection: Pick<Selection, 'from' | 'to'>): Unit {
  const rows = blocksOf(doc);
  const unit = touched(rows, selection);
  const level = levelOf(rows, unit);
  let { first } = unit;
  while (first > 0 && indentAt(rows, first) > level) first -= 1;
  return { first, end: unit.end };
}

/** Where a unit stands behind a change; null where its blocks are not there any more, or others stand between them. */
export function unitAfter(transaction: Transaction, unit: Unit): Unit | null {
  if (changedTexts(transaction)) return unit;
  const { before, doc, mapping } = transaction;
  const [was, rows] = [blocksOf(before), blocksOf(doc)];
  const indexOf = (index: number) => {
    const { pos, deletedAfter } = mapping.mapResult(was[index]?.pos ?? 0, 1);
    return deletedAfter ? -1 : rows.findIndex((row) => row.pos === pos);
  };
  const [first, last] = [indexOf(unit.first), indexOf(unit.end - 1)];
  return first >= 0 && last - first === unit.end - 1 - unit.first ? { first, end: last + 1 } : null;
}

/** How deep the least deep of these blocks stands. */
function levelOf(rows: readonly Block[], { first, end }: Unit): number {
  return Math.min(...rows.slice(first, end).map(({ frame }) => frame.indent));
}

/** Where the blocks end that stand deeper than `level`, from `from` on. */
function endOf(rows: readonly Block[], from: number, level: number): number {
  let end = from;
  while (end < rows.length && indentAt(rows, end) > level) end += 1;
  return end;
}

function indentAt(rows: readonly Block[], index: number): number {
  return rows[index]?.frame.indent ?? 0;
}

/** How many quotes and items are open behind the block before `index`: the deepest that something can stand there. */
export function deepest(rows: readonly Block[], index: number): number {
  const frame = rows[index - 1]?.frame;
  return frame ? frame.indent + opened(frame) + (frame.list === null ? 0 : 1) : 0;
}

/** Whether a document's first block is its title, which stays where it is. */
export function hasTitle(doc: Node): boolean {
  return isTitle(doc.firstChild);
}

/** `rows` with a unit elsewhere; the place is told as it is in `rows`. The unit's inner structure stays. */
export function moved(rows: readonly PlacedBlock[], unit: Unit, gap: Gap): Block[] {
  const carried = rows.slice(unit.first, unit.end);
  const by = gap.indent - indentAt(rows, unit.first);
  const placed = carried.map(({ frame, node }) => ({ frame: { ...frame, indent: frame.indent + by }, node }));
  const before =
    gap.index <= unit.first
      ? rows.slice(0, gap.index)
      : [...rows.slice(0, unit.first), ...rows.slice(unit.end, gap.index)];
  const after =
    gap.index <= unit.first
      ? [...rows.slice(gap.index, unit.first), ...rows.slice(unit.end)]
      : rows.slice(gap.index);
  return keepCounts(rows, [...before, ...placed, ...after], unit);
}

/** `rows` without a unit. */
export function without(rows: readonly PlacedBlock[], unit: Unit): Block[] {
  return keepCounts(rows, [...rows.slice(0, unit.first), ...rows.slice(unit.end)], unit);
}

/** The number at which a list starts stays with the list, also when another item is its first. */
function keepCounts(before: readonly Block[], after: readonly Block[], unit: Unit): Block[] {
  const first = before[unit.first];
  const next = before[unit.end];
  const result: Block[] = [...after];
  if (first && next && counts(first.frame) && isSibling(first.frame, next.frame)) {
    const { start, numbering } = first.frame;
    pass(result, next, { start, numbering });
    pass(result, first, { start: 1, numbering: null });
  }
  result.forEach((block, index) => {
    const item = result[index + 1];
    if (item && counts(item.frame) && isSibling(block.frame, item.frame) && !counts(block.frame))
      result[index] = {
        ...block,
        frame: { ...block.frame, start: item.frame.start, numbering: item.frame.numbering },
      };
  });
  return result;
}

function pass(blocks: Block[], to: Block, counted: Pick<Frame, 'start' | 'numbering'>): void {
  const at = blocks.findIndex(({ node }) => node === to.node);
  const block = blocks[at];
  if (block) blocks[at] = { ...block, frame: { ...block.frame, ...counted } };
}

function counts({ list, start, numbering }: Frame): boolean {
  return list === 'ordered' && (start !== 1 || numbering !== null);
}

/** Whether both are items of one ordered list, as far as their frames can tell. */
function isSibling(first: Frame, next: Frame): boolean {
  return (
    first.list === 'ordered' &&
    next.list === 'ordered' &&
    next.indent === first.indent + opened(first) &&
    !next.apart
  );
}

/** How many quotes and callouts begin with a block. */
function opened({ opens }: Frame): number {
  return opens === '' ? 0 : opens.split(' ').length;
}
