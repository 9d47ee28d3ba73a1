import { CONTENT_FIELD } from '@sheaf/schema';
import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { EditorState, Plugin, PluginKey } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import { ReplaceStep } from '@tiptap/pm/transform';
import type { StepMap } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import type * as Y from 'yjs';
import { FlowBinding } from './flow-binding.ts';
import { OwnUndo } from './undo.ts';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    flow: {
      /** Takes back this person's last step. */
      undo: () => ReturnType;
      /** Makes again what was taken back last. */
      redo: () => ReturnType;
    };
  }
}

/** The steps since the document that the binding knows. */
interface Unwritten {
  readonly maps: readonly StepMap[];
  /** Whether they only wrote or deleted text within blocks. */
  readonly typed: boolean;
}

const key = new PluginKey<Unwritten>('flow');
/** Set on transactions that show what came from Yjs. */
const FROM_YJS = 'fromYjs';

/** Whether a transaction shows what came from Yjs: what others wrote, or an undo. */
export function isFromYjs(transaction: Transaction): boolean {
  return transaction.getMeta(FROM_YJS) === true;
}

/** What the page's other parts may use of the binding. */
export interface BoundFlow {
  readonly binding: FlowBinding;
  readonly undo: OwnUndo;
}

/** Binds a Tiptap editor to the content of `doc`: a {@link FlowBinding} with the person's own undo. */
export function bindFlow(flow: Y.Text, onfail: (error: unknown) => void) {
  let bound: BoundFlow | null = null;
  const extension = Extension.create({
    name: 'flow',
    priority: 1000,

    onBeforeCreate() {
      const { editor } = this;
      const binding = new FlowBinding({
        flow,
        field: CONTENT_FIELD,
        schema: editor.schema,
        mark: (transaction) => transaction.setMeta(FROM_YJS, true).setMeta('addToHistory', false),
        onfail,
      });
      const undo = new OwnUndo(flow, binding, (selection) => {
        const { state, view } = editor;
        view.dispatch(binding.select(state.tr, selection).scrollIntoView());
      });
      bound = { binding, undo };
      // An editor takes a node as it is, which its options' type does not say.
      Object.assign(editor.options, { content: editor.schema.topNodeType.createAndFill() });
      // It draws its content once without its plugins, and then with them: it is filled behind that.
      editor.on('mount', () => fill(editor.view, binding));
    },

    onDestroy() {
      bound?.undo.destroy();
      bound?.binding.destroy();
    },

    addCommands() {
      // A chain's transaction must not be dispatched behind what the undo itself shows.
      const run = (step: 'undo' | 'redo') => () => {
        return ({ tr, dispatch }: { tr: Transaction; dispatch: unknown }) => {
          tr.setMeta('preventDispatch', true);
          const able = step === 'undo' ? bound?.undo.canUndo : bound?.undo.canRedo;
          return dispatch === undefined ? able === true : bound?.undo[step]() === true;
        };
      };
      return { undo: run('undo'), redo: run('redo') };
    },

    addKeyboardShortcuts() {
      return {
        'Mod-z': () => this.editor.commands.undo(),
        'Mod-y': () => this.editor.commands.redo(),
        'Shift-Mod-z': () => this.editor.commands.redo(),
      };
    },

    addProseMirrorPlugins() {
      return [flowPlugin(() => bound)];
    },
  });
  return { extension, bound: () => bound };
}

function fill(view: EditorView, binding: FlowBinding): void {
  view.updateState(EditorState.create({ doc: binding.document, plugins: [...view.state.plugins] }));
  binding.attach(view);
}

function flowPlugin(bound: () => BoundFlow | null): Plugin<Unwritten> {
  return new Plugin<Unwritten>({
    key,
    state: {
      init: () => ({ maps: [], typed: true }),
      apply: (transaction, unwritten, before) => {
        if (!transaction.docChanged) return unwritten;
        const known = before.doc === bound()?.binding.document;
        return {
          maps: [...(known ? [] : unwritten.maps), ...transaction.mapping.maps],
          typed: (known || unwritten.typed) && isTyping(transaction),
        };
      },
    },
    view: (view) => {
      const turn = { written: false };
      return { update: (_view, before) => writeTo(bound(), view.state, before, turn) };
    },
  });
}

/** Whether it only wrote or deleted text within one block. */
function isTyping({ steps, docs }: Transaction): boolean {
  return steps.every((step, at) => {
    const doc = docs[at];
    if (!(step instanceof ReplaceStep) || !doc) return false;
    const { from, to, slice } = step;
    const inline =
      slice.openStart === 0 && slice.openEnd === 0 && slice.content.firstChild?.isInline !== false;
    return inline && doc.resolve(from).sameParent(doc.resolve(to));
  });
}

function writeTo(
  flow: BoundFlow | null,
  state: EditorState,
  before: EditorState,
  turn: { written: boolean },
): void {
  const shown: Node | undefined = flow?.binding.document;
  if (!flow || state.doc === shown) return;
  const { maps, typed } = key.getState(state) ?? { maps: [], typed: false };
  // Typing is taken back in stretches, anything else by itself, however quickly it followed; what one command does in
  // several transactions is one step.
  if (!typed && !turn.written) flow.undo.separate();
  flow.binding.write(maps, before.selection);
  turn.written = true;
  queueMicrotask(() => {
    turn.written = false;
    if (!typed) flow.undo.separate();
  });
}
