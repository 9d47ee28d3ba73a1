import { Extension } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';

/** Enter over what reaches from one block into another does what it does at a caret there: it begins an item where it stands in a list. */
export const EnterKeys = Extension.create({
  name: 'enterKeys',
  // Before all else that Enter does.
  priority: 2000,
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor: { state, commands } }) => {
        const { selection } = state;
        if (selection instanceof TextSelection && !selection.$from.sameParent(selection.$to))
          commands.deleteSelection();
        return false;
      },
    };
  },
});
