import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import type { FlowModel } from './flow-model.ts';
import { blockOf, unitFirst } from './moved.ts';
import type { Moved, Unit } from './moved.ts';
import { idOf, refOf } from './ref.ts';
import { beginOfEntry, shownOffset, storedEnd, storedOffset } from './region.ts';
import { beginOf, endOf } from './segment.ts';
import type { FlowBlock, FlowTable } from './segment.ts';
import { shownCells, storedInCell } from './shown.ts';
import type { ShownCell, StoredBlock } from './shown.ts';

/**
 * A place in a document that stays with its surroundings while others write: a Yjs relative position as JSON, which
 * any Yjs program can read. It holds on to the unit before it (`assoc` -1), so that what others write there comes behind, or to
 * the one behind it (`assoc` 0). In a cell of which nothing is stored that is the row's unit, before it, and `column` names the cell's
 * column.
 */
export interface Anchor {
  readonly type: null;
  readonly tname: string | null;
  readonly item: { readonly client: number; readonly clock: number } | null;
  readonly assoc: number;
  readonly column?: string;
  /** What that unit was first, where its block was moved (SPEC FLOW-21): there it is found when the block is moved again. */
  readonly first?: { readonly client: number; readonly clock: number };
  /** The block that ends with that unit: its element, and what that was first, which leads to it where it is written again. */
  readonly ends?: { readonly client: number; readonly clock: number; readonly block: string };
}

/** What a page shows of a model. */
export interface Shown {
  readonly model: FlowModel;
  /** The document's blocks, in the order of the page, and in that of the flow. */
  readonly blocks: readonly StoredBlock[];
  readonly inFlow: readonly StoredBlock[];
  /** The name of the flow's root type. */
  readonly field: string;
}

/** Which of its neighbours an anchor holds on to: what others write there comes behind the one, before the other. */
export type Side = 'before' | 'after';

/** The anchor of a position of the ProseMirror document. */
export function anchorAt(shown: Shown, position: number, side: Side = 'before'): Anchor {
  let blocks = shown.blocks;
  // Before the first block of a cell is in that block, and not before the table.
  let least = -1;
  for (;;) {
    const block =
      blocks[
        Math.max(
          least,
          lastBefore(blocks, ({ pos }) => pos < position),
        )
      ];
    if (!block) return anchorOf(shown, 0);
    const { entry, node, pos } = block;
    if (entry.type === 'block') {
      // Behind an image, or what else is no text: held by it.
      if (!node.isTextblock) return anchorOf(shown, endOf(entry), { side });
      const offset = Math.max(0, Math.min(position - pos - 1, node.content.size));
      const stored = side === 'before' ? storedEnd(entry, offset) : storedOffset(entry, offset);
      const { segment, element, textAt, textEnd, moved } = entry.at;
      const found = anchorOf(shown, segment.start + textAt + stored, { side, moved });
      if (side === 'before' || !element?._item || textAt + stored < textEnd) return found;
      return { ...found, ends: { ...element._item.id, block: blockOf(element).block } };
    }
    const cells = shownCells(entry, node, pos);
    const cell =
      cells[
        Math.max(
          least,
          lastBefore(cells, (one) => one.pos < position),
        )
      ];
    if (!cell) return anchorOf(shown, beginOf(entry.part));
    blocks = storedInCell(cell);
    least = 0;
    if (blocks.length > 0) continue;
    const row = entry.rows[cell.layout.row];
    return { ...anchorOf(shown, row ? endOf(row) : beginOf(entry.part)), column: columnOf(cell) };
  }
}

/** The anchor of the block at a position, or of the first one behind it: it leads there wherever the block is moved. */
export function blockAnchorAt(shown: Shown, position: number): Anchor {
  let blocks = shown.blocks;
  for (;;) {
    const block = atOrBehind(blocks, position);
    if (!block) return anchorOf(shown, 0);
    const { entry, node, pos } = block;
    if (entry.type === 'block') {
      const { element } = entry.at;
      if (!element) return anchorOf(shown, entry.at.segment.start + entry.at.textAt);
      return { type: null, tname: null, item: idOf(blockOf(element).block), assoc: -1 };
    }
    const cell = atOrBehind(shownCells(entry, node, pos), position);
    blocks = cell ? storedInCell(cell) : [];
    if (blocks.length === 0) return anchorOf(shown, endOf(entry.part));
  }
}

function atOrBehind<T extends { readonly pos: number; readonly node: Node }>(
  items: readonly T[],
  position: number,
): T | undefined {
  return items.find(({ pos, node }) => pos + node.nodeSize > position) ?? items[items.length - 1];
}

