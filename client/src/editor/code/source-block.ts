import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

/** Where a block stands. */
export interface SourceAround {
  readonly view: EditorView;
  readonly getPos: () => number | undefined;
}

/** A block of code on the page, with something beside its text, which stays text like any other. */
export class SourceBlock {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('code');

  /** `beside`: what is not of the text. */
  constructor(beside: HTMLElement) {
    const source = document.createElement('pre');
    source.append(this.contentDOM);
    source.dir = 'ltr';
    beside.contentEditable = 'false';
    this.dom.append(source, beside);
  }

  ignoreMutation(mutation: { readonly type: string; readonly target: globalThis.Node }): boolean {
    // The source tells by itself what is typed in it; classes and what is beside it are of the view.
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }
}

/** Code that is shown as what it means, below its source. A press on what is shown leads into the source. */
export class DrawnBlock extends SourceBlock {
  readonly #language: unknown;

  constructor(node: Node, { view, getPos }: SourceAround, shown: HTMLElement) {
    super(shown);
    this.#language = node.attrs['language'];
    shown.addEventListener('mousedown', (event) => {
      const pos = getPos();
      if (pos === undefined || !view.editable) return;
      event.preventDefault();
      const end = pos + 1 + (view.state.doc.nodeAt(pos)?.content.size ?? 0);
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, end)));
      view.focus();
    });
  }

  /** Whether a node is still code of the same language. */
  protected shows({ type, attrs }: Node): boolean {
    return type.name === 'codeBlock' && attrs['language'] === this.#language;
  }
}
