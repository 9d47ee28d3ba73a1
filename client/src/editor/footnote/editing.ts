import { nodeOfAtom } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { Selection, TextSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import { canRefer, footnotesOf, noteAround } from './footnotes.ts';
import { newFootnote, withNote } from './new-footnote.ts';

/** Puts a footnote behind the selection, and the caret into its note; in a note, leads back to its reference. */
export function insertFootnote(options: { readonly id?: string } = {}): Command {
  return (state, dispatch) => {
    const back = noteAround(state);
    if (back !== null) return goToReference(back)(state, dispatch);
    const { to } = state.selection;
    return newFootnote({ from: to, to }, options.id)(state, dispatch);
  };
}

/** Gives a reference that has none its note, and goes there. */
export function giveNote(id: string): Command {
  return (state, dispatch) => {
    dispatch?.(withNote(state, state.tr, id));
    return true;
  };
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
