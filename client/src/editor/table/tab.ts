import { TextSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import { addRow, goToNextCell, isInTable, selectedRect } from '@tiptap/pm/tables';

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
