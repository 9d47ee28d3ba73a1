import { Extension } from '@tiptap/core';
import { Selection } from '@tiptap/pm/state';
import type { EditorState, Plugin, Transaction } from '@tiptap/pm/state';

/** What Tiptap's plugin of input rules tells of one: the text that was typed, which is not in the document, and its place. */
interface Ruled {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * What is typed and becomes something else, as `**bold**` does, is first written as it was typed: so undo takes back
 * what it became, and all that was typed is there. `separate` ends the present step of undo.
 */
export const ruleUndo = (separate: () => void): Extension =>
  Extension.create({
    name: 'ruleUndo',
    dispatchTransaction({ transaction, next }) {
      const { state } = this.editor;
      // Each extension has a plugin for its own.
      const rules = state.plugins.find(
        (one) => one.spec['isInputRules'] === true && transaction.getMeta(one),
      );
      const ruled = rules && (transaction.getMeta(rules) as Ruled);
      // Enter is no sign.
      const typed =
        ruled && /^[^\n]+$/.test(ruled.text) && state.tr.insertText(ruled.text, ruled.from, ruled.to);
      // Where something else follows from what was typed, the rule's steps do not fit behind that.
      if (!typed || state.apply(typed).doc !== typed.doc) return next(transaction);
      next(typed);
      separate();
      next(behind(typed, transaction, { state: this.editor.state, rules }));
    },
  });

/** What a rule does, behind what was typed in its place. */
function behind(
  typed: Transaction,
  rule: Transaction,
  { state, rules }: { readonly state: EditorState; readonly rules: Plugin },
): Transaction {
  const { tr } = state;
  for (const [at, step] of [...typed.steps.entries()].toReversed()) {
    const doc = typed.docs[at];
    if (doc) tr.step(step.invert(doc));
  }
  for (const step of rule.steps) tr.step(step);
  tr.setSelection(Selection.fromJSON(tr.doc, rule.selection.toJSON()));
  tr.setStoredMarks(rule.storedMarks);
  return tr.setMeta(rules, rule.getMeta(rules));
}
