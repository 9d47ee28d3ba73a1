import { blocksOf } from '@sheaf/schema';
import type { PlacedBlock } from '@sheaf/schema';
import { NodeSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { levelsAt } from './block-commands.ts';
import { hasTitle, rowAt } from './rows.ts';
import type { Gap, Unit } from './rows.ts';

/** How far one level stands in from the one before it, px. */
export const LEVEL_WIDTH = 26;

/** A point in the window, px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a block that is dragged would go, and the line that shows it (px in the window). */
export interface Target {
  readonly gap: Gap;
  readonly line: { readonly left: number; readonly top: number; readonly width: number };
}

/** The index of the block at the height `y` of the window, null where there is none. */
export function rowAtHeight(view: EditorView, y: number): number | null {
  const column = view.dom.getBoundingClientRect();
  const rows = blocksOf(view.state.doc);
  const found = view.posAtCoords({ left: column.left + column.width / 2, top: y });
  if (!found) return null;
  const row = rowAt(rows, found.inside >= 0 && isLeaf(view, found.inside) ? found.inside : found.pos);
  return rows[row] === undefined ? null : row;
}

function isLeaf(view: EditorView, position: number): boolean {
  return view.state.doc.nodeAt(position)?.isLeaf === true;
}

/** The box of a block in the window. */
export function boxOf(view: EditorView, row: PlacedBlock | undefined): DOMRect | null {
  const element = row && view.nodeDOM(row.pos);
  return element instanceof HTMLElement ? element.getBoundingClientRect() : null;
}

/** What shows the block with the caret, a table as a whole; null in the title, which stays where it is. */
export function elementAtCaret(view: EditorView): HTMLElement | null {
  const { doc, selection } = view.state;
  const { $from } = selection;
  let pos = selection instanceof NodeSelection && selection.node.isBlock ? $from.pos : null;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if ((node.isTextblock && pos === null) || node.type.name === 'table') pos = $from.before(depth);
  }
  const element = pos === null || (pos === 0 && hasTitle(doc)) ? null : view.nodeDOM(pos);
  return element instanceof HTMLElement ? element : null;
}

/** Where `unit` would go if it were let go at this point; null where it can't. */
export function targetAt(view: EditorView, unit: Unit, point: Point): Target | null {
  const rows = blocksOf(view.state.doc);
  const row = rowAtHeight(view, point.y);
  const box = row === null ? null : boxOf(view, rows[row]);
  if (row === null || box === null) return null;
  const below = point.y > (box.top + box.bottom) / 2;
  const index = row + (below ? 1 : 0);
  const levels = levelsAt(view.state.doc, unit, index);
  if (!levels) return null;
  const column = view.dom.getBoundingClientRect();
  const rightToLeft = getComputedStyle(view.dom).direction === 'rtl';
  const inset = rightToLeft ? column.right - point.x : point.x - column.left;
  const indent = Math.max(levels.least, Math.min(Math.floor(inset / LEVEL_WIDTH), levels.most));
  const width = column.width - indent * LEVEL_WIDTH;
  const left = rightToLeft ? column.left : column.left + indent * LEVEL_WIDTH;
  return { gap: { index, indent }, line: { left, width, top: below ? box.bottom : box.top } };
}
