import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';

/**
 * Escape, then Tab, leaves the text: Tab alone indents lists, and nobody should be caught in them. `onhint` is called
 * once, when the text first gets the focus.
 */
export function leaveKeys(onhint: () => void): Extension {
  let leaving = false;
  let told = false;
  return Extension.create({
    name: 'leaveKeys',
    priority: 2000,
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          handleDOMEvents: {
            focus: () => {
              if (!told) onhint();
              told = true;
              return false;
            },
            blur: () => {
              leaving = false;
              return false;
            },
            keydown: (_view, event) => {
              if (leaving && event.key === 'Tab') return true;
              if (event.key !== 'Shift') leaving = event.key === 'Escape';
              return false;
            },
          },
        },
      }),
    ],
  });
}

/** Tab in a list stays in it, also where an item can go no deeper. Comes after all that Tab does there. */
export const ListTab = Extension.create({
  name: 'listTab',
  priority: 1,
  addKeyboardShortcuts() {
    const inList = () => this.editor.isActive('listItem') || this.editor.isActive('taskItem');
    return { Tab: inList, 'Shift-Tab': inList };
  },
});
