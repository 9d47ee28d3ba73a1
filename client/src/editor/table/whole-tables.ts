import type { Editor } from '@tiptap/core';
import type { ResolvedPos } from '@tiptap/pm/model';
import { Selection, TextSelection } from '@tiptap/pm/state';
import { CellSelection, TableMap } from '@tiptap/pm/tables';

/**
 * Keeps what is selected from ending within a table: what is done to such a selection would join a cell with what stands elsewhere, and
 * leave the others without their place. Returns what ends it.
 */
export function keepTablesWhole(editor: Editor): () => void {
  const onselect = () => {
    const { selection, tr } = editor.state;
    const whole = selection instanceof TextSelection && !selection.empty ? wholeTables(selection) : null;
    if (whole) editor.view.dispatch(tr.setSelection(whole));
  };
  editor.on('selectionUpdate', onselect);
  return () => void editor.off('selectionUpdate', onselect);
}

/**
 * What is selected instead where text is from one cell to another, which is cells, or from a cell to elsewhere, which ends at the
 * table's edge, or from elsewhere into a table, which has all of it. Null for any other selection.
 */
export function wholeTables({ $anchor, $head }: TextSelection): Selection | null {
  const { doc } = $head;
  const shared = $anchor.sharedDepth($head.pos);
  const way = $head.pos > $anchor.pos ? 1 : -1;
  const [from, to] = [$anchor, $head].map(($pos) => cellOf($pos, shared));
  if (from) {
    const { map } = TableMap.get(doc.resolve(from.table).nodeAfter ?? doc);
    const edge = from.table + 1 + ((way > 0 ? map.at(-1) : map[0]) ?? 0);
    const last = to?.table === from.table ? to.cell : edge;
    if (last !== from.cell) return CellSelection.create(doc, from.cell, last);
    // Within the one cell it is text.
    const $end = doc.resolve(last + (way > 0 ? (doc.nodeAt(last)?.nodeSize ?? 0) - 1 : 1));
    const end = Selection.findFrom($end, way > 0 ? -1 : 1, true);
    return end && TextSelection.create(doc, $anchor.pos, end.head);
  }
  if (!to) return null;
  const $table = doc.resolve(to.table);
  const behind = to.table + ($table.nodeAfter?.nodeSize ?? 0);
  const [near, far] = way > 0 ? [to.table, behind] : [behind, to.table];
  const beyond = Selection.findFrom(doc.resolve(far), way, true);
  const around = beyond && !cellOf(beyond.$head, shared) && isTogether(beyond.$head, $head) ? beyond : null;
  const end = around ?? Selection.findFrom(doc.resolve(near), way > 0 ? -1 : 1, true);
  return end && TextSelection.create(doc, $anchor.pos, end.head);
}

/** The outermost cell below a depth in which a place is, and its table: where they begin. */
function cellOf($pos: ResolvedPos, depth: number): { readonly table: number; readonly cell: number } | null {
  for (let below = depth; below < $pos.depth; below += 1)
    if ($pos.node(below).type.name === 'table' || $pos.node(below).type.name === 'tableRow') {
      const table = $pos.node(below).type.name === 'table' ? below : below - 1;
      return { table: $pos.before(table), cell: $pos.before(table + 2) };
    }
  return null;
}

/** Whether two places are in the same footnote, or both in none. */
function isTogether($one: ResolvedPos, $other: ResolvedPos): boolean {
  const inNote = ($pos: ResolvedPos) => ($pos.node(1).type.name === 'footnote' ? $pos.before(1) : null);
  return inNote($one) === inNote($other);
}
