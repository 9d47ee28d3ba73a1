import type { Editor } from '@tiptap/core';
import type { Transaction } from '@tiptap/pm/state';
import { isFromYjs } from './binding/extension.ts';
import { caretBlock } from './caret-block.ts';
import { makeFine } from './fine-stretches.ts';
import { isLaidOut } from './is-laid-out.ts';
import { whenDrawn } from './when-drawn.ts';

/** So many blocks before and behind the caret's stretch are laid out, and as many as a window has lines: more than a key of a page goes. */
const NEAR = 64;
/** The height of a line, px. */
const LINE = 24;
const PART = 'near';
/** Keys that move a caret; with Ctrl letters do too, on a Mac. */
const MOVES = /^(?:Arrow|Page|Home|End)/;

/**
 * Lays out the stretches of a long document around the caret before a key moves it, wherever the screen is: Chromium leaves one
 * where it is that stands in what is not laid out, or takes it to the screen, and WebKit takes one over all that is not, to the end of the text. Who writes pays nothing
 * for that: Chromium reads what is laid out before the caret four times for each letter, and that was a seventh of it. So where
 * somebody writes the stretches are fine as well. `stage` is what scrolls the text. Returns what ends it.
 */
export function keepNearCaret(editor: Editor, stage: HTMLElement): () => void {
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
    const around = slotsAround(slot);
    if (around.size === near.size && [...around].every((one) => near.has(one))) return;
    // What was never laid out is not as high as it was taken to be, and the browser keeps no place among what is told to be laid out.
    // Who looks elsewhere keeps what they look at; a key that leads back to the caret shows it by itself.
    const held = overlap(block, stage) ? block : (seenIn(stage, view.dom) ?? block);
    const { top } = held.getBoundingClientRect();
    keep(around);
    stage.scrollTop += held.getBoundingClientRect().top - top;
  };
  /** The stretch around which they were made fine, and how many blocks it had. */
  let fine: { readonly slot: HTMLSlotElement | null; readonly blocks: number } | null = null;
  let prevent: (() => void) | null = null;
  const settle = () => {
    prevent = null;
    // A browser that composes looks for its place in what is laid out: that stays as it is until the next letter behind it.
    const block = editor.isDestroyed || view.composing ? null : caretBlock(view.dom);
    if (!block) return;
    makeFine(block);
    keep(new Set());
    const slot = block.assignedSlot;
    fine = { slot, blocks: slot?.assignedNodes().length ?? 0 };
  };
  const wrote = ({ transaction }: { transaction: Transaction }) => {
    if (prevent || !transaction.docChanged || isFromYjs(transaction)) return;
    const slot = caretBlock(view.dom)?.assignedSlot;
    if (!slot) return;
    if (near.size === 0 && slot === fine?.slot && slot.assignedNodes().length === fine.blocks) return;
    // As a frame begins: what was just made or let go is laid out with the next one, and letters typed before that would go elsewhere.
    // Not in that of the letter, which is long enough.
    prevent = whenDrawn(() => {
      const frame = requestAnimationFrame(settle);
      prevent = () => cancelAnimationFrame(frame);
    });
  };
  view.dom.addEventListener('keydown', press, true);
  editor.on('transaction', wrote);
  return () => {
    view.dom.removeEventListener('keydown', press, true);
    editor.off('transaction', wrote);
    prevent?.();
  };
}

/** A stretch, and those around it that have enough blocks. */
function slotsAround(slot: HTMLSlotElement): Set<Element> {
  const around = new Set<Element>([slot]);
  const most = Math.max(NEAR, innerHeight / LINE);
  for (const side of ['previousElementSibling', 'nextElementSibling'] as const)
    for (let at = slot[side], blocks = 0; at instanceof HTMLSlotElement && blocks < most; at = at[side]) {
      around.add(at);
      blocks += at.assignedNodes().length;
    }
  return around;
}

/** The first child of a text that is seen in what scrolls it; null if none is. */
function seenIn(stage: Element, text: Element): Element | null {
  const slots = [...(text.shadowRoot?.querySelectorAll('slot') ?? [])].filter((slot) => overlap(slot, stage));
  return slots.flatMap((slot) => slot.assignedElements()).find((child) => overlap(child, stage)) ?? null;
}

/** Whether two elements have lines of the window in common. */
function overlap(one: Element, other: Element): boolean {
  const { top, bottom } = one.getBoundingClientRect();
  const at = other.getBoundingClientRect();
  return at.bottom > top && at.top < bottom;
}
