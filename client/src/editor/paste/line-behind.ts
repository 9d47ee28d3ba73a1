import { NodeSelection, Plugin, TextSelection } from '@tiptap/pm/state';
import type { Node } from '@tiptap/pm/model';

/** Marks a transaction that pastes, as ProseMirror's own do. */
export const PASTED = 'paste';

/**
 * Behind a table, an image or another block in which no caret can go on, and with which ends what is pasted, the caret is in the
 * line that follows directly, or in an empty paragraph that comes there. What is selected stays so, and gets one only at the end of
 * the document. It is of the same step of undo as what was pasted.
 */
export function lineBehindPaste(): Plugin {
  return new Plugin({
    appendTransaction: (transactions, _before, { doc, schema, selection, tr }) => {
      if (!transactions.some((one) => one.docChanged && one.getMeta(PASTED) === true)) return null;
      let end = 0;
      for (const one of transactions)
        for (const map of one.mapping.maps) {
          end = map.map(end, -1);
          if (one.getMeta(PASTED) === true)
            map.forEach((_from, _to, _start, to) => void (end = Math.max(end, to)));
        }
      const $end = doc.resolve(end);
      const { nodeBefore, nodeAfter } = $end;
      const selected = selection instanceof NodeSelection && selection.to === end;
      if (nodeBefore?.isBlock !== true || endsInText(nodeBefore) || (selected && end < doc.content.size))
        return null;
      if (nodeAfter?.isTextblock !== true || nodeAfter.type.spec.code === true) {
        const paragraph = schema.nodes['paragraph'];
        if (!paragraph || !$end.parent.canReplaceWith($end.index(), $end.index(), paragraph)) return null;
        tr.insert(end, paragraph.create());
      }
      return selected ? tr : tr.setSelection(TextSelection.create(tr.doc, end + 1));
    },
  });
}

/** Whether a block is one of text, or its last one is, not in a table. */
function endsInText(block: Node): boolean {
  let last: Node | null = block;
  while (last !== null && !last.isTextblock && last.type.spec['tableRole'] === undefined)
    last = last.lastChild;
  return last?.isTextblock === true;
}
