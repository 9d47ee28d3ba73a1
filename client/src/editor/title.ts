import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';

/** The longest title that the tab and the header show, UTF-16 units. */
const TITLE_LENGTH = 200;

/** Whether `node` can be a title: a heading of level 1. It is one where it comes first. */
export function isTitle(node: Node | null): boolean {
  return node?.type.name === 'heading' && node.attrs['level'] === 1;
}

/** The document's title, '' if it has none. */
export function titleOf(doc: Node): string {
  return doc.firstChild && isTitle(doc.firstChild)
    ? doc.firstChild.textContent.trim().slice(0, TITLE_LENGTH)
    : '';
}

/** Enter in the title goes to the text: what follows the caret becomes a paragraph, an empty one below is used. */
const leaveTitle: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const paragraph = state.schema.nodes['paragraph'];
  if (!empty || $from.depth !== 1 || $from.index(0) !== 0 || !isTitle($from.parent) || !paragraph)
    return false;
  const below = state.doc.maybeChild(1);
  const after = $from.after();
  const { tr } = state;
  if ($from.parentOffset < $from.parent.content.size) tr.split($from.pos, 1, [{ type: paragraph }]);
  else {
    if (below?.type !== paragraph || below.content.size > 0) tr.insert(after, paragraph.create());
    tr.setSelection(TextSelection.create(tr.doc, after + 1));
  }
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** The keys of the title. */
export const TitleKeys = Extension.create({
  name: 'titleKeys',
  priority: 1000,
  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => leaveTitle(editor.state, editor.view.dispatch) };
  },
});
