import { NARROWEST_COLUMN, WIDEST_COLUMN } from '@sheaf/schema';
import type { Command } from '@tiptap/pm/state';
import { isInTable, selectedRect } from '@tiptap/pm/tables';

/** How wide a column counts that nobody gave a width, px. */
export const USUAL_COLUMN = 120;

/** Makes the selected columns wider, or narrower, by `step` px. */
export function changeWidth(step: number): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { map, table, tableStart, left, right } = selectedRect(state);
    const { tr } = state;
    for (const offset of new Set(map.map)) {
      const cell = table.nodeAt(offset);
      const rect = map.findCell(offset);
      if (!cell || rect.right <= left || rect.left >= right) continue;
      const known: unknown = cell.attrs['colwidth'];
      const widths = Array.from({ length: rect.right - rect.left }, (_, index) => {
        const width = Number(Array.isArray(known) ? known[index] : 0);
        const chosen = rect.left + index >= left && rect.left + index < right;
        if (!chosen) return width;
        return Math.max(NARROWEST_COLUMN, Math.min((width || USUAL_COLUMN) + step, WIDEST_COLUMN));
      });
      tr.setNodeAttribute(tableStart + offset, 'colwidth', widths);
    }
    dispatch?.(tr);
    return tr.docChanged;
  };
}
