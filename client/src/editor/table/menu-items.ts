import type { Command, EditorState } from '@tiptap/pm/state';
import { selectedRect } from '@tiptap/pm/tables';
import type { TableWords } from '../../words/beside/en.ts';
import { changeWidth } from './column-width.ts';
import { setCellLook, TABLE_COMMANDS } from './commands.ts';

/** What a menu is of. */
export type MenuOf = 'row' | 'column' | 'table';

/** An item of a menu. */
export interface TableMenuItem {
  /** Names it in the messages; stable, for tests. */
  readonly id: Exclude<keyof TableWords, 'row' | 'column'>;
  readonly command: Command;
  /** Of what can be on or off. */
  readonly checked?: (state: EditorState) => boolean;
  /** Starts a group. */
  readonly first?: boolean;
}

/** How much wider or narrower a column gets by the keyboard, px. */
const WIDTH_STEP = 40;

const of = (id: keyof typeof TABLE_COMMANDS, more: Partial<TableMenuItem> = {}): TableMenuItem => ({
  id,
  command: TABLE_COMMANDS[id],
  ...more,
});

/** Whether all cells of a table's first row, or of its first column, are headers. */
function isHeader(line: 'row' | 'column') {
  return (state: EditorState): boolean => {
    const { map, table } = selectedRect(state);
    const cells = map.cellsInRect({
      left: 0,
      top: 0,
      right: line === 'row' ? map.width : 1,
      bottom: line === 'row' ? 1 : map.height,
    });
    return cells.every((offset) => table.nodeAt(offset)?.type.name === 'tableHeader');
  };
}

/** A background or an alignment of the selected cells. */
function look(id: Extract<TableMenuItem['id'], `align-${string}` | `background-${string}`>): TableMenuItem {
  const name = id.startsWith('align') ? 'align' : 'background';
  const told = id.slice(name.length + 1);
  const value = told === 'none' ? null : told;
  return {
    id,
    command: setCellLook(name, value),
    checked: (state) => {
      const { map, table, top, left } = selectedRect(state);
      return (table.nodeAt(map.map[top * map.width + left] ?? 0)?.attrs[name] ?? null) === value;
    },
    first: id === 'align-start' || id === 'background-none',
  };
}

const rows: readonly TableMenuItem[] = [
  of('rowBefore'),
  of('rowAfter'),
  of('rowUp', { first: true }),
  of('rowDown'),
  of('headerRow', { first: true, checked: isHeader('row') }),
  of('deleteRow', { first: true }),
];
const columns: readonly TableMenuItem[] = [
  of('columnBefore'),
  of('columnAfter'),
  of('columnBack', { first: true }),
  of('columnOn'),
  { id: 'wider', command: changeWidth(WIDTH_STEP), first: true },
  { id: 'narrower', command: changeWidth(-WIDTH_STEP) },
  of('headerColumn', { first: true, checked: isHeader('column') }),
  of('deleteColumn', { first: true }),
];
const cells: readonly TableMenuItem[] = [
  of('mergeCells', { first: true }),
  of('splitCell'),
  look('align-start'),
  look('align-center'),
  look('align-end'),
  look('background-none'),
  look('background-grey'),
  look('background-red'),
  look('background-yellow'),
  look('background-green'),
  look('background-blue'),
  look('background-purple'),
];

/** The items of each menu. What has no cell to work on is not able. */
export const TABLE_MENUS: Readonly<Record<MenuOf, readonly TableMenuItem[]>> = {
  row: [...rows, ...cells],
  column: [...columns, ...cells],
  table: [
    ...rows,
    ...columns.map((item, index) => (index === 0 ? { ...item, first: true } : item)),
    ...cells,
    of('deleteTable', { first: true }),
  ],
};
