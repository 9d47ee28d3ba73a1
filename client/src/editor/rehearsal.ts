import { CONTENT_FIELD } from '@sheaf/schema';
import type { Editor } from '@tiptap/core';
import { EditorState } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import { EditorView } from '@tiptap/pm/view';
import * as Y from 'yjs';
import { FlowBinding } from './binding/flow-binding.ts';
import { OwnUndo } from './binding/undo.ts';

/** Longest wait for the browser to have nothing to do before each step, ms. */
const IDLE_MS = 5_000;
/** What the page's performance entries call its end. */
const REHEARSED = 'sheaf-rehearsed';

const rehearsed = new WeakSet<Editor>();

/**
 * Has letters typed into a document that nobody sees and nobody keeps, while the page has nothing to do: a browser compiles a
 * function when it is first called, and the first letter of a person would wait for some hundred of them. It goes by the ways of
 * `editor`'s own letters as far as these change nothing outside: its plugins' states, ProseMirror's reading of what the browser
 * wrote, the binding, undo.
 */
export function rehearse(editor: Editor): void {
  if (rehearsed.has(editor)) return;
  rehearsed.add(editor);
  let page: ScratchPage | undefined;
  const letter = () => page?.type();
  // A step takes 10 to 20 ms on a slow machine; the second letter goes another way than one into an empty text.
  const steps = [() => (page = new ScratchPage(editor)), letter, letter, letter];
  const next = () => {
    const step = editor.isDestroyed ? undefined : steps.shift();
    try {
      step?.();
    } catch (error) {
      steps.length = 0;
      reportError(error);
    }
    if (step) {
      whenIdle(next);
      return;
    }
    page?.destroy();
    performance.mark(REHEARSED);
  };
  whenIdle(next);
}

/** Safari does not tell when it has nothing to do. */
function whenIdle(then: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(then, { timeout: IDLE_MS });
  else setTimeout(then);
}

/** A page with an empty document of its own, in no window. */
class ScratchPage {
  readonly #doc = new Y.Doc();
  readonly #binding: FlowBinding;
  readonly #undo: OwnUndo;
  readonly #view: EditorView;
  /** With the editor's plugins, which an EditorView would have look at what is on the screen. */
  #state: EditorState;

  constructor({ schema, state }: Editor) {
    // Yjs puts updates together where somebody is told of them.
    this.#doc.on('update', () => undefined);
    const flow = this.#doc.getText(CONTENT_FIELD);
    this.#binding = new FlowBinding({
      flow,
      field: CONTENT_FIELD,
      schema,
      mark: (transaction) => transaction,
      onfail: (error) => {
        throw error;
      },
    });
    this.#undo = new OwnUndo(flow, this.#binding, () => undefined);
    const { document: doc } = this.#binding;
    this.#state = EditorState.create({ doc, plugins: [...state.plugins] });
    this.#view = new EditorView(document.createElement('div'), {
      state: EditorState.create({ doc }),
      dispatchTransaction: (transaction) => this.#dispatch(transaction),
    });
    this.#binding.attach(this.#view);
  }

  /** As a browser types: into the text, of which ProseMirror is told behind it. */
  type(): void {
    const block = this.#view.dom.firstElementChild;
    const text = block?.firstChild;
    if (text instanceof Text) text.appendData('a');
    else block?.prepend('a');
  }

  destroy(): void {
    this.#view.destroy();
    this.#undo.destroy();
    this.#binding.destroy();
    this.#doc.destroy();
  }

  #dispatch(transaction: Transaction): void {
    const { selection } = this.#view.state;
    this.#state = this.#state.apply(this.#state.tr.insertText('a'));
    this.#view.updateState(this.#view.state.apply(transaction));
    this.#binding.write(transaction.mapping.maps, selection);
  }
}