function anchorOf(
  { model, field }: Shown,
  place: number,
  { side = 'before', moved = null }: { readonly side?: Side; readonly moved?: Moved | null } = {},
): Anchor {
  const assoc = side === 'before' ? -1 : 0;
  const unit = model.unitBefore(side === 'before' ? place : place + 1);
  if (unit === null) return { type: null, tname: field, item: null, assoc };
  const { client } = unit.item.id;
  const item = { client, clock: unit.item.id.clock + unit.offset };
  const first = moved && unitFirst(moved, item);
  return { type: null, tname: null, item, assoc, ...(first && { first }) };
}

/** Where an anchor is now in the ProseMirror document; null if it is none of this document, whatever it claims. */
export function resolveAnchor({ model, inFlow: blocks, field }: Shown, anchor: unknown): number | null {
  const place = placeOf(model, field, anchor);
  if (place === null) return null;
  const block =
    blocks[
      Math.max(
        0,
        lastBefore(blocks, ({ entry }) => beginOfEntry(entry) < place),
      )
    ];
  if (!block) return 0;
  const { entry } = block;
  if (entry.type === 'table') return positionInTable(entry, block, place, part(anchor, 'column'));
  return positionIn(entry, block, place);
}

/** Looks through one table: what stands in it need not be in the flow's order. */
function positionInTable(
  table: FlowTable,
  { node, pos }: StoredBlock,
  place: number,
  column: unknown,
): number {
  let best: StoredBlock | null = null;
  for (const cell of shownCells(table, node, pos)) {
    const blocks = storedInCell(cell);
    const row = table.rows[cell.layout.row];
    if (blocks.length === 0 && row && endOf(row) === place && columnOf(cell) === column) return cell.pos + 2;
    // Of what is stored and not shown, what stands before it.
    for (const block of blocks) {
      const begins = beginOfEntry(block.entry);
      if (begins < place && (best === null || begins > beginOfEntry(best.entry))) best = block;
    }
  }
  if (best === null) return pos + 3;
  if (best.entry.type === 'table') return positionInTable(best.entry, best, place, column);
  return positionIn(best.entry, best, place);
}

function positionIn(block: FlowBlock, { node, pos }: StoredBlock, place: number): number {
  if (!node.isTextblock) return pos + node.nodeSize;
  const offset = shownOffset(block, place - block.at.segment.start - block.at.textAt);
  return pos + 1 + Math.max(0, Math.min(offset, node.content.size));
}

function columnOf({ table, layout }: ShownCell): string {
  return table.columns[layout.column]?.id ?? '';
}

/** The index of the last of `items`, which are in order, for which `before` holds; -1 if there is none. */
function lastBefore<T>(items: readonly T[], before: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && before(item)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function placeOf(model: FlowModel, field: string, anchor: unknown): number | null {
  const item = part(anchor, 'item');
  const behind = Number(part(anchor, 'assoc')) < 0 ? 1 : 0;
  if (item === null || item === undefined)
    return part(anchor, 'tname') === field ? (behind === 1 ? 0 : model.flow.length) : null;
  const [client, clock] = [part(item, 'client'), part(item, 'clock')];
  if (!isClock(client) || !isClock(clock)) return null;
  const found = findItem(model.flow, Y.createID(client, clock));
  if (found === null) return null;
  const again = found.item.deleted ? model.writtenAgain(refOf({ client, clock })) : null;
  if (again) return model.indexOf(again) + behind;
  const copy = found.item.deleted ? model.copyOf(unitOf(part(anchor, 'first')) ?? { client, clock }) : null;
  if (copy) return model.indexOf(copy.item) + copy.offset + behind;
  const ends = part(anchor, 'ends');
  const element = found.item.deleted ? unitOf(ends) : null;
  // Where the next block was joined to it, the element is still there.
  const end =
    element && findItem(model.flow, element)?.item.deleted && model.endWrittenAgain(part(ends, 'block'));
  if (typeof end === 'number') return end;
  const start = model.indexOf(found.item);
  return found.item.deleted || !found.item.countable ? start : start + found.offset + behind;
}

/** The item that holds an id, or what undo made of it. */
function findItem(flow: Y.Text, id: Y.ID): { item: Y.Item; offset: number } | null {
  const store = flow.doc?.store;
  if (!store) return null;
  let wanted = id;
  for (;;) {
    const { client, clock } = wanted;
    if (clock >= Y.getState(store, client)) return null;
    const struct: unknown = Y.getItem(store, wanted);
    if (!(struct instanceof Y.Item) || struct.parent !== flow || struct.parentSub !== null) return null;
    const offset = clock - struct.id.clock;
    if (struct.redone === null) return { item: struct, offset };
    wanted = Y.createID(struct.redone.client, struct.redone.clock + offset);
  }
}

/** What an anchor tells of a unit; null if that is nothing. */
function unitOf(told: unknown): Unit | null {
  const [client, clock] = [part(told, 'client'), part(told, 'clock')];
  return isClock(client) && isClock(clock) ? { client, clock } : null;
}

function isClock(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
