import { blocksOf } from '@sheaf/schema';
import type { CellLayout, PlacedBlock } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { FlowEntry, FlowPlace, FlowTable } from './segment.ts';

/** A block or table that is stored, and where the page shows it. */
export interface StoredBlock extends PlacedBlock {
  readonly entry: FlowEntry;
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

/** A block of text or a thing on the page, at whatever depth; what is in no block is an empty cell's paragraph. */
export interface Shown {
  readonly node: Node;
  readonly pos: number;
  /** Null for a paragraph that is not stored. */
  readonly entry: FlowEntry | null;
  /** The cell that holds it. */
  readonly cell: ShownCell | null;
}

/** All that the page shows of `entries`, in the order of their positions: tables, and what stands in them. */
export function allShown(entries: readonly FlowEntry[], doc: Node): Shown[] {
  const found: Shown[] = [];
  const walk = (blocks: readonly StoredBlock[], cell: ShownCell | null) => {
    for (const { node, pos, entry } of blocks) {
      found.push({ node, pos, entry, cell });
      if (entry.type !== 'table') continue;
      for (const inner of shownCells(entry, node, pos)) {
        const stored = storedInCell(inner);
        if (stored.length > 0) walk(stored, inner);
        else if (inner.node.firstChild)
          found.push({ node: inner.node.firstChild, pos: inner.pos + 1, entry: null, cell: inner });
      }
    }
  };
  walk(storedBlocks(entries, doc, 0), null);
  if (entries.length === 0 && doc.firstChild)
    found.push({ node: doc.firstChild, pos: 0, entry: null, cell: null });
  return found;
}
