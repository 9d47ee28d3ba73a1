import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';

/** From so many blocks at the top level on, the browser lays out what is near to the screen and no more. */
const LONG_BLOCKS = 200;

/**
 * Names a long document for the styles, which keep what is far from the screen from being laid out and painted
 * (`content-visibility`, CSS Containment 2). A short one is cheaper without.
 */
export const LongDocument = Extension.create({
  name: 'longDocument',
  addProseMirrorPlugins: () => [
    new Plugin({
      props: { attributes: ({ doc }) => (doc.childCount < LONG_BLOCKS ? {} : { class: 'is-long' }) },
    }),
  ],
});
