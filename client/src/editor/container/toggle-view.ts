import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import type { ClosedToggles } from './closed-toggles.ts';
import type { ContainerWords } from './container-words.ts';

interface ToggleOptions {
  readonly view: EditorView;
  readonly getPos: () => number | undefined;
  readonly closed: ClosedToggles;
  /** What the toggle is kept by; null if it has no name. */
  readonly nameOf: () => string | null;
  readonly words: ContainerWords;
  readonly onend: (toggle: ToggleView) => void;
}

/** Asks a toggle on the page to open, or to do the other thing; one that does so prevents what else would come of it. */
export type ToggleAsk = 'toggle-open' | 'toggle-other';

/** A toggle on the page: a button beside its first paragraph hides the others, for this reader alone. */
export class ToggleView implements NodeView {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('div');
  readonly #button = document.createElement('button');
  readonly #view: EditorView;
  readonly #getPos: ToggleOptions['getPos'];
  readonly #closed: ClosedToggles;
  readonly #nameOf: () => string | null;
  readonly #words: ContainerWords;
  readonly #onend: ToggleOptions['onend'];
  #node: Node;

  constructor(node: Node, { view, getPos, closed, nameOf, words, onend }: ToggleOptions) {
    this.#node = node;
    this.#view = view;
    this.#getPos = getPos;
    this.#closed = closed;
    this.#words = words;
    this.#onend = onend;
    this.#nameOf = nameOf;
    this.dom.className = 'toggle';
    this.dom.dir = 'auto';
    this.#button.type = 'button';
    this.#button.contentEditable = 'false';
    this.#button.dataset['testid'] = 'toggle';
    this.dom.append(this.#button, this.contentDOM);
    this.#button.addEventListener('mousedown', (event) => event.preventDefault());
    this.#button.addEventListener('click', () => this.#set(!this.#isClosed));
    this.dom.addEventListener('toggle-other' satisfies ToggleAsk, this.#asked);
    this.dom.addEventListener('toggle-open' satisfies ToggleAsk, this.#asked);
    this.allow(view.editable);
    const name = nameOf();
    this.#paint(name !== null && closed.isClosed(name));
  }

  /** Who may write has Tab for the text, and a command for the button. */
  allow(editable: boolean): void {
    this.#button.tabIndex = editable ? -1 : 0;
  }

  get #isClosed(): boolean {
    return this.dom.classList.contains('closed');
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    return true;
  }

  ignoreMutation({ target }: { readonly target: globalThis.Node }): boolean {
    return target === this.dom || !this.contentDOM.contains(target);
  }

  destroy(): void {
    this.#onend(this);
  }

  #asked = (event: Event): void => {
    // Toggles stand in toggles; each asks for itself.
    if (event.target !== this.dom) return;
    const closed = event.type === 'toggle-other' && !this.#isClosed;
    if (closed !== this.#isClosed) event.preventDefault();
    this.#set(closed);
  };

  #set(closed: boolean): void {
    if (closed === this.#isClosed) return;
    const name = this.#nameOf();
    if (name !== null) this.#closed.set(name, closed);
    if (closed) this.#leave();
    this.#paint(closed);
  }

  /** The caret goes from what gets hidden to the end of what stays: there it would open the toggle again, unseen. */
  #leave(): void {
    const pos = this.#getPos();
    if (pos === undefined) return;
    const { selection, tr } = this.#view.state;
    const end = pos + (this.#node.firstChild?.nodeSize ?? 0);
    const isHidden = (place: number) => place > end && place < pos + this.#node.nodeSize;
    if (isHidden(selection.anchor) || isHidden(selection.head))
      this.#view.dispatch(tr.setSelection(TextSelection.create(tr.doc, end)));
  }

  #paint(closed: boolean): void {
    this.dom.classList.toggle('closed', closed);
    this.#button.ariaExpanded = String(!closed);
    this.#button.ariaLabel = closed ? this.#words.showBelow : this.#words.hideBelow;
  }
}
