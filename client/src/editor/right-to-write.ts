import type { EditorView } from '@tiptap/pm/view';

/**
 * Tells whether one may write, now and whenever that changes. Gives what is to be called at each update of the view. What is there
 * already may be told as well: a document is bound, and its plugins come, behind its first screen.
 */
export function followRight(view: EditorView, tell: (editable: boolean) => void): () => void {
  let editable: boolean | null = null;
  const follow = () => {
    if (view.editable === editable) return;
    ({ editable } = view);
    tell(editable);
  };
  follow();
  return follow;
}
