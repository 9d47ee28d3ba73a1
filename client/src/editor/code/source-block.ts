import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

/** Where a block stands. */
export interface SourceAround {
  readonly view: EditorView;
  readonly getPos: () => number | undefined;
}

/**
 * A block of code that is shown as what it means, below its source, which stays text like any other. A press on what is
 * shown leads into the source.
 */
export class SourceBlock {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('code');
  readonly #language: unknown;

  constructor(node: Node, { view, getPos }: SourceAround, shown: HTMLElement) {
    this.#language = node.attrs['language'];
    const source = document.createElement('pre');
    source.append(this.contentDOM);
    source.dir = 'ltr';
    shown.contentEditable = 'false';
    shown.addEventListener('mousedown', (event) => {
      const pos = getPos();
      if (pos === undefined || !view.editable) return;
      event.preventDefault();
      const end = pos + 1 + (view.state.doc.nodeAt(pos)?.content.size ?? 0);
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, end)));
      view.focus();
    });
    this.dom.append(source, shown);
  }

  ignoreMutation(mutation: { readonly type: string; readonly target: globalThis.Node }): boolean {
    // The source tells by itself what is typed in it; classes and pictures are of the view.
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  /** Whether a node is still code of the same language. */
  protected shows({ type, attrs }: Node): boolean {
    return type.name === 'codeBlock' && attrs['language'] === this.#language;
  }
}
