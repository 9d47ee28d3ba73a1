import { BLOCK_END, CONTENT_FIELD, documentSchema } from '@sheaf/schema';
import { EditorState, Plugin } from '@tiptap/pm/state';
import type { Command, Transaction } from '@tiptap/pm/state';
import { tableEditing } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { withCarried } from '../footnote/carried-notes.ts';
import { keptWithin } from '../footnote/edges.ts';
import { footnotePlugin } from '../footnote/footnotes.ts';
import { FlowBinding, REPAIR } from './flow-binding.ts';
import { tellRestored } from './restored.ts';

const schema = documentSchema();

/** As an editor has it: notes come with what is pasted. */
const footnotes = footnotePlugin((transactions, _before, state) =>
  transactions.some((tr) => tr.docChanged && tr.getMeta('remote') !== true) ? withCarried(state) : null,
);

const selections = new Plugin({ appendTransaction: (_transactions, _before, state) => keptWithin(state) });

/** A page without a browser: a ProseMirror state bound to a Yjs document, with undo. For tests. */
export class TestPage {
  readonly doc = new Y.Doc();
  readonly flow: Y.Text;
  readonly binding: FlowBinding;
  readonly undo: Y.UndoManager;
  /** What this page sent. */
  readonly updates: Uint8Array[] = [];
  state: EditorState;
  /** The steps of the last transaction that showed something from elsewhere. */
  shown: Transaction | null = null;

  constructor(clientId: number, content?: Uint8Array) {
    this.doc.clientID = clientId;
    if (content) Y.applyUpdate(this.doc, content);
    this.flow = this.doc.getText(CONTENT_FIELD);
    this.binding = new FlowBinding({
      flow: this.flow,
      field: CONTENT_FIELD,
      schema,
      mark: (tr) => tr.setMeta('remote', true),
      onfail: (error) => {
        throw error;
      },
    });
    this.undo = new Y.UndoManager(this.flow, { trackedOrigins: new Set([this.binding]), captureTimeout: 0 });
    tellRestored(this.binding, this.undo, REPAIR);
    this.state = EditorState.create({
      doc: this.binding.document,
      plugins: [tableEditing(), footnotes, selections],
    });
    this.binding.attach(this);
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'network') this.updates.push(update);
    });
  }

  dispatch(transaction: Transaction): void {
    const { selection } = this.state;
    const { state, transactions } = this.state.applyTransaction(transaction);
    this.state = state;
    const own = transactions.filter((one) => one.getMeta('remote') !== true && one.docChanged);
    if (transaction.getMeta('remote') === true) {
      this.shown = transaction;
      if (own.length > 0) throw new Error('A plugin changed what came from elsewhere.');
    } else if (own.length > 0)
      this.binding.write(
        own.flatMap(({ mapping }) => mapping.maps),
        selection,
      );
  }

  run(command: Command): boolean {
    return command(this.state, (transaction) => this.dispatch(transaction));
  }

  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, 'network');
  }

  /** The text as it lies in the flow, a line for each block. */
  get text(): string {
    return this.flow.toString().replaceAll(BLOCK_END, '\n');
  }
}

/** Brings pages to one state. */
export function meet(...pages: TestPage[]): void {
  for (const from of pages)
    for (const to of pages)
      if (from !== to) to.receive(Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)));
}
