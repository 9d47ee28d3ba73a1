import { Extension } from '@tiptap/core';
import { NodeSelection, Plugin } from '@tiptap/pm/state';
import { indentCode } from './code/indent-code.ts';
import type { Way } from './style/indentation.ts';

/**
 * Escape, then Tab, leaves the text: Tab alone stays in it, and nobody should be caught there. `onhint` is called
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
            keydown: (view, event) => {
              // Also from a control that stands in the text, such as the box of a task.
              if (event.key === 'Tab' && (leaving || !view.hasFocus())) return true;
              if (event.key !== 'Shift') leaving = event.key === 'Escape';
              return false;
            },
          },
        },
      }),
    ],
  });
}

/** Tab stays in the text: it puts further in what can be. Comes after all else that Tab does. */
export const TabKeys = Extension.create({
  name: 'tabKeys',
  priority: 1,
  addKeyboardShortcuts() {
    const put = (way: Way) => () => {
      const { state, view, commands } = this.editor;
      // From an image or a card the browser goes on to what can be done with it.
      if (state.selection instanceof NodeSelection) return false;
      if (!indentCode(way)(state, view.dispatch)) commands.indent(way);
      return true;
    };
    return { Tab: put('in'), 'Shift-Tab': put('out') };
  },
});
