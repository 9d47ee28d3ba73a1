import { Fragment } from '@tiptap/pm/model';
import type { Node, Schema } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import { isInTable } from '@tiptap/pm/tables';

/** A new table has so many rows and columns. */
const NEW_ROWS = 3;
const NEW_COLUMNS = 3;

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
