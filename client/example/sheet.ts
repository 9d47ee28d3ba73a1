// A whole program with the binding, as one outside this repository would have it: a page without a browser. sheet.test.ts runs it.
import { FlowBinding, OwnUndo } from '@sheaf/client/binding';
import type { Page } from '@sheaf/client/binding';
import { CONTENT_FIELD, documentSchema } from '@sheaf/schema';
import { EditorState } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import type * as Y from 'yjs';

/** Set on transactions that show what others did: they are not written again. */
const FROM_OTHERS = 'fromOthers';

/** A ProseMirror state that shows the content of `doc`, and writes there what is done to it. An EditorView can do the same. */
export class Sheet implements Page {
  readonly binding: FlowBinding;
  readonly undo: OwnUndo;
  state: EditorState;

  constructor(doc: Y.Doc) {
    const flow = doc.getText(CONTENT_FIELD);
    this.binding = new FlowBinding({
      flow,
      field: CONTENT_FIELD,
      schema: documentSchema(),
      mark: (transaction) => transaction.setMeta(FROM_OTHERS, true),
      onfail: (error) => {
        throw error;
      },
    });
    this.undo = new OwnUndo(flow, this.binding, (selection) =>
      this.dispatch(this.binding.select(this.state.tr, selection)),
    );
    this.state = EditorState.create({ doc: this.binding.document });
    this.binding.attach(this);
  }

  dispatch(transaction: Transaction): void {
    const { selection } = this.state;
    this.state = this.state.apply(transaction);
    if (transaction.docChanged && transaction.getMeta(FROM_OTHERS) !== true)
      this.binding.write(transaction.mapping.maps, selection);
  }

  close(): void {
    this.undo.destroy();
    this.binding.destroy();
  }
}
