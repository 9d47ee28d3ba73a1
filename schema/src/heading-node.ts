import { InputRule, Node } from '@tiptap/core';
import type { NodeType } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import { HEADING_LEVELS } from './leaves.ts';

/**
 * Makes a heading of the block from whose beginning `to` was typed, and takes what was typed away. What else the block
 * has stays: how it is aligned, and what is suggested for it. False where no heading can stand.
 */
export function becomeHeading(
  tr: Transaction,
  { from, to }: { readonly from: number; readonly to: number },
  { type, level }: { readonly type: NodeType; readonly level: number },
): boolean {
  const $from = tr.doc.resolve(from);
  if (!$from.node(-1).canReplaceWith($from.index(-1), $from.indexAfter(-1), type)) return false;
  tr.delete(from, to).setBlockType(from, from, type, { ...$from.parent.attrs, level });
  return true;
}

/** A heading. Tiptap's own brings its Markdown along, and its rule for `# ` makes the block anew, without its attributes. */
export const HeadingNode = Node.create({
  name: 'heading',
  group: 'block',
  content: 'inline*',
  defining: true,
  addAttributes: () => ({ level: { default: 1, rendered: false } }),
  parseHTML: () => HEADING_LEVELS.map((level) => ({ tag: `h${String(level)}`, attrs: { level } })),
  renderHTML: ({ node, HTMLAttributes }) => [
    `h${String(HEADING_LEVELS.find((level) => level === node.attrs['level']) ?? 1)}`,
    HTMLAttributes,
    0,
  ],
  addInputRules() {
    return HEADING_LEVELS.map(
      (level) =>
        new InputRule({
          find: new RegExp(`^#{${String(level)}}\\s$`),
          handler: ({ state, range }) =>
            becomeHeading(state.tr, range, { type: this.type, level }) ? undefined : null,
        }),
    );
  },
});
