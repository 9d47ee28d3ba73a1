import { Extension } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';

/**
 * Enter over what reaches from one block into another does what it does at a caret there: it begins an item where it stands in a list.
 * Before the words of a task that is done it begins another one, and the words stay done.
 */
export const EnterKeys = Extension.create({
  name: 'enterKeys',
  // Before all else that Enter does.
  priority: 2000,
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor: { state, view, commands } }) => {
        const { selection, tr } = state;
        const { $from, $to, empty } = selection;
        if (selection instanceof TextSelection && !$from.sameParent($to)) {
          commands.deleteSelection();
          // Of whole items one is left: Enter in an empty one would end the list.
          const { parent, depth } = view.state.selection.$from;
          return parent.content.size === 0 && depth > 1;
        }
        const item = $from.depth > 1 ? $from.node(-1) : null;
        const isBefore = empty && $from.parentOffset === 0 && $from.parent.content.size > 0;
        const fresh = item?.attrs['checked'] === true && isBefore && item.firstChild === $from.parent;
        const task = fresh ? item.type.createAndFill() : null;
        if (task) view.dispatch(tr.insert($from.before(-1), task).scrollIntoView());
        return task !== null;
      },
    };
  },
});
