import { Extension } from '@tiptap/core';
import { Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { Selection } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';

/** What the binding remembers of each Yjs type: the node, or the pieces of text, that it stands for. */
type Mapping = Map<unknown, Node | Node[]>;

/** A range of whole blocks of one parent, and what takes its place. */
export interface BlockChange {
  readonly from: number;
  readonly to: number;
  readonly blocks: Slice;
}

/**
 * The smallest range of whole blocks by which `before` becomes `after`, as deep as both have the same parents; null
 * where they are equal.
 */
export function smallestChange(before: Node, after: Node): BlockChange | null {
  let old = before;
  let now = after;
  let start = 0;
  for (;;) {
    const shorter = Math.min(old.childCount, now.childCount);
    let first = 0;
    while (first < shorter && old.child(first).eq(now.child(first))) first += 1;
    let kept = 0;
    const most = shorter - first;
    while (kept < most && old.child(old.childCount - 1 - kept).eq(now.child(now.childCount - 1 - kept)))
      kept += 1;
    const [oldEnd, nowEnd] = [old.childCount - kept, now.childCount - kept];
    if (first === oldEnd && first === nowEnd) return null;
    const from = start + size(old, 0, first);
    const one = oldEnd === first + 1 && nowEnd === first + 1;
    if (one && isContainer(old.child(first)) && old.child(first).sameMarkup(now.child(first))) {
      old = old.child(first);
      now = now.child(first);
      start = from + 1;
      continue;
    }
    const blocks = now.content.cut(size(now, 0, first), size(now, 0, nowEnd));
    return { from, to: from + size(old, first, oldEnd), blocks: new Slice(blocks, 0, 0) };
  }
}

/**
 * The binding answers every remote change with a whole new document, and the editor then writes all that follows the
 * change into other elements: the place on the page is lost, and with it what selections and screen readers hold on
 * to. This makes the change as small as it is; elements of blocks that nobody changed stay.
 */
export const SmallestChange = Extension.create({
  name: 'smallestChange',
  dispatchTransaction({ transaction, next }) {
    const meta: unknown = transaction.getMeta(ySyncPluginKey);
    const remote =
      typeof meta === 'object' && meta !== null && 'isChangeOrigin' in meta && meta.isChangeOrigin;
    next(remote && transaction.steps.length === 1 ? smaller(this.editor.state, transaction) : transaction);
  },
});

function smaller(state: EditorState, whole: Transaction): Transaction {
  const change = smallestChange(state.doc, whole.doc);
  const { tr } = state;
  if (change) tr.replace(change.from, change.to, change.blocks);
  // A schema may complete what it is given; then the binding's own way is the right one.
  if (!tr.doc.eq(whole.doc)) return whole;
  if (whole.selectionSet) tr.setSelection(Selection.fromJSON(tr.doc, whole.selection.toJSON()));
  const meta: unknown = whole.getMeta(ySyncPluginKey);
  tr.setMeta(ySyncPluginKey, meta);
  // Nobody is taken elsewhere by what others write; undo shows what it did.
  const undo = typeof meta === 'object' && meta !== null && 'isUndoRedoOperation' in meta;
  if (undo && meta.isUndoRedoOperation && whole.scrolledIntoView) tr.scrollIntoView();
  remember(state, whole.doc, tr.doc);
  return tr;
}

/** The binding knows nodes by identity: it is told which ones the document has in place of those that it made. */
function remember(state: EditorState, made: Node, used: Node): void {
  const now = new Map<Node, Node>();
  pair(made, used, now);
  // The binding has no type of its own: this is the one field that is read of it.
  const { binding } = ySyncPluginKey.getState(state) as { binding: { mapping: Mapping } };
  for (const [type, known] of binding.mapping)
    binding.mapping.set(
      type,
      Array.isArray(known) ? known.map((node) => now.get(node) ?? node) : (now.get(known) ?? known),
    );
}

function pair(made: Node, used: Node, into: Map<Node, Node>): void {
  if (made === used) return;
  into.set(made, used);
  made.forEach((child, _offset, index) => pair(child, used.child(index), into));
}

function isContainer(node: Node): boolean {
  return !node.isTextblock && !node.isLeaf;
}

function size(parent: Node, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += parent.child(index).nodeSize;
  return sum;
}
