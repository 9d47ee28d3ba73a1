import { traitsOf } from '@sheaf/schema';
import type { Node, Slice } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { PASTED } from './line-behind.ts';

/** An empty line into which an aligned one is pasted stands as that did: else its text would join it and lose that. */
export function alignedLine(): Plugin {
  return new Plugin({ props: { handlePaste: (view, _event, slice) => pasteAligned(view, slice) } });
}

/** Pastes what begins with the text of an aligned line into an empty line; false if it is not that. */
export function pasteAligned(
  { state, dispatch }: Pick<EditorView, 'state' | 'dispatch'>,
  slice: Slice,
): boolean {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  const { align } = traitsOf(firstLine(slice) ?? parent);
  const line = empty && parent.type.name === 'paragraph' && parent.content.size === 0;
  if (!line || align === null || traitsOf(parent).align !== null) return false;
  const tr = state.tr.setNodeAttribute($from.before(), 'align', align).replaceSelection(slice);
  dispatch(tr.setMeta(PASTED, true).setMeta('uiEvent', 'paste').scrollIntoView());
  return true;
}

/** The line whose text joins the one that is pasted into; null if what is pasted begins with a whole block. */
function firstLine({ content, openStart }: Slice): Node | null {
  let node = content.firstChild;
  for (let depth = 1; node !== null && depth < openStart; depth += 1) node = node.firstChild;
  return openStart > 0 && node?.type.name === 'paragraph' ? node : null;
}
