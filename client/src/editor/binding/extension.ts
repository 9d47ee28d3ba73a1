import { CONTENT_FIELD } from '@sheaf/schema';
import { Extension } from '@tiptap/core';
import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { EditorState, Plugin, PluginKey } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import type { StepMap } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import type * as Y from 'yjs';
import { changedTexts, wroteText } from './changed-texts.ts';
import { firstScreen } from './first-screen.ts';
import { FlowBinding, leaveFormatting } from './flow-binding.ts';
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
  /** Whether what is typed behind them belongs to the same: they were that, or wrote a text in the place of something. */
  readonly goesOn: boolean;
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

/** How a document is bound, and what that needs. */
export interface BindFlowOptions {
  readonly flow: Y.Text;
  /** Called once with an error after which the editor does not show the document any more. */
  readonly onfail: (error: unknown) => void;
  /**
   * Calls `then` when the page has drawn what is on it now; returns what prevents it. With it, a long document's first screen is
   * drawn before the rest is read; without, all comes at once.
   */
  readonly onDrawn?: (then: () => void) => () => void;
}

/**
 * Binds a Tiptap editor to the content of a document: a {@link FlowBinding} with the person's own undo. Until it is bound, which
 * is behind the first screen of a long document, nobody can write in it.
 */
export function bindFlow({ flow, onfail, onDrawn }: BindFlowOptions) {
  let bound: BoundFlow | null = null;
  const waiting: (() => void)[] = [];
  let prevent: (() => void) | null = null;

  function bind(editor: Editor): BoundFlow {
    const binding = new FlowBinding({
      flow,
      field: CONTENT_FIELD,
      schema: editor.schema,
      mark: (transaction) =>
        transaction
          .setMeta(FROM_YJS, true)
          .setMeta('addToHistory', false)
          // Tiptap makes plain paragraphs of a document that was selected whole and is emptied, also by others.
          .setMeta('preventClearDocument', true),
      onfail,
    });
    const undo = new OwnUndo(flow, binding, (selection) => {
      const { state, view } = editor;
      view.dispatch(binding.select(state.tr, selection).scrollIntoView());
    });
    bound = { binding, undo };
    return bound;
  }

  /** Shows the first screen, and all behind the frame with it. */
  function showInTwo(editor: Editor, first: Node, drawn: (then: () => void) => () => void): void {
    const { doc } = flow;
    doc?.on('afterTransaction', leaveFormatting);
    show(editor.view, first);
    const stop = drawn(() => {
      prevent?.();
      try {
        fill(editor.view, bind(editor).binding);
        if (!editor.isDestroyed) for (const then of waiting) then();
      } catch (error) {
        onfail(error);
      }
    });
    prevent = () => {
      prevent = null;
      stop();
      doc?.off('afterTransaction', leaveFormatting);
    };
  }

  const extension = Extension.create({
    name: 'flow',
    priority: 1000,

    onBeforeCreate() {
      const { editor } = this;
      // An editor takes a node as it is, which its options' type does not say.
      Object.assign(editor.options, { content: editor.schema.topNodeType.createAndFill() });
      const first = onDrawn ? firstScreen(flow, editor.schema) : null;
      // It draws its content once without its plugins, and then with them: it is filled behind that.
      if (first && onDrawn) editor.on('mount', () => showInTwo(editor, first, onDrawn));
      else {
        const { binding } = bind(editor);
        editor.on('mount', () => fill(editor.view, binding));
      }
    },

    onDestroy() {
      prevent?.();
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
  return {
    extension,
    bound: () => bound,
    /** Calls `then` as soon as the document is bound: now, or once later. */
    whenBound: (then: () => void): void => {
      if (bound) then();
      else waiting.push(then);
    },
  };
}

function show(view: EditorView, doc: Node): void {
  view.updateState(EditorState.create({ doc, plugins: [...view.state.plugins] }));
}

function fill(view: EditorView, binding: FlowBinding): void {
  show(view, binding.document);
  binding.attach(view);
}

function flowPlugin(bound: () => BoundFlow | null): Plugin<Unwritten> {
  return new Plugin<Unwritten>({
    key,
    props: { editable: () => bound() !== null },
    state: {
      init: () => ({ maps: [], typed: true, goesOn: true }),
      apply: (transaction, unwritten, before) => {
        if (!transaction.docChanged) return unwritten;
        const known = before.doc === bound()?.binding.document;
        const typed = (known || unwritten.typed) && changedTexts(transaction) !== null;
        return {
          maps: [...(known ? [] : unwritten.maps), ...transaction.mapping.maps],
          typed,
          // What a plugin adds to it changes nothing of that.
          goesOn: transaction.getMeta('appendedTransaction')
            ? unwritten.goesOn
            : typed || wroteText(transaction),
        };
      },
    },
    view: (view) => {
      const turn = { written: false };
      return { update: (_view, before) => writeTo(bound(), view.state, before, turn) };
    },
  });
}

function writeTo(
  flow: BoundFlow | null,
  state: EditorState,
  before: EditorState,
  turn: { written: boolean },
): void {
  const shown: Node | undefined = flow?.binding.document;
  if (flow && state.doc === before.doc && !state.selection.eq(before.selection)) flow.undo.moved = true;
  if (!flow || state.doc === shown) return;
  const { maps, typed, goesOn } = key.getState(state) ?? { maps: [], typed: false, goesOn: false };
  // Typing is taken back in stretches, anything else by itself, however quickly it followed; what one command does in
  // several transactions is one step.
  if (!typed && !turn.written) flow.undo.separate();
  flow.binding.write(maps, before.selection);
  flow.undo.moved = false;
  turn.written = true;
  queueMicrotask(() => {
    turn.written = false;
    if (!goesOn) flow.undo.separate();
  });
}
