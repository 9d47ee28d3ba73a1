import { Plugin } from '@tiptap/pm/state';
import type { Node } from '@tiptap/pm/model';

/** Marks a transaction that pastes, as ProseMirror's own do. */
export const PASTED = 'paste';

/**
 * A paragraph behind a table, an image or another block in which no caret can go on, where a paste has made it the
 * last of the document. It is of the same step of undo as what was pasted.
 */
export function lineBehindPaste(): Plugin {
  return new Plugin({
    appendTransaction: (transactions, before, { doc, schema, tr }) => {
      if (!transactions.some((one) => one.docChanged && one.getMeta(PASTED) === true)) return null;
      const paragraph = schema.nodes['paragraph'];
      if (!paragraph || endsInText(doc) || !endsInText(before.doc)) return null;
      return tr.insert(doc.content.size, paragraph.create());
    },
  });
}

/** Whether a document's last block is one of text, not in a table. */
function endsInText(doc: Node): boolean {
  let last = doc.lastChild;
  while (last !== null && !last.isTextblock && last.type.spec['tableRole'] === undefined)
    last = last.lastChild;
  return last?.isTextblock === true;
}
