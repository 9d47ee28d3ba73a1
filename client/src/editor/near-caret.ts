import type { Editor } from '@tiptap/core';
import type { EditorView } from '@tiptap/pm/view';

/** So many stretches before and behind the caret's: of a dozen blocks each they are more than a key of a page goes. */
const NEAR = 4;
const PART = 'near';

/**
 * Keeps the stretches of a long document around the caret laid out, wherever the screen is: WebKit takes a caret over all that is
 * not, to the end of the text. Returns what ends it.
 */
export function keepNearCaret(editor: Editor): () => void {
  let last: Element | null = null;
  let count: number | undefined;
  const mark = () => {
    const slot = withCaret(editor.view)?.assignedSlot ?? null;
    const all = slot?.parentElement?.children;
    if (slot === last && all?.length === count) return;
    last = slot;
    count = all?.length;
    const slots = [...(all ?? [])];
    const at = slots.findIndex((one) => one === slot);
    for (const [index, { part }] of slots.entries()) part.toggle(PART, Math.abs(index - at) <= NEAR);
  };
  mark();
  editor.on('transaction', mark);
  return () => editor.off('transaction', mark);
}

/** What shows the block at the top level with the caret; null where none is shown. */
function withCaret(view: EditorView): Element | null {
  const { $head } = view.state.selection;
  let at = view.nodeDOM($head.depth > 0 ? $head.before(1) : $head.pos);
  while (at && at.parentNode !== view.dom) at = at.parentNode;
  return at instanceof Element ? at : null;
}
