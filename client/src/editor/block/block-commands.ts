import { blocksOf, documentOf } from '@sheaf/schema';
import type { Block, PlacedBlock } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import type { Command, EditorState, Transaction } from '@tiptap/pm/state';
import { caretBetween } from '../place-left.ts';
import { Restructure } from './restructure.ts';
import { deepest, hasTitle, moved, rowAt, selectionAt, touched, unitAt, unitOf, without } from './rows.ts';
import type { Gap, Unit } from './rows.ts';

/**
 * Moves the selected blocks past the one before or behind them at their level; from the edge of a list or quote, out
 * of it. The title stays first.
 */
export function moveBlocks(direction: 'up' | 'down'): Command {
  return (state, dispatch) => {
    const unit = unitOf(state.doc, state.selection);
    const gap = direction === 'up' ? gapAbove(state.doc, unit) : gapBelow(state.doc, unit);
    if (gap === null) return false;
    dispatch?.(moveTo(state, unit, gap).scrollIntoView());
    return true;
  };
}

/** The transaction that puts a unit elsewhere, its selection with it. */
export function moveTo(state: EditorState, unit: Unit, gap: Gap): Transaction {
  const rows = blocksOf(state.doc);
  return restructured(
    state,
    moved(rows, unit, gap),
    new Set(rows.slice(unit.first, unit.end).map(({ node }) => node)),
  );
}

/** Puts a copy of the selected blocks behind them, and the selection into it. */
export const duplicateBlocks: Command = (state, dispatch) => {
  const rows = blocksOf(state.doc);
  const unit = unitOf(state.doc, state.selection);
  const copies = rows.slice(unit.first, unit.end).map(({ frame, node }): Block => ({
    frame: { ...frame, apart: false, start: 1, numbering: null },
    node: node.copy(node.content),
  }));
  const wanted = [...rows.slice(0, unit.end), ...copies, ...rows.slice(unit.end)];
  if (!dispatch) return copies.length > 0;
  const tr = restructured(state, wanted, new Set());
  const shown = blocksOf(tr.doc);
  select(tr, state, (row) => shown[Math.min(row - unit.first, copies.length - 1) + unit.end]);
  dispatch(tr.scrollIntoView());
  return true;
};

/** Deletes the selected blocks, and not the item in which the first of them stands. */
export const deleteBlocks: Command = (state, dispatch) => {
  const rows = blocksOf(state.doc);
  const unit = touched(rows, state.selection);
  if (dispatch) {
    const tr = restructured(state, without(rows, unit), new Set());
    const at = blocksOf(tr.doc)[Math.min(unit.first, blocksOf(tr.doc).length - 1)];
    dispatch(tr.setSelection(caretBetween(tr.doc, at?.pos ?? 0)).scrollIntoView());
  }
  return rows.length > 0;
};

/** Whether two blocks stand in the same footnote, or both in none: blocks are moved within one, not out of it. */
function isTogether(one: Block | undefined, other: Block | undefined): boolean {
  return one?.frame.note === other?.frame.note;
}

/** Where the unit before this one begins, or the parent of which this one is the first child. */
function gapAbove(doc: Node, { first }: Unit): Gap | null {
  const rows = blocksOf(doc);
  const indent = rows[first]?.frame.indent ?? 0;
  let index = first - 1;
  while (index >= 0 && (rows[index]?.frame.indent ?? 0) > indent) index -= 1;
  const above = rows[index];
  if (first === 0 || !above || (index === 0 && hasTitle(doc)) || !isTogether(above, rows[first])) return null;
  return { index, indent: above.frame.indent };
}

/** Behind the unit after this one; where there is none at this level, the same place one level further out. */
function gapBelow(doc: Node, { first, end }: Unit): Gap | null {
  const rows = blocksOf(doc);
  const indent = rows[first]?.frame.indent ?? 0;
  if (first === 0 && hasTitle(doc)) return null;
  const next = isTogether(rows[end], rows[first]) ? rows[end] : undefined;
  if (!next || next.frame.indent < indent) return indent > 0 ? { index: end, indent: indent - 1 } : null;
  return { index: unitAt(rows, end).end, indent };
}

/** The levels at which a unit may be put before the block `index`: what stands behind must stay where it is. */
export function levelsAt(doc: Node, unit: Unit, index: number): { least: number; most: number } | null {
  const rows = blocksOf(doc);
  const inside = index > unit.first && index < unit.end;
  if (inside || (index === 0 && hasTitle(doc)) || (unit.first === 0 && hasTitle(doc))) return null;
  const rest = rows.filter((_row, at) => at < unit.first || at >= unit.end);
  const at = index <= unit.first ? index : index - (unit.end - unit.first);
  if (!isTogether(rest[at - 1], rows[unit.first]) && !isTogether(rest[at], rows[unit.first])) return null;
  const least = rest[at]?.frame.indent ?? 0;
  return { least, most: Math.max(least, deepest(rest, at)) };
}

function restructured(state: EditorState, wanted: readonly Block[], carried: ReadonlySet<Node>): Transaction {
  const { doc, schema, tr } = state;
  tr.step(new Restructure(doc, documentOf(schema, wanted), carried));
  if (carried.size === 0) return tr;
  const rows = blocksOf(doc);
  const places = new Map(blocksOf(tr.doc).map((row) => [row.node, row]));
  return select(tr, state, (row) => places.get(rows[row]?.node ?? doc));
}

/** The selection as it was, in the blocks that stand for those in which it was. */
function select(
  tr: Transaction,
  { doc, selection }: EditorState,
  find: (row: number) => PlacedBlock | undefined,
): Transaction {
  const rows = blocksOf(doc);
  if (selection instanceof NodeSelection && selection.node.isBlock) {
    const found = find(rowAt(rows, selection.from));
    if (found) return tr.setSelection(selectionAt(tr.doc, found));
  }
  const place = (position: number) => {
    const row = rowAt(rows, position);
    const found = find(row);
    const offset = position - (rows[row]?.pos ?? 0);
    return tr.doc.resolve(
      found ? found.pos + Math.min(offset, found.node.nodeSize) : tr.mapping.map(position),
    );
  };
  return tr.setSelection(TextSelection.between(place(selection.anchor), place(selection.head)));
}
