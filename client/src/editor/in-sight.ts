import { TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { caretBlock } from './caret-block.ts';

/**
 * Takes a caret for visible where all of its block is, which is asked with each letter: ProseMirror asks where the caret is, and each
 * element around it whether it hides that. Returns what ends it.
 */
export function scrollWhereHidden(view: EditorView, stage: HTMLElement): () => void {
  view.setProps({ handleScrollToSelection: () => isInSight(view, stage) });
  return () => {
    if (!view.isDestroyed) view.setProps({ handleScrollToSelection: () => false });
  };
}

/** Whether all of the caret's block is on the screen. Not asked of blocks that stand within others or are scrolled by themselves. */
function isInSight(view: EditorView, stage: HTMLElement): boolean {
  // Elsewhere the browser's caret is where the text was left, and not where the editor's is now.
  if (!view.hasFocus()) return false;
  const { selection } = view.state;
  const { $head, empty } = selection;
  if (!(selection instanceof TextSelection) || !empty || $head.depth !== 1 || $head.parent.type.spec.code)
    return false;
  const block = caretBlock(view.dom);
  if (block === null) return false;
  const { top, bottom } = block.getBoundingClientRect();
  const seen = stage.getBoundingClientRect();
  // An on-screen keyboard covers what is below.
  return top >= seen.top && bottom <= Math.min(seen.bottom, visualViewport?.height ?? innerHeight);
}
