import { Fragment } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import { CellSelection, isInTable, selectedRect, TableMap } from '@tiptap/pm/tables';
import { TableShape } from '../binding/table-shape.ts';

/** Which lines of a table: its rows or its columns. */
type Lines = 'row' | 'column';

/** The selected table, and the first and the last of its rows or columns that are selected; null outside tables. */
function selectedLines(state: Parameters<Command>[0], lines: Lines) {
  if (!isInTable(state)) return null;
  const { table, tableStart, top, bottom, left, right, map } = selectedRect(state);
  const [first, last] = lines === 'row' ? [top, bottom - 1] : [left, right - 1];
  return { table, tableStart, first, last, count: lines === 'row' ? map.height : map.width };
}

/**
 * Moves the selected rows or columns so that the first of them stands at `to`, counted without them. Which rows and
 * columns are headers stays with their places, and what is selected goes along. Not able where a merged cell would be torn.
 */
export function moveLines(lines: Lines, to: (first: number) => number): Command {
  return (state, dispatch) => {
    const selected = selectedLines(state, lines);
    if (!selected) return false;
    const { table, tableStart, first, last, count } = selected;
    const target = to(first);
    const size = last - first + 1;
    if (target === first || target < 0 || target + size > count) return false;
    const order = Array.from({ length: count }, (_, index) => index);
    order.splice(target, 0, ...order.splice(first, size));
    const moved = lines === 'row' ? reorderRows(table, order) : reorderColumns(table, order);
    if (!moved) return false;
    if (!dispatch) return true;
    const tr = state.tr.replaceWith(tableStart, tableStart + table.content.size, moved);
    const { top, left, bottom, right, map } = selectedRect(state);
    const now = TableMap.get(tr.doc.nodeAt(tableStart - 1) ?? table);
    const [down, on] = lines === 'row' ? [target - first, 0] : [0, target - first];
    /** Where the cell at a place stood begins, and where it does now. */
    const both = (row: number, column: number) =>
      [map.map[row * map.width + column], now.map[(row + down) * map.width + column + on]].map(
        (at = 0) => tableStart + at,
      );
    const [was = 0, is = 0] = both(top, left);
    const { anchor, head } = state.selection;
    const selection =
      state.selection instanceof CellSelection
        ? CellSelection.create(tr.doc, is, both(bottom - 1, right - 1)[1])
        : TextSelection.between(tr.doc.resolve(anchor + is - was), tr.doc.resolve(head + is - was));
    dispatch(tr.setSelection(selection).scrollIntoView());
    return true;
  };
}

/** Where each of the old lines comes, if every stretch of them that a cell covers stays one. */
function stays(order: readonly number[], from: number, span: number): boolean {
  const start = order.indexOf(from);
  return Array.from({ length: span }, (_, index) => index).every(
    (index) => order[start + index] === from + index,
  );
}

function reorderRows(table: Node, order: readonly number[]): Node[] | null {
  const shape = new TableShape(table, null);
  if (!shape.cells.every(({ row, rowspan }) => stays(order, row, rowspan))) return null;
  return order.map((from, to) => {
    const cells = shape.cells.filter(({ row }) => row === from);
    return table
      .child(from)
      .copy(Fragment.from(cells.map(({ node, column }) => asAt(shape, node, to, column))));
  });
}

function reorderColumns(table: Node, order: readonly number[]): Node[] | null {
  const shape = new TableShape(table, null);
  if (!shape.cells.every(({ column, colspan }) => stays(order, column, colspan))) return null;
  return table.children.map((line, row) => {
    const cells = shape.cells
      .filter((cell) => cell.row === row)
      .map(({ node, column }) => ({ node, to: order.indexOf(column) }))
      .toSorted((a, b) => a.to - b.to);
    return line.copy(Fragment.from(cells.map(({ node, to }) => asAt(shape, node, row, to))));
  });
}

/** A cell as it is at a place: a header where those of that row or column are. */
function asAt(shape: TableShape, node: Node, row: number, column: number): Node {
  const { tableCell, tableHeader } = node.type.schema.nodes;
  const header = shape.rows[row]?.header === true || shape.columns[column]?.header === true;
  const type = header ? tableHeader : tableCell;
  return !type || type === node.type ? node : type.create(node.attrs, node.content, node.marks);
}
