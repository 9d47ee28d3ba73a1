import type { EditorView } from '@tiptap/pm/view';
import { footnotesOf } from './footnotes.ts';

/** So much of a note is shown beside its reference, UTF-16 units. */
const MOST_WORDS = 400;
/** Between the reference and what is shown, and to the edges of the window, px. */
const GAP = 8;

/** Shows the words of a note beside its reference, over what stands there, until what is returned is called. */
export function showPreview(reference: HTMLElement, { state }: EditorView, id: string): () => void {
  const parts = footnotesOf(state).notes.filter((one) => one.id === id);
  const words = parts
    .map(({ pos }) => state.doc.nodeAt(pos))
    .map((note) =>
      note?.textBetween(0, note.content.size, '\n', (leaf) => leaf.type.spec.leafText?.(leaf) ?? ' '),
    )
    .join('\n')
    .trim();
  if (words === '') return () => undefined;
  const box = document.createElement('div');
  box.className = 'footnote-preview';
  box.dir = 'auto';
  // Whoever hears the page goes to the note, which is a key away.
  box.ariaHidden = 'true';
  box.dataset['testid'] = 'footnote-preview';
  box.textContent = words.length > MOST_WORDS ? `${words.slice(0, MOST_WORDS).toWellFormed()}…` : words;
  document.body.append(box);
  const at = reference.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const most = document.documentElement.clientWidth - size.width - GAP;
  box.style.left = `${Math.max(GAP, Math.min(at.left - GAP, most))}px`;
  const below = at.bottom + GAP;
  const above = at.top - GAP - size.height;
  box.style.top = `${below + size.height > window.innerHeight && above > 0 ? above : below}px`;
  return () => box.remove();
}
