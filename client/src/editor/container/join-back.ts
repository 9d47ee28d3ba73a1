import { joinBackward, joinForward, joinTextblockBackward, joinTextblockForward } from '@tiptap/pm/commands';
import type { Node } from '@tiptap/pm/model';
import type { Command } from '@tiptap/pm/state';

/** What a text behind it is joined to at its end. */
const JOINED: ReadonlySet<string> = new Set(['blockquote', 'bulletList', 'orderedList', 'taskList']);

/**
 * Backspace before a text behind a quote or a list: its words go on where those end, and the caret stays before them. ProseMirror
 * would first put it in there as a text of its own, as it does where the last of them is no text; Tiptap's lists write the words again.
 */
export const joinBack: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const isBefore = empty && $from.parentOffset === 0 && $from.parent.isTextblock && $from.depth > 0;
  const before = isBefore ? $from.node(-1).maybeChild($from.index(-1) - 1) : null;
  if (!before || !JOINED.has(before.type.name)) return false;
  const join = isWords($from.parent) && endsInWords(before) ? joinTextblockBackward : joinBackward;
  join(state, dispatch, view);
  // Where it cannot be joined it stays: others would select the list, or cells of it, and the next letter take them away.
  return true;
};

/**
 * Delete behind words: those of the next text go on there, whatever either stands in. ProseMirror would first put that where they stand,
 * or take it out of what it stands in, or select all of that for the next Delete to take away.
 */
export const joinForth: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  if (!empty || !parent.isTextblock || $from.depth === 0 || $from.parentOffset < parent.content.size)
    return false;
  if (parent.content.size > 0 && isWords(parent) && joinTextblockForward(state, dispatch, view)) return true;
  const behind = $from.node(-1).maybeChild($from.index(-1) + 1);
  if (!behind || !JOINED.has(behind.type.name)) return false;
  joinForward(state, dispatch, view);
  return true;
};

/** Whether words can be joined to the last that a block holds: nothing else than text stands in code. */
function endsInWords(block: Node): boolean {
  return isWords(block) || (block.lastChild !== null && endsInWords(block.lastChild));
}

function isWords({ isTextblock, type }: Node): boolean {
  return isTextblock && type.spec.code !== true;
}
