import { Selection } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import type { Meant } from '../meant.ts';

/**
 * Links all text of stretches that may be linked, or, with null, takes their links away. Words that are selected are not any
 * more, or what is typed next would replace them: the caret is behind the last stretch. A caret stays where it is.
 */
export function writeLink(
  { tr, schema, selection }: EditorState,
  stretches: readonly Meant[],
  href: string | null,
): Transaction {
  const link = schema.marks['link'];
  if (!link) return tr;
  for (const { from, to } of stretches) {
    if (href === null) tr.removeMark(from, to, link);
    else tr.addMark(from, to, link.create({ href }));
  }
  const end = Math.max(...stretches.map(({ to }) => to));
  return selection.empty ? tr : tr.setSelection(Selection.near(tr.doc.resolve(end), -1));
}
