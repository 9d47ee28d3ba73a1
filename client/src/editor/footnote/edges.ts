import { NodeSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
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
