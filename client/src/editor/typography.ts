import { Extension } from '@tiptap/core';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

/** The quotation marks of a language: double ones, and those within them. */
export interface Quotes {
  readonly open: string;
  readonly close: string;
  readonly openInner: string;
  readonly closeInner: string;
}

/** What a typed sign becomes. */
interface Replacement {
  /** Where what was typed before begins. */
  readonly from: number;
  readonly text: string;
}

interface TypographyOptions {
  readonly quotes: Quotes;
  readonly isOn: () => boolean;
  /** Ends the present step of undo. */
  readonly separate: () => void;
}

/**
 * Turns straight quotes into those of the person's language, two and three hyphens into dashes and three points into
 * an ellipsis, as they are typed; never in code, nor in what is pasted or comes from others. Backspace right after
 * brings back what was typed, and so does undo.
 */
export function typography({ quotes, isOn, separate }: TypographyOptions): Extension {
  /** The last replacement, as long as nothing else was done. */
  let last: {
    readonly at: number;
    readonly text: string;
    readonly typed: string;
    readonly doc: EditorState['doc'];
  } | null = null;

  const replaceTyped = (view: EditorView, at: { from: number; to: number }, typed: string): boolean => {
    const { state } = view;
    if (!isOn() || view.composing || at.from !== at.to) return false;
    const found = replacementFor(state, at.from, typed, quotes);
    if (!found) return false;
    // First what was typed, then what it becomes: so undo has a step to take back to.
    view.dispatch(state.tr.insertText(typed, at.from));
    const { tr } = view.state;
    const literal = view.state.doc.textBetween(found.from, at.from + typed.length);
    separate();
    view.dispatch(tr.insertText(found.text, found.from, at.from + typed.length));
    separate();
    last = { at: found.from, text: found.text, typed: literal, doc: view.state.doc };
    return true;
  };

  const bringBack = (view: EditorView): boolean => {
    const was = last;
    last = null;
    const { selection, doc, tr } = view.state;
    if (!was || doc !== was.doc || !selection.empty || selection.from !== was.at + was.text.length)
      return false;
    tr.insertText(was.typed, was.at, selection.from);
    view.dispatch(tr.setSelection(TextSelection.create(tr.doc, was.at + was.typed.length)));
    return true;
  };

  return Extension.create({
    name: 'typography',
    priority: 1050,
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          handleTextInput: (view, from, to, text) => replaceTyped(view, { from, to }, text),
          handleKeyDown: (view, event) =>
            event.key === 'Backspace' && !event.ctrlKey && !event.metaKey && !event.altKey && bringBack(view),
        },
      }),
    ],
  });
}

/** What `typed` at a position of `state` becomes together with what stands before it; null: itself. */
function replacementFor(state: EditorState, at: number, typed: string, quotes: Quotes): Replacement | null {
  const $at = state.doc.resolve(at);
  const { parent } = $at;
  const marks = state.storedMarks ?? $at.marks();
  if (
    !parent.isTextblock ||
    parent.type.spec.code === true ||
    marks.some(({ type }) => type.spec.code === true)
  )
    return null;
  const before = parent.textBetween(0, $at.parentOffset, undefined, '\ufffc');
  if (isCode(before)) return null;
  switch (typed) {
    case '"':
      return { from: at, text: opens(before, quotes) ? quotes.open : quotes.close };
    case "'":
      // Within a word it is an apostrophe, in every language.
      if (/[\p{L}\p{N}]$/u.test(before) && !isOpen(before, quotes)) return { from: at, text: '’' };
      return { from: at, text: opens(before, quotes) ? quotes.openInner : quotes.closeInner };
    case '-':
      // At the beginning of a block they are a divider in the making, behind a space an option: `--help`.
      if (/[^-–—\s]-$/.test(before)) return { from: at - 1, text: '–' };
      return /[^-–—\s]–$/.test(before) ? { from: at - 1, text: '—' } : null;
    case ' ':
      return /\S --$/.test(before) ? { from: at - 2, text: '– ' } : null;
    case '.':
      return before.endsWith('..') && !before.endsWith('...') ? { from: at - 2, text: '…' } : null;
    default:
      return null;
  }
}

/** Whether what is typed behind this text is code in the making: a backtick is open. */
function isCode(before: string): boolean {
  return before.split('`').length % 2 === 0;
}

/** Whether a quotation begins behind this text. */
function opens(before: string, { open, openInner }: Quotes): boolean {
  return (
    before === '' || /[\s\ufffc([{/–—-]$/u.test(before) || before.endsWith(open) || before.endsWith(openInner)
  );
}

/** Whether an inner quotation is open behind this text. */
function isOpen(before: string, { openInner, closeInner }: Quotes): boolean {
  if (openInner === closeInner) return false;
  return before.lastIndexOf(openInner) > before.lastIndexOf(closeInner);
}
