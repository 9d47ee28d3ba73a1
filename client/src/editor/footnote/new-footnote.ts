import { nodeOfAtom } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { Command, EditorState, Transaction } from '@tiptap/pm/state';
import { after, canRefer, footnotesOf } from './footnotes.ts';
import type { Numbers } from './footnotes.ts';
import { newNoteId } from './note-id.ts';

/** Puts a reference in place of a range of text, and the caret into its note. `id` is one that nothing in the document has; else one is made. */
export function newFootnote(
  { from, to }: { readonly from: number; readonly to: number },
  id?: string,
): Command {
  return (state, dispatch) => {
    if (!canRefer(state.doc, from)) return false;
    if (!dispatch) return true;
    const note = id ?? newNoteId(state);
    const tr = state.tr.replaceWith(from, to, nodeOfAtom(state.schema, { type: 'footnote', note }));
    dispatch(withNote(state, tr, note));
    return true;
  };
}

/** What `tr` does, and the note that it refers to, with the caret in it. */
export function withNote(state: EditorState, tr: Transaction, id: string): Transaction {
  const { numbers } = after(footnotesOf(state), tr);
  const { paragraph, footnote } = state.schema.nodes;
  if (!paragraph || !footnote) throw new Error('The schema is not one of documents.');
  const at = placeOf(tr.doc, numbers, numbers.of.get(id) ?? 0);
  tr.insert(at, footnote.create({ id }, paragraph.create()));
  return tr.setSelection(TextSelection.create(tr.doc, at + 2)).scrollIntoView();
}

/** Where a note with this number goes among those at a document's end. */
export function placeOf(doc: Node, { of }: Numbers, number: number): number {
  let pos = doc.content.size;
  for (let index = doc.childCount - 1; index >= 0; index -= 1) {
    const node = doc.child(index);
    const other = of.get(String(node.attrs['id']));
    if (node.type.name !== 'footnote' || (other !== undefined && other < number)) break;
    pos -= node.nodeSize;
  }
  return pos;
}
