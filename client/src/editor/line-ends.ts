import type { Node } from '@tiptap/pm/model';
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
    const { key, target, shiftKey, altKey, ctrlKey, metaKey, defaultPrevented } = event;
    // What stands in the text and has keys of its own keeps them.
    if (defaultPrevented || target !== view.dom || !view.editable) return;
    if (shiftKey || altKey || ctrlKey || metaKey) return;
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

function isAgainstPage(view: EditorView): boolean {
  const { selection } = view.state;
  if (!(selection instanceof TextSelection) || !selection.$cursor || view.composing) return false;
  const { parent, parentOffset } = selection.$cursor;
  return runsAgainst(parent, parentOffset, getComputedStyle(view.dom).direction === 'rtl');
}

/**
 * Whether an offset in a block is an end of a line that runs the other way than a page, which runs `leftward` or not: as its first
 * letter does, things in it aside (UAX 9, P2). At its end that counts only where its last letter runs that way as well: behind other
 * words arrows go by these.
 */
export function runsAgainst(block: Node, offset: number, leftward: boolean): boolean {
  // Code runs from left to right whatever it is of.
  if (block.type.spec.code === true) return false;
  const [before, behind] = lineAround(block, offset);
  if (before !== '' && behind !== '') return false;
  const letters = (before + behind).match(/\p{L}/gu) ?? [];
  const [first, last] = [letters[0], letters.at(-1)];
  if (first === undefined || last === undefined) return false;
  const runsLeft = LEFTWARD.test(first);
  return runsLeft !== leftward && (behind !== '' || LEFTWARD.test(last) === runsLeft);
}

/** What stands before and behind an offset on its line; things that are no text are one character each. */
function lineAround(block: Node, offset: number): [before: string, behind: string] {
  const text = block.textBetween(0, block.content.size, null, (leaf) =>
    leaf.type.name === 'hardBreak' ? '\n' : '\ufffc',
  );
  const begin = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return [text.slice(offset === 0 ? 0 : begin, offset), text.slice(offset, end < 0 ? text.length : end)];
}
