import { nodeOfAtom } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { Selection, TextSelection } from '@tiptap/pm/state';
import type { Command, EditorState, Transaction } from '@tiptap/pm/state';
import { placeOf } from './carried-notes.ts';
import { after, canRefer, footnotesOf, noteAround } from './footnotes.ts';
import { newNoteId } from './note-id.ts';

interface InsertOptions {
  /** What the reference replaces; else it goes behind the selection. */
  readonly range?: { readonly from: number; readonly to: number };
  /** An id that nothing in the document has; else one is made. */
  readonly id?: string;
}

/** Puts a footnote behind the selection, or in place of `range`, and the caret into its note; in a note, leads back to its reference. */
export function insertFootnote(options: InsertOptions = {}): Command {
  return (state, dispatch) => {
    const { range } = options;
    const back = range ? null : noteAround(state);
    if (back !== null) return goToReference(back)(state, dispatch);
    const { from, to } = range ?? { from: state.selection.to, to: state.selection.to };
    if (!canRefer(state.doc, from)) return false;
    if (!dispatch) return true;
    const id = options.id ?? newNoteId(state);
    const tr = state.tr.replaceWith(from, to, nodeOfAtom(state.schema, { type: 'footnote', note: id }));
    dispatch(withNote(state, tr, id));
    return true;
  };
}

/** Gives a reference that has none its note, and goes there. */
export function giveNote(id: string): Command {
  return (state, dispatch) => {
    dispatch?.(withNote(state, state.tr, id));
    return true;
  };
}

function withNote(state: EditorState, tr: Transaction, id: string): Transaction {
  const { numbers } = after(footnotesOf(state), tr);
  const { paragraph, footnote } = state.schema.nodes;
  if (!paragraph || !footnote) throw new Error('The schema is not one of documents.');
  const at = placeOf(tr.doc, numbers, numbers.of.get(id) ?? 0);
  tr.insert(at, footnote.create({ id }, paragraph.create()));
  return tr.setSelection(TextSelection.create(tr.doc, at + 2)).scrollIntoView();
}

/** Puts the caret at the end of a note; false if it is not there. */
export function goToNote(id: string): Command {
  return (state, dispatch) => {
    const pos = footnotesOf(state).notes.find((one) => one.id === id)?.pos;
    const note = pos === undefined ? null : state.doc.nodeAt(pos);
    if (pos === undefined || !note) return false;
    dispatch?.(
      state.tr.setSelection(Selection.near(state.doc.resolve(pos + note.nodeSize - 1), -1)).scrollIntoView(),
    );
    return true;
  };
}

/** Puts the caret behind the first reference to a note; false if there is none. */
export function goToReference(id: string): Command {
  return (state, dispatch) => {
    const pos = footnotesOf(state).references.find((one) => one.id === id)?.pos;
    if (pos === undefined) return false;
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, pos + 1)).scrollIntoView());
    return true;
  };
}

/** Refers to a note again, where the caret was last in the text, or else at the end of what stands before the notes. */
export function referAgain(id: string): Command {
  return (state, dispatch) => {
    const { caret } = footnotesOf(state);
    const at = caret !== null && canRefer(state.doc, caret) ? caret : lastPlace(state.doc);
    if (at === null) return false;
    const tr = state.tr.insert(at, nodeOfAtom(state.schema, { type: 'footnote', note: id }));
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
    return true;
  };
}

/** The end of the last text in which a reference can stand. */
function lastPlace(doc: Node): number | null {
  let found: number | null = null;
  doc.forEach((node, pos) => {
    if (node.isTextblock && node.type.spec.code !== true) found = pos + 1 + node.content.size;
  });
  return found;
}

/** Deletes a note, and the references to it. */
export function deleteNote(id: string): Command {
  return (state, dispatch) => {
    const { notes, references } = footnotesOf(state);
    const own = ({ id: one }: { readonly id: string }) => one === id;
    const tr = state.tr;
    for (const { pos } of notes.filter(own).toReversed())
      tr.delete(pos, pos + (state.doc.nodeAt(pos)?.nodeSize ?? 0));
    const [first] = references.filter(own);
    for (const { pos } of references.filter(own).toReversed())
      tr.delete(tr.mapping.map(pos), tr.mapping.map(pos) + 1);
    const caret = tr.doc.resolve(
      Math.min(first?.pos ?? tr.mapping.map(notes.find(own)?.pos ?? 0), tr.doc.content.size),
    );
    dispatch?.(tr.setSelection(Selection.near(caret, -1)).scrollIntoView());
    return true;
  };
}
