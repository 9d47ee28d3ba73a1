import { InputRule } from '@tiptap/core';
import Heading from '@tiptap/extension-heading';
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

/** A heading. Tiptap's own rule for `# ` makes the block anew, without its attributes. */
export const HeadingNode = Heading.extend({
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
}).configure({ levels: [...HEADING_LEVELS] });
