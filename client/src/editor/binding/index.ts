/*
 * Binds a ProseMirror document to a Yjs document, so that what several people write at once stays, whatever else they do
 * to the blocks that it stands in: `@sheaf/client/binding`. It needs Yjs, ProseMirror (`@tiptap/pm`) and `@sheaf/schema`; of a
 * browser, a server or the rest of this page it knows nothing. client/example/sheet.ts is a whole program, which runs in Node.
 *
 *   bindFlow({ flow, onfail })         for Tiptap: an extension, and `bound()`, its FlowBinding with the person's own undo
 *   new FlowBinding({ flow, … })       for ProseMirror by itself, or without a view
 *     .document                        what to show at first: a ProseMirror document
 *     .attach(page)                    from now on what comes is dispatched to `page`, which has a state and `dispatch`
 *     .write(maps, selection)          after each change that a person made: its step maps, and the selection before it
 *     .anchor, .range, .blockAnchor    places that stay with their words, as JSON: for carets, comments, links to blocks
 *     .resolve, .resolveRange          where such a place is now; null for what is none, whatever it claims
 *     .select(transaction, selection)  sets such a selection
 *     .destroy()                       shows nothing more
 *   new OwnUndo(flow, binding, show)   undo, redo, canUndo, canRedo, separate: of what this page wrote
 *
 * `flow` is a root `Y.Text` of the document, laid out as SPEC's section FLOW says. What it promises: opening, selecting and receiving
 * write nothing (FLOW-10); what one does to a block never costs words that others type there (FLOW-8); what this version
 * does not know is kept (FLOW-11). What it asks: `write` after each local transaction, in order, and no other writer to
 * `flow` in the same Y.Doc. When it can no longer show the document it stops and calls `onfail`, once. Another schema
 * needs another `@sheaf/schema`: what reads blocks of the flow, and makes nodes of them and blocks of nodes.
 */
export { bindFlow, isFromYjs } from './extension.ts';
export type { BoundFlow } from './extension.ts';
export { FlowBinding } from './flow-binding.ts';
export type { AnchoredRange, AnchoredSelection, FlowBindingOptions, Page } from './flow-binding.ts';
export type { Anchor } from './anchor.ts';
export { OwnUndo } from './undo.ts';
export type { ShowSelection } from './undo.ts';
