import { TextSelection } from '@tiptap/pm/state';
import { cellAround, nextCell } from '@tiptap/pm/tables';
import type { EditorView } from '@tiptap/pm/view';

/**
 * Arrows to the left and right out of a cell of a table that is read from the right: prosemirror-tables takes the cell
 * to the left for the one before. True if the caret went to another cell.
 */
export function moveInMirroredTable(view: EditorView, event: KeyboardEvent): boolean {
  const side = { ArrowLeft: 'left', ArrowRight: 'right' }[event.key];
  const { selection, doc } = view.state;
  if (
    (side !== 'left' && side !== 'right') ||
    event.shiftKey ||
    event.altKey ||
    event.ctrlKey ||
    event.metaKey
  )
    return false;
  if (!(selection instanceof TextSelection) || !selection.empty) return false;
  const $cell = cellAround(selection.$from);
  const element = $cell && view.nodeDOM($cell.pos);
  if (!$cell || !(element instanceof Element) || getComputedStyle(element).direction !== 'rtl') return false;
  const { $from } = selection;
  const [index, last] = [$from.index($cell.depth + 1), ($cell.nodeAfter?.childCount ?? 1) - 1];
  const atEdge = $from.parentOffset === 0 ? index === 0 : index === last;
  if (!atEdge || !view.endOfTextblock(side)) return false;
  const $next = nextCell($cell, 'horiz', side === 'left' ? 1 : -1);
  if (!$next) return false;
  view.dispatch(view.state.tr.setSelection(TextSelection.near(doc.resolve($next.pos + 1))).scrollIntoView());
  return true;
}
