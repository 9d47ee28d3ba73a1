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
  isInTable,
  mergeCells,
  selectedRect,
  setCellAttr,
  splitCell,
  toggleHeader,
} from '@tiptap/pm/tables';
import { caretBetween } from '../place-left.ts';
import { moveLines } from './move-lines.ts';

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

/** Deletes the table; the caret is where it stood. */
const deleteWhole: Command = (state, dispatch) =>
  deleteTable(
    state,
    dispatch &&
      ((tr) => dispatch(tr.setSelection(caretBetween(tr.doc, tr.mapping.map(state.selection.from))))),
  );

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
  deleteTable: deleteWhole,
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
    return (all ? deleteWhole : command)(state, dispatch, view);
  };
}

/** Gives the selected cells a background or an alignment; null takes it away. */
export function setCellLook(name: 'background' | 'align', value: string | null): Command {
  return setCellAttr(name, value);
}

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

/** Selects the whole rows or columns in which the selection is; of columns that are selected the first row, and of rows the first column. */
export function selectLine(line: 'row' | 'column'): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { map, tableStart, top, bottom, left, right } = selectedRect(state);
    const isRow = left === 0 && right === map.width && bottom - top < map.height;
    const isColumn = top === 0 && bottom === map.height && right - left < map.width;
    const rect =
      line === 'row'
        ? { top, bottom: isColumn ? 1 : bottom, left: 0, right: map.width }
        : { top: 0, bottom: map.height, left, right: isRow ? 1 : right };
    const cell = (row: number, column: number) => tableStart + (map.map[row * map.width + column] ?? 0);
    const [first, last] = [cell(rect.top, rect.left), cell(rect.bottom - 1, rect.right - 1)];
    dispatch?.(state.tr.setSelection(CellSelection.create(state.doc, first, last)));
    return true;
  };
}
