import type { Editor } from '@tiptap/core';
import { Mark } from '@tiptap/pm/model';
import type { ResolvedPos } from '@tiptap/pm/model';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { createSubscriber } from 'svelte/reactivity';
import { changedTexts } from './binding/changed-texts.ts';
import type { Target } from './commands/command.ts';

/** Called where runes read of an editor what is there only at times, as `isThere` tells: they read it again {@link whileThere}. */
export function followWhile(editor: Editor, isThere: IsThere): () => void {
  return createSubscriber((update) => whileThere(editor, isThere, update));
}

/** Of something that an editor has only at times, a selection or what is being typed behind a sign, whether it has it. */
type IsThere = (state: EditorState) => boolean;

/** Calls `then` after each transaction before or behind which something is there; all other letters cost nothing. Returns what ends it. */
export function whileThere(editor: Editor, isThere: IsThere, then: () => void): () => void {
  const now = () => !editor.isDestroyed && isThere(editor.state);
  let before = now();
  const look = () => {
    const was = before;
    before = now();
    if (was || before) then();
  };
  // 'update' also tells that the editor became editable.
  editor.on('transaction', look).on('update', look);
  return () => void editor.off('transaction', look).off('update', look);
}

/** Called where runes read what can be done at the caret: they read it again {@link whenPlaceChanges}. */
export function followPlace(target: Target): () => void {
  return createSubscriber((update) => whenPlaceChanges(target, update));
}

/**
 * Calls `then` after each transaction, but not after letters that only go on where the caret is, whoever writes them: behind these the
 * same can be done there as before. Returns what ends it.
 */
export function whenPlaceChanges(target: Target, then: () => void): () => void {
  const { editor } = target;
  let place = placeIn(target);
  const look = ({ transaction, appendedTransactions }: Told) => {
    const before = place;
    place = placeIn(target);
    if (!isSamePlace(before, place) || ![transaction, ...appendedTransactions].every(goesOn)) then();
  };
  editor.on('transaction', look).on('update', look);
  return () => void editor.off('transaction', look).off('update', look);
}

interface Told {
  readonly transaction: Transaction;
  readonly appendedTransactions: readonly Transaction[];
}

/** A transaction that tells of nothing but letters, or of where the selection is now. */
function goesOn(transaction: Transaction): boolean {
  const told = transaction.docChanged || transaction.selectionSet;
  return told && changedTexts(transaction) !== null;
}

/** What decides, beside the blocks around it, on what can be done at the caret; null where something is selected. */
interface Place {
  readonly $from: ResolvedPos;
  readonly marks: readonly Mark[];
  readonly able: string;
}

function placeIn({ editor, canUndo, canRedo }: Target): Place | null {
  if (editor.isDestroyed) return null;
  const { selection, storedMarks } = editor.state;
  const { $from } = selection;
  if (!selection.empty) return null;
  return { $from, marks: storedMarks ?? $from.marks(), able: [editor.isEditable, canUndo, canRedo].join() };
}

function isSamePlace(one: Place | null, other: Place | null): boolean {
  return (
    one !== null &&
    other !== null &&
    one.able === other.able &&
    one.$from.depth === other.$from.depth &&
    Mark.sameSet(one.marks, other.marks) &&
    isSameWay(one.$from, other.$from)
  );
}

/** Whether two places are in the same kinds of blocks, one within the other, at the same numbers. */
function isSameWay(one: ResolvedPos, other: ResolvedPos): boolean {
  for (let depth = 0; depth <= one.depth; depth += 1) {
    if (!one.node(depth).sameMarkup(other.node(depth))) return false;
    if (depth < one.depth && one.index(depth) !== other.index(depth)) return false;
  }
  return true;
}
