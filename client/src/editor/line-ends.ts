import { TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

/** Writing that runs to the left. */
const LEFTWARD = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]/u;

/**
 * Arrows to the left and right at the two ends of a line that runs the other way than its page. There browsers go by the page
 * (WebKit by that alone: from the end to the beginning, and from the beginning to the line above). Returns what ends it.
 */
export function followLines(view: EditorView): () => void {
  const onkeydown = (event: KeyboardEvent) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey, defaultPrevented } = event;
    if (defaultPrevented || shiftKey || altKey || ctrlKey || metaKey) return;
    if ((key !== 'ArrowLeft' && key !== 'ArrowRight') || !isAgainstPage(view)) return;
    const leftward = getComputedStyle(view.dom).direction === 'ltr';
    event.preventDefault();
    document
      .getSelection()
      ?.modify('move', (key === 'ArrowLeft') === leftward ? 'forward' : 'backward', 'character');
  };
  view.dom.addEventListener('keydown', onkeydown);
  return () => view.dom.removeEventListener('keydown', onkeydown);
}

/** Whether the caret is at an end of text that runs the other way than the page: as its first letter does (UAX 9, P2). */
function isAgainstPage(view: EditorView): boolean {
  const { selection } = view.state;
  if (!(selection instanceof TextSelection) || !selection.$cursor || view.composing) return false;
  const { parent, parentOffset, nodeBefore, nodeAfter } = selection.$cursor;
  const atEnd = parentOffset === parent.content.size;
  if ((parentOffset > 0 && !atEnd) || !(atEnd ? nodeBefore : nodeAfter)?.isText) return false;
  const [first] = /\p{L}/u.exec(parent.textContent) ?? [];
  if (first === undefined) return false;
  return LEFTWARD.test(first) === (getComputedStyle(view.dom).direction === 'ltr');
}
