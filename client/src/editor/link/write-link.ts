import { Selection } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import type { Meant } from '../meant.ts';

/**
 * Links all text of stretches that may be linked, or, with null, takes their links away. Where they are selected they are not any
 * more, or what is typed next would replace them: the caret is behind the last. Any other selection stays.
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
  const isMeant = stretches.some(({ from }) => selection.ranges.some(({ $from }) => $from.pos === from));
  if (selection.empty || !isMeant) return tr;
  return tr.setSelection(Selection.near(tr.doc.resolve(Math.max(...stretches.map(({ to }) => to))), -1));
}
