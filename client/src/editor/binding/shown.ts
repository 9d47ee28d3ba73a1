import { blocksOf } from '@sheaf/schema';
import type { CellLayout, PlacedBlock } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { FlowEntry, FlowPlace, FlowTable } from './segment.ts';

/** A block or table that is stored, and where the page shows it; where only texts change, it is kept current. */
export interface StoredBlock extends PlacedBlock {
  node: Node;
  pos: number;
  entry: FlowEntry;
}

/** A cell of a table on the page. */
export interface ShownCell {
  readonly table: FlowTable;
  readonly layout: CellLayout<FlowPlace>;
  readonly node: Node;
  readonly pos: number;
}

/** What stands in a document or a cell, block by block; an empty cell shows a paragraph that is not stored. */
export function storedBlocks(entries: readonly FlowEntry[], parent: Node, start: number): StoredBlock[] {
  if (entries.length === 0) return [];
  const placed = blocksOf(parent, start);
  if (placed.length !== entries.length) throw new Error('The page shows other blocks than the document has.');
  return placed.flatMap((block, index) => {
    const entry = entries[index];
    return entry ? [{ ...block, entry }] : [];
  });
}

/** Gives a block the text that `node` has, and those behind it their new places. */
export function retext(blocks: readonly StoredBlock[], index: number, node: Node): void {
  const changed = blocks[index];
  if (!changed) return;
  const more = node.nodeSize - changed.node.nodeSize;
  changed.node = node;
  if (more === 0) return;
  for (let behind = index + 1; behind < blocks.length; behind += 1) {
    const block = blocks[behind];
    if (block) block.pos += more;
  }
}

/** The cells of `table`, which the page shows as `node` at `pos`. */
export function shownCells(table: FlowTable, node: Node, pos: number): ShownCell[] {
  const cells: ShownCell[] = [];
  node.forEach((row, rowOffset) =>
    row.forEach((cell, offset) => {
      const layout = table.cells[cells.length];
      if (layout) cells.push({ table, layout, node: cell, pos: pos + 1 + rowOffset + 1 + offset });
    }),
  );
  if (cells.length !== table.cells.length)
    throw new Error('The page shows another table than the document has.');
  return cells;
}

/** What a cell holds. */
export function storedInCell({ layout, node, pos }: ShownCell): StoredBlock[] {
  return storedBlocks(
    layout.pieces.flatMap(({ entries }) => entries),
    node,
    pos + 1,
  );
}
