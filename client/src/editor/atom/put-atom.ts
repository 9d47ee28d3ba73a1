import { nodeOfAtom } from '@sheaf/schema';
import type { Atom } from '@sheaf/schema';
import { TextSelection } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import type { Meant } from '../meant.ts';

/** Puts an atom in the place of a stretch of text, and of others behind it; behind it is the caret of whom was there. */
export function putAtom(
  { tr, schema, doc, selection }: EditorState,
  { from, to }: Meant,
  atom: Atom,
  others: readonly Meant[] = [],
): Transaction {
  for (const other of others.toReversed()) tr.delete(other.from, other.to);
  const node = nodeOfAtom(schema, atom).mark(doc.resolve(from).marks());
  tr.replaceWith(from, to, node);
  // Who has gone elsewhere meanwhile stays there.
  if (selection.from <= to && selection.to >= from) tr.setSelection(TextSelection.create(tr.doc, from + 1));
  return tr.scrollIntoView();
}
