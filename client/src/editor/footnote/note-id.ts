import type { EditorState } from '@tiptap/pm/state';
import { footnotesOf } from './footnotes.ts';

/** Letters and digits of a new id: two people without a network must not choose the same. */
const LENGTH = 8;

/** An id that no footnote of the document has. Short, for Markdown shows it to people. */
export function newNoteId(state: EditorState): string {
  const { notes, references } = footnotesOf(state);
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
    const id = Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
    if (![...notes, ...references].some((one) => one.id === id)) return id;
  }
}
