import { joinTextblockForward } from '@tiptap/pm/commands';
import { Slice } from '@tiptap/pm/model';
import type { ResolvedPos } from '@tiptap/pm/model';
import { Selection } from '@tiptap/pm/state';
import type { Command, Transaction } from '@tiptap/pm/state';
import { ReplaceAroundStep } from '@tiptap/pm/transform';

/** Takes away the toggle at a position: all that it held stands where it was. */
export function endToggle(tr: Transaction, pos: number): void {
  const end = pos + (tr.doc.nodeAt(pos)?.nodeSize ?? 0);
  tr.step(new ReplaceAroundStep(pos, end, pos + 1, end - 1, Slice.empty, 0, true));
}

/**
 * Ends the toggles of which the first paragraph is selected, so that it can become something else: taken out alone it would leave
 * the next one in its place.
 */
export const endToggles: Command = ({ doc, selection, tr }, dispatch) => {
  const found: number[] = [];
  for (const { $from, $to } of selection.ranges)
    doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (node.type.name === 'toggle' && $from.pos <= pos + (node.firstChild?.nodeSize ?? 0)) found.push(pos);
      return !node.isTextblock;
    });
  for (const pos of found.toReversed()) endToggle(tr, pos);
  if (tr.docChanged) dispatch?.(tr);
  return tr.docChanged;
};

/** Where the toggle begins of which a caret is at the very beginning; null if it is not. */
function toggleAt({ $from, empty }: Selection): number | null {
  const isFirst = empty && $from.depth > 1 && $from.parentOffset === 0 && $from.index(-1) === 0;
  return isFirst && $from.node(-1).type.name === 'toggle' ? $from.before(-1) : null;
}

/** Before the first paragraph of a toggle, its end. */
export const leaveToggle: Command = ({ selection, tr }, dispatch) => {
  const toggle = toggleAt(selection);
  if (toggle === null) return false;
  endToggle(tr, toggle);
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Enter there puts an empty line before the toggle, which goes on showing what it showed; if that is nothing, it ends. */
export const enterToggle: Command = (state, dispatch) => {
  const { schema, selection, tr } = state;
  const toggle = toggleAt(selection);
  const line = schema.nodes['paragraph']?.create();
  if (selection.$from.parent.content.size === 0 || toggle === null || !line)
    return leaveToggle(state, dispatch);
  dispatch?.(tr.insert(toggle, line).scrollIntoView());
  return true;
};

/**
 * Delete at the end of a text before a toggle ends that, as what it shows would be joined to the text; an empty paragraph goes, and the
 * toggle stays. Either may stand in something else.
 */
export const deleteBefore: Command = (state, dispatch) => {
  const { tr } = state;
  const { $from } = state.selection;
  const toggle = toggleBehind($from);
  if (toggle === null || !joinTextblockForward(state)) return false;
  let { depth } = $from;
  // What holds nothing else goes with it.
  while (depth > 1 && $from.node(depth - 1).childCount === 1) depth -= 1;
  const index = $from.index(depth - 1);
  const goes = $from.parent.content.size === 0 && $from.parent.type.name === 'paragraph';
  if (goes && $from.node(depth - 1).canReplace(index, index + 1))
    tr.delete($from.before(depth), $from.after(depth));
  else endToggle(tr, toggle);
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Where a toggle begins of which the first paragraph is the text behind that at a place; null if it is another's. */
export function toggleBehind($from: ResolvedPos): number | null {
  const $next = $from.depth > 0 ? Selection.findFrom($from.doc.resolve($from.after()), 1)?.$from : null;
  const isFirst = $next && $next.depth > 1 && $next.index(-1) === 0;
  return isFirst && $next.node(-1).type.name === 'toggle' ? $next.before(-1) : null;
}
