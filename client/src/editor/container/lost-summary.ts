import { Plugin } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { Mapping } from '@tiptap/pm/transform';
import { isFromYjs } from '../binding/extension.ts';
import { endToggle, toggleBehind } from './end-toggle.ts';

/** Ends the toggle behind the caret if what it shows stood below what it showed before. */
function ended(
  transactions: readonly Transaction[],
  { doc: was }: EditorState,
  { doc, selection: { $from }, tr }: EditorState,
): Transaction | null {
  if (doc === was || transactions.some(isFromYjs)) return null;
  const toggle = toggleBehind($from);
  if (toggle === null) return null;
  const back = new Mapping(transactions.flatMap(({ mapping }) => mapping.maps)).invert();
  const $was = was.resolve(back.map(toggle + 1));
  if ($was.parent.type.name !== 'toggle' || $was.index() === 0) return null;
  const shows = doc.nodeAt(toggle + 1);
  endToggle(tr, toggle);
  // An empty one was put before what cannot be shown.
  if (shows?.content.size === 0 && shows !== $was.nodeAfter) tr.delete(toggle, toggle + shows.nodeSize);
  return tr;
}

/**
 * A toggle of which a person deletes the first paragraph with what stood before it ends: the next one would be shown in its place. It is
 * looked for at the caret, where a key leaves it, and what is typed, pasted or composed over a selection.
 */
export function lostSummary(): Plugin {
  return new Plugin({ appendTransaction: ended });
}
