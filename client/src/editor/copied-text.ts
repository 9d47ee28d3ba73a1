import { Extension } from '@tiptap/core';
import { atomOf } from '@sheaf/schema';
import type { Fragment, Node } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { writeTsv } from './table/tsv.ts';

/** What is copied, as text for other programs: cells of a table as spreadsheets take them, days and names as they are read. */
export const CopiedText = Extension.create({
  name: 'copiedText',
  // Before Tiptap's own, behind which nobody is asked.
  priority: 200,
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        clipboardTextSerializer: ({ content }) => writeTsv(content, leafWords) || textWithAtoms(content),
      },
    }),
  ],
});

/** The text of what is copied, if a thing of ours is in it; '' leaves it to others. */
export function textWithAtoms(content: Fragment): string {
  let has = false;
  content.descendants((node) => void (has ||= atomOf(node) !== null));
  // To the schema a thing is one sign; who pastes it elsewhere wants its words.
  return has ? content.textBetween(0, content.size, '\n\n', leafWords) : '';
}

function leafWords(leaf: Node): string {
  return leaf.type.name === 'hardBreak' ? '\n' : (leaf.type.spec.leafText?.(leaf) ?? '');
}
