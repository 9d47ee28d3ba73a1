import { isInTable, selectedRect } from '@tiptap/pm/tables';
import type { EditorView } from '@tiptap/pm/view';

/** A rectangle on the page, px from the start corner of what it is measured against. */
export interface Box {
  readonly top: number;
  readonly start: number;
  readonly width: number;
  readonly height: number;
}

/** Where the table with the selection is on the page, and in which of its rows and columns the selection is. */
export interface TableBox {
  /** What is seen of it: a wide table scrolls within its own box. */
  readonly table: Box;
  /** The cell in which the selection begins. */
  readonly cell: Box;
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

/** Measures the table with the selection against `origin`; null where there is none. */
export function tableBox(view: EditorView, origin: Element): TableBox | null {
  const { state } = view;
  if (view.isDestroyed || !view.editable || !isInTable(state)) return null;
  const { map, tableStart, top, left } = selectedRect(state);
  const wrapper = view.nodeDOM(tableStart - 1);
  const cell = view.nodeDOM(tableStart + (map.map[top * map.width + left] ?? 0));
  if (!(wrapper instanceof HTMLElement) || !(cell instanceof HTMLElement)) return null;
  const zero = origin.getBoundingClientRect();
  const rightToLeft = getComputedStyle(origin).direction === 'rtl';
  const box = (element: Element): Box => {
    const { top: y, left: x, right, width, height } = element.getBoundingClientRect();
    return { top: y - zero.top, start: rightToLeft ? zero.right - right : x - zero.left, width, height };
  };
  const places = { row: top, rows: map.height, column: left, columns: map.width };
  return { table: box(wrapper), cell: box(cell), ...places };
}
