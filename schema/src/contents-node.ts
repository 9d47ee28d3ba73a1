import { Node } from '@tiptap/core';

/** The element that is a table of contents, a block by itself. */
export const CONTENTS = 'contents';

/** A list of the document's headings, which holds nothing itself. */
export const ContentsNode = Node.create({
  name: 'contents',
  group: 'block',
  atom: true,
  draggable: true,
  parseHTML: () => [{ tag: 'nav[data-contents]' }],
  renderHTML: ({ HTMLAttributes }) => ['nav', { ...HTMLAttributes, 'data-contents': '' }],
});
