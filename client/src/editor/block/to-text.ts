import type { Attrs, Node, NodeType } from '@tiptap/pm/model';
import type { Command } from '@tiptap/pm/state';
import { liftTarget } from '@tiptap/pm/transform';

/**
 * Takes what is selected out of what it stands in, and makes it text of no kind. Where it stands on the line, and what others
 * suggest of it, stays.
 */
export const toText: Command = ({ doc, selection, tr }, dispatch) => {
  for (const { $from, $to } of selection.ranges)
    doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (node.isText) return;
      const $start = tr.doc.resolve(tr.mapping.map(pos));
      const range = $start.blockRange(tr.doc.resolve(tr.mapping.map(pos + node.nodeSize)));
      if (!range) return;
      const depth = liftTarget(range);
      const { defaultType } = $start.parent.contentMatchAt($start.index());
      if (node.isTextblock && defaultType)
        tr.setNodeMarkup(range.start, defaultType, keptBy(defaultType, node));
      if (depth !== null) tr.lift(range, depth);
    });
  dispatch?.(tr);
  return true;
};

/** The attributes of a node that another type has as well. */
function keptBy({ spec }: NodeType, { attrs }: Node): Attrs {
  return Object.fromEntries(Object.entries(attrs).filter(([name]) => name in (spec.attrs ?? {})));
}
