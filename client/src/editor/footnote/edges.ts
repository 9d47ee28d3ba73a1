import type { ResolvedPos } from '@tiptap/pm/model';
import { NodeSelection, Selection, TextSelection } from '@tiptap/pm/state';
import type { Command, EditorState, Transaction } from '@tiptap/pm/state';
import { footnotesOf, noteAround } from './footnotes.ts';

/**
 * Backspace at a note's beginning, and Delete before one: nothing is joined over its edges. An empty note goes with its
 * references, as it came, where `deleteNote` is there already.
 */
export function atEdge(direction: 'back' | 'forward', deleteNote: ((id: string) => Command) | null): Command {
  return (state, dispatch) => {
    const { $from, empty } = state.selection;
    if (!empty || state.selection instanceof NodeSelection || !$from.parent.isTextblock) return false;
    const id = noteAround(state);
    const note = id === null ? null : $from.node(1);
    if (direction === 'back') {
      if (!note || $from.depth !== 2 || $from.index(1) !== 0 || $from.parentOffset > 0) return false;
      if (id === null || note.childCount > 1 || $from.parent.content.size > 0) return true;
      const parts = footnotesOf(state).notes.filter((one) => one.id === id);
      if (parts.length === 1) return deleteNote?.(id)(state, dispatch) ?? true;
      dispatch?.(state.tr.delete($from.before(1), $from.after(1)).scrollIntoView());
      return true;
    }
    if ($from.parentOffset < $from.parent.content.size || $from.pos + $from.depth - 1 < $from.end(1))
      return false;
    return note !== null || state.doc.maybeChild($from.index(0) + 1)?.type.name === 'footnote';
  };
}

/**
 * A selection of text that reaches over an edge of a note ends there (SPEC NOTE-5): so nothing that is done to a selection joins
 * the text and a note, or two notes. Null where it reaches over none.
 */
export function keptWithin({ doc, selection, tr }: EditorState): Transaction | null {
  if (!(selection instanceof TextSelection)) return null;
  const { $anchor, $head } = selection;
  if (noteAt($anchor) === noteAt($head)) return null;
  const back = $head.pos < $anchor.pos;
  // What the page shows for a moment before it follows the flow may have text behind notes.
  const step = back ? -1 : 1;
  const inText = (index: number) => doc.maybeChild(index)?.type.name !== 'footnote';
  let index = $anchor.index(0);
  if (noteAt($anchor) === null)
    while (index + step >= 0 && index + step < doc.childCount && inText(index + step)) index += step;
  const edge = $anchor.posAtIndex(back ? index : index + 1, 0);
  const last = Selection.findFrom(doc.resolve(edge), back ? 1 : -1, true);
  return last && tr.setSelection(TextSelection.between($anchor, last.$head));
}

/** Where the note begins in which a place is; null in the text. */
function noteAt($pos: ResolvedPos): number | null {
  return $pos.node(1).type.name === 'footnote' ? $pos.before(1) : null;
}
