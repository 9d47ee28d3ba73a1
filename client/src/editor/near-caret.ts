import type { Editor } from '@tiptap/core';
import type { Transaction } from '@tiptap/pm/state';
import { isFromYjs } from './binding/extension.ts';
import { caretBlock } from './caret-block.ts';

/** So many stretches before and behind the caret's: of a dozen blocks each they are more than a key of a page goes. */
const NEAR = 4;
const PART = 'near';
/** Keys that move a caret; with Ctrl letters do too, on a Mac. */
const MOVES = /^(?:Arrow|Page|Home|End)/;

/**
 * Lays out the stretches of a long document around the caret before a key moves it, wherever the screen is: Chromium leaves one
 * where it is that stands in what is not laid out, or takes it to the screen, and WebKit takes one over all that is not, to the end of the text. Who writes pays nothing
 * for that: Chromium reads what is laid out before the caret four times for each letter, and that was a seventh of it. Returns
 * what ends it.
 */
export function keepNearCaret(editor: Editor): () => void {
  const { view } = editor;
  let near = new Set<Element>();
  const keep = (slots: Set<Element>) => {
    for (const slot of near) if (!slots.has(slot)) slot.part.remove(PART);
    for (const slot of slots) slot.part.add(PART);
    near = slots;
  };
  const press = ({ key, ctrlKey }: KeyboardEvent) => {
    const block = caretBlock(view.dom);
    const slot = block?.assignedSlot;
    if (!slot || (!MOVES.test(key) && !ctrlKey && isLaidOut(block))) return;
    const slots = [...(slot.parentElement?.children ?? [])];
    const at = slots.indexOf(slot);
    keep(new Set(slots.slice(Math.max(0, at - NEAR), at + NEAR + 1)));
  };
  const wrote = ({ transaction }: { transaction: Transaction }) => {
    if (near.size < 2 || !transaction.docChanged || isFromYjs(transaction)) return;
    // What it stands in is not left without for a moment: until the next frame it would be laid out only where it was asked for.
    const slot = caretBlock(view.dom)?.assignedSlot;
    keep(new Set([...near].filter((one) => one === slot)));
  };
  view.dom.addEventListener('keydown', press, true);
  editor.on('transaction', wrote);
  return () => {
    view.dom.removeEventListener('keydown', press, true);
    editor.off('transaction', wrote);
  };
}

/** Whether an element is laid out. Safari tells that since 17.4. */
function isLaidOut(element: Element): boolean {
  return 'checkVisibility' in element && element.checkVisibility({ contentVisibilityAuto: true });
}
