import { Node } from '@tiptap/core';

/** A paragraph, as Tiptap has it, without what it reads and writes Markdown by. */
export const Paragraph = Node.create({
  name: 'paragraph',
  // What a block is that nothing says more of: the first of all kinds.
  priority: 1_000,
  group: 'block',
  content: 'inline*',
  parseHTML: () => [{ tag: 'p' }],
  renderHTML: ({ HTMLAttributes }) => ['p', HTMLAttributes, 0],
});
