import type { Node } from '@tiptap/pm/model';
import type { Command, EditorState } from '@tiptap/pm/state';
import { CellSelection, isInTable, selectedRect, setCellAttr } from '@tiptap/pm/tables';
import { changeWidth } from '../table/column-width.ts';
import { setCellLook, TABLE_COMMANDS } from '../table/commands.ts';
import { insertTable } from '../table/insert-table.ts';
import { tabForward } from '../table/tab.ts';
import { pick } from './seeded.ts';
import type { Random } from './seeded.ts';

/** Runs a command as if some rectangle of cells around the selection were selected. */
function withCells(command: Command, random: Random): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { map, tableStart, top, left } = selectedRect(state);
    const here = tableStart + (map.map[top * map.width + left] ?? 0);
    const there = tableStart + pick(random, map.map);
    const selected = state.apply(state.tr.setSelection(CellSelection.create(state.doc, here, there)));
    return command(selected, dispatch);
  };
}

/** Suggests, in place of what was suggested, that a row goes; null: nothing. */
function suggestRow(id: string | null): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { $from } = state.selection;
    const depth = Array.from({ length: $from.depth }, (_, index) => $from.depth - index).find(
      (one) => $from.node(one).type.name === 'tableRow',
    );
    const suggestions = id === null ? [] : [{ id, author: 'x', time: 1, kind: 'deletion', set: null }];
    if (depth !== undefined)
      dispatch?.(state.tr.setNodeAttribute($from.before(depth), 'suggestions', suggestions));
    return true;
  };
}

/** Cells get other words, as when a spreadsheet is pasted over them. */
function fillCells(words: () => string): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { map, table, tableStart, ...rect } = selectedRect(state);
    const { tr } = state;
    for (const offset of map.cellsInRect(rect).toReversed()) {
      const cell: Node | null = table.nodeAt(offset);
      const paragraph = state.schema.nodes['paragraph']?.create(null, state.schema.text(words()));
      const from = tableStart + offset + 1;
      if (cell && paragraph) tr.replaceWith(from, from + cell.content.size, paragraph);
    }
    dispatch?.(tr);
    return true;
  };
}

const plain = (command: Command) => () => command;

/** What people do to tables, each run where the selection is. */
export const TABLE_EDITS: Readonly<Record<string, (state: EditorState, random: Random) => Command>> = {
  ...Object.fromEntries(Object.entries(TABLE_COMMANDS).map(([name, command]) => [name, plain(command)])),
  mergeCells: (_state, random) => withCells(TABLE_COMMANDS.mergeCells, random),
  moveRows: (_state, random) =>
    withCells(pick(random, [TABLE_COMMANDS.rowUp, TABLE_COMMANDS.rowDown]), random),
  deleteColumns: (_state, random) => withCells(TABLE_COMMANDS.deleteColumn, random),
  fill: (_state, random) =>
    withCells(
      fillCells(() => `F${Math.floor(random() * 1_000)}`),
      random,
    ),
  tab: plain(tabForward),
  background: (_state, random) =>
    withCells(setCellLook('background', pick(random, [null, 'red', 'blue'])), random),
  align: (_state, random) => withCells(setCellLook('align', pick(random, [null, 'center', 'end'])), random),
  suggest: (_state, random) =>
    withCells(
      setCellAttr(
        'suggestions',
        pick(random, [[], ['a'], ['b', 'c']]).map((id) => ({
          id,
          author: 'x',
          time: 1,
          kind: 'deletion',
          set: null,
        })),
      ),
      random,
    ),
  suggestRow: (_state, random) => suggestRow(pick(random, ['d', 'e', null])),
  resize: (_state, random) => changeWidth(pick(random, [-40, 40, 200])),
  insertTable: plain(insertTable),
};
