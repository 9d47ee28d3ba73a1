import { Editor } from '@tiptap/core';
import type { AnyExtension } from '@tiptap/core';
import { EditorState, Selection, TextSelection } from '@tiptap/pm/state';
import type { PluginView, Transaction } from '@tiptap/pm/state';
import { CONTENT_FIELD, documentExtensions } from '@sheaf/schema';
import * as Y from 'yjs';
import { bindFlow } from '../binding/extension.ts';
import type { BoundFlow } from '../binding/extension.ts';
import { ClosedToggles } from '../container/closed-toggles.ts';
import { containers } from '../container/extension.ts';
import { footnotes } from '../footnote/extension.ts';
import { EnterKeys } from '../enter-keys.ts';
import { JoinedLists } from '../joined-lists.ts';
import { MathTyping } from '../math/math-typing.ts';
import { TabKeys } from '../leave-keys.ts';
import { PlaceLeft } from '../place-left.ts';
import { indentation } from '../style/indentation.ts';
import { TextStyle } from '../style/text-style.ts';
import { Tables } from '../table/extension.ts';
import { TitleKeys } from '../title.ts';
import { en } from '../../words/en.ts';
import type { Target } from './command.ts';

/** What a person presses: `Tab`, `Shift-Tab`, `Enter`. */
export type Keys = string;

/** A view without a browser: it has a state and the binding's plugin, and hands on keys. */
class HeadlessView {
  readonly editable = true;
  readonly composing = false;
  readonly dragging = null;
  readonly isDestroyed = false;
  state: EditorState;
  #plugins: PluginView[] = [];
  readonly #tell: (transactions: readonly Transaction[]) => void;

  constructor(state: EditorState, tell: (transactions: readonly Transaction[]) => void) {
    this.state = state;
    this.#tell = tell;
  }

  /** Only the binding's view is made; those of others draw. */
  open(name: string): void {
    const plugin = this.state.plugins.find(({ spec }) => spec.key && Reflect.get(spec.key, 'key') === name);
    // Nothing of a view is used but what is here.
    const made = plugin?.spec.view?.(this as never);
    if (made) this.#plugins.push(made);
  }

  readonly dispatch = (transaction: Transaction): void => {
    const { state, transactions } = this.state.applyTransaction(transaction);
    this.updateState(state);
    this.#tell(transactions);
  };

  updateState(state: EditorState): void {
    const before = this.state;
    this.state = state;
    for (const { update } of this.#plugins) update?.(this as never, before);
  }

  focus(): void {
    // It always has the focus.
  }

  setProps(): void {
    // What is set draws, or listens to the browser.
  }

  /** Nothing is drawn. */
  nodeDOM(): null {
    return null;
  }

  endOfTextblock(direction: string): boolean {
    const { $head } = this.state.selection;
    const back = direction === 'backward' || direction === 'left' || direction === 'up';
    return back ? $head.parentOffset === 0 : $head.parentOffset === $head.parent.content.size;
  }

  press(keys: Keys): boolean {
    const parts = keys.split('-');
    const has = (name: string) => parts.includes(name);
    const event = {
      key: parts.at(-1),
      keyCode: 0,
      shiftKey: has('Shift'),
      ctrlKey: has('Mod'),
      altKey: has('Alt'),
      metaKey: false,
      preventDefault: () => undefined,
    };
    return this.state.plugins.some(
      (plugin) => plugin.props.handleKeyDown?.call(plugin, this as never, event as never) === true,
    );
  }
}

/** The real editor with its commands, keys and binding, without a browser. For tests. */
export class TestEditor {
  readonly doc = new Y.Doc();
  readonly editor: Editor;
  readonly bound: BoundFlow;
  readonly updates: Uint8Array[] = [];
  /** What was said of indentation. */
  readonly said: number[] = [];
  readonly #view: HeadlessView;

  constructor(clientId: number, content: Uint8Array) {
    this.doc.clientID = clientId;
    Y.applyUpdate(this.doc, content);
    const onfail = (error: unknown) => {
      throw error;
    };
    const { extension, bound } = bindFlow({ flow: this.doc.getText(CONTENT_FIELD), onfail });
    const nothing = { getItem: () => null, setItem: () => undefined };
    const own: AnyExtension[] = [
      extension,
      Tables,
      containers({
        closed: new ClosedToggles(() => nothing),
        nameAt: () => null,
        words: en.container,
        onicon: () => undefined,
      }),
      TitleKeys,
      TabKeys,
      EnterKeys,
      JoinedLists,
      PlaceLeft,
      MathTyping,
      footnotes(en.footnotes),
      TextStyle,
      indentation((steps) => this.said.push(steps)),
    ];
    this.editor = new Editor({
      element: null,
      injectCSS: false,
      extensions: [...documentExtensions(), ...own],
    });
    const flow = bound();
    if (!flow) throw new Error('The binding has not begun.');
    this.bound = flow;
    const plugins = [...this.editor.extensionManager.plugins];
    const state = EditorState.create({ doc: flow.binding.document, plugins });
    this.#view = new HeadlessView(state, ([transaction, ...appendedTransactions]) => {
      const { editor } = this;
      if (transaction) editor.emit('transaction', { editor, transaction, appendedTransactions });
    });
    Reflect.set(this.editor, 'editorView', this.#view);
    this.#view.open('flow$');
    flow.binding.attach(this.#view);
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'network') this.updates.push(update);
    });
  }

  get state(): EditorState {
    return this.#view.state;
  }

  /** What commands work on: this editor, on a page where nothing opens. */
  get target(): Target {
    const { editor, bound } = this;
    const nothing = () => undefined;
    return {
      editor,
      canUndo: bound.undo.canUndo,
      canRedo: bound.undo.canRedo,
      open: nothing,
      isOn: () => false,
      toggle: nothing,
      copyBlockLink: nothing,
      pickFiles: nothing,
      importFile: nothing,
    };
  }

  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, 'network');
  }

  press(keys: Keys): boolean {
    return this.#view.press(keys);
  }

  /** Selects text, or puts the caret. */
  select(from: number, to = from): void {
    const { doc } = this.state;
    const selection = from === to ? Selection.near(doc.resolve(from)) : TextSelection.create(doc, from, to);
    this.#view.dispatch(this.state.tr.setSelection(selection));
  }

  destroy(): void {
    this.bound.undo.destroy();
    this.bound.binding.destroy();
  }
}
