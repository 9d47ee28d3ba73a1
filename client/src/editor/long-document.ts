import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { redrawOne } from './redraw-one.ts';
import { Stretches } from './stretches.ts';

/** From so many blocks at the top level on, the browser lays out what is near to the screen and no more. */
const LONG_BLOCKS = 200;

/** Has the browser lay out and paint only what is near to the screen of a long document. A short one is cheaper without. */
export const LongDocument = Extension.create({
  name: 'longDocument',
  // What the other plugins ask about places, they ask when all blocks have theirs.
  priority: 2000,
  addProseMirrorPlugins: () => [
    new Plugin({
      view: (view) => {
        let stretches: Stretches | null = null;
        const update = ({ dom, state }: EditorView) => {
          if (state.doc.childCount >= LONG_BLOCKS) redrawOne(view);
          if (stretches !== null) stretches.update();
          // Firefox, which cannot be told to write in slots (prose.css), has presses and arrows there lead to the first block.
          else if (state.doc.childCount >= LONG_BLOCKS && 'webkitUserModify' in dom.style)
            stretches = new Stretches(dom);
        };
        update(view);
        return { update, destroy: () => stretches?.destroy() };
      },
    }),
  ],
});
