import { Fragment } from '@tiptap/pm/model';
import type { Node, Schema } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import {
  addColumn,
  addColumnAfter,
  addColumnBefore,
  addRow,
  addRowAfter,
  addRowBefore,
  cellAround,
  CellSelection,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  mergeCells,
  selectedRect,
  setCellAttr,
  splitCell,
  toggleHeader,
} from '@tiptap/pm/tables';
import { moveLines } from './move-lines.ts';

/** A new table has so many rows and columns. */
const NEW_ROWS = 3;
const NEW_COLUMNS = 3;

/** What can be done to the table in which the selection is. */
export type TableCommand =
  | 'rowBefore'
  | 'rowAfter'
  | 'columnBefore'
  | 'columnAfter'
  | 'rowUp'
  | 'rowDown'
  | 'columnBack'
  | 'columnOn'
  | 'deleteRow'
  | 'deleteColumn'
  | 'deleteTable'
  | 'mergeCells'
  | 'splitCell'
  | 'headerRow'
  | 'headerColumn';

/** Splits the cell that holds all that is selected; prosemirror-tables throws where the selection ends in no cell, or splits another. */
const splitWhole: Command = (state, dispatch) => {
  const { selection } = state;
  const within = cellAround(selection.$from)?.pos === cellAround(selection.$to)?.pos;
  return (within || selection instanceof CellSelection) && splitCell(state, dispatch);
};

/** Those commands. None is able outside a table. */
export const TABLE_COMMANDS: Readonly<Record<TableCommand, Command>> = {
  rowBefore: addRowBefore,
  rowAfter: addRowAfter,
  columnBefore: addColumnBefore,
  columnAfter: addColumnAfter,
  rowUp: moveLines('row', (first) => first - 1),
  rowDown: moveLines('row', (first) => first + 1),
  columnBack: moveLines('column', (first) => first - 1),
  columnOn: moveLines('column', (first) => first + 1),
  deleteRow: orTable(deleteRow, 'row'),
  deleteColumn: orTable(deleteColumn, 'column'),
  deleteTable,
  mergeCells,
  splitCell: splitWhole,
  headerRow: toggleHeader('row'),
  headerColumn: toggleHeader('column'),
};

/** Deleting all rows, or all columns, deletes the table. */
function orTable(command: Command, lines: 'row' | 'column'): Command {
  return (state, dispatch, view) => {
    if (!isInTable(state)) return false;
    const { top, bottom, left, right, map } = selectedRect(state);
    const all = lines === 'row' ? bottom - top === map.height : right - left === map.width;
    return (all ? deleteTable : command)(state, dispatch, view);
  };
}

/** Gives the selected cells a background or an alignment; null takes it away. */
export function setCellLook(name: 'background' | 'align', value: string | null): Command {
  return setCellAttr(name, value);
}

/** A table without words whose first row is of headers. */
function newTable(schema: Schema, rows: number, columns: number): Node | null {
  const { table, tableRow, tableCell, tableHeader } = schema.nodes;
  if (!table || !tableRow || !tableCell || !tableHeader) return null;
  const line = (row: number) => {
    const cell = (row === 0 ? tableHeader : tableCell).createAndFill();
    return tableRow.create(null, Fragment.from(cell ? Array.from({ length: columns }, () => cell) : []));
  };
  return table.create(null, Fragment.from(Array.from({ length: rows }, (_, row) => line(row))));
}

/** Puts a new table in the place of an empty paragraph, or else behind the block that holds the selection. */
export const insertTable: Command = (state, dispatch) => {
  const { $to } = state.selection;
  const table = newTable(state.schema, NEW_ROWS, NEW_COLUMNS);
  if (isInTable(state) || $to.depth === 0 || !table) return false;
  const { tr } = state;
  const around = $to.node(-1);
  const empty = $to.parent.type.name === 'paragraph' && $to.parent.content.size === 0;
  const index = $to.index(-1);
  const at = empty && around.canReplaceWith(index, index + 1, table.type) ? $to.before() : $to.after();
  if (at === $to.before()) tr.replaceWith(at, $to.after(), table);
  else if (around.canReplaceWith(index + 1, index + 1, table.type)) tr.insert(at, table);
  else return false;
  // Somebody must be able to write behind it.
  const behind = at + table.nodeSize;
  const next = tr.doc.resolve(behind).nodeAfter;
  if (next === null) tr.insert(behind, state.schema.nodes['paragraph']?.create() ?? []);
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1))).scrollIntoView());
  return true;
};

/** Adds a row or a column at the table's end; the selection stays where it is. */
export function addAtEnd(line: 'row' | 'column'): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const rect = selectedRect(state);
    const { map } = rect;
    dispatch?.(line === 'row' ? addRow(state.tr, rect, map.height) : addColumn(state.tr, rect, map.width));
    return true;
  };
}

/** Tab: to the next cell; from the last one into a new row. */
export const tabForward: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch, view)) return true;
  const rect = selectedRect(state);
  if (!dispatch) return true;
  const tr = addRow(state.tr, rect, rect.map.height);
  const start = rect.tableStart + rect.table.content.size;
  dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(start + 1))).scrollIntoView());
  return true;
};

/** Shift+Tab: to the cell before; in the first one, nothing. */
export const tabBack: Command = (state, dispatch, view) =>
  isInTable(state) && (goToNextCell(-1)(state, dispatch, view) || true);

/** Selects the whole row or column in which the selection is. */
export function selectLine(line: 'row' | 'column'): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { map, tableStart, top, bottom, left, right } = selectedRect(state);
    const rect =
      line === 'row'
        ? { top, bottom, left: 0, right: map.width }
        : { top: 0, bottom: map.height, left, right };
    const cell = (row: number, column: number) => tableStart + (map.map[row * map.width + column] ?? 0);
    const [first, last] = [cell(rect.top, rect.left), cell(rect.bottom - 1, rect.right - 1)];
    dispatch?.(state.tr.setSelection(CellSelection.create(state.doc, first, last)));
    return true;
  };
}
