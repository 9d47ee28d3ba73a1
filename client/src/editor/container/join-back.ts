import { joinTextblockBackward } from '@tiptap/pm/commands';
import type { Node } from '@tiptap/pm/model';
import type { Command } from '@tiptap/pm/state';

/**
 * Backspace before a text behind a quote: its words go on where those of the quote end, and the caret stays before them. ProseMirror
 * would first put it into the quote as a text of its own.
 */
export const joinBack: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const isBefore = empty && $from.parentOffset === 0 && isWords($from.parent) && $from.depth > 0;
  const before = isBefore ? $from.node(-1).maybeChild($from.index(-1) - 1) : null;
  return before?.type.name === 'blockquote' && endsInWords(before) && joinTextblockBackward(state, dispatch, view);
};

/** Whether words can be joined to the last that a block holds: nothing else than text stands in code. */
function endsInWords(block: Node): boolean {
  return isWords(block) || (block.lastChild !== null && endsInWords(block.lastChild));
}

function isWords({ isTextblock, type }: Node): boolean {
  return isTextblock && type.spec.code !== true;
}
