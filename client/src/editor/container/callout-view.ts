import { CALLOUT_KINDS, calloutLookOf } from '@sheaf/schema';
import type { CalloutLook } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { Selection } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import { showCalloutIcon } from './callout-icons.ts';
import type { ContainerWords } from './container-words.ts';

interface CalloutOptions {
  readonly view: EditorView;
  readonly getPos: () => number | undefined;
  readonly words: ContainerWords;
  /** Lets the person choose an icon for the callout with the caret. */
  readonly onicon: () => void;
  readonly onend: (callout: CalloutView) => void;
}

/** A callout on the page, with its icon and a choice of that and of its kind; who may only read is told them. */
export class CalloutView implements NodeView {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('div');
  readonly #choice = document.createElement('select');
  readonly #icon = document.createElement('button');
  readonly #words: ContainerWords;
  #shown: { readonly look: CalloutLook; readonly hide: () => void } | null = null;
  readonly #onend: CalloutOptions['onend'];
  #node: Node;

  constructor(node: Node, { view, getPos, words, onicon, onend }: CalloutOptions) {
    this.#node = node;
    this.#onend = onend;
    this.#words = words;
    this.dom.dir = 'auto';
    this.dom.setAttribute('role', 'note');
    this.#choice.contentEditable = 'false';
    this.#icon.contentEditable = 'false';
    this.#icon.className = 'callout-icon';
    this.#icon.type = 'button';
    // Not among what Tab reaches in a text: there is a command for it.
    this.#icon.tabIndex = -1;
    this.#icon.dataset['testid'] = 'callout-icon';
    this.#icon.addEventListener('mousedown', (event) => event.preventDefault());
    this.#icon.addEventListener('click', () => {
      const pos = getPos();
      if (pos === undefined) return;
      view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(pos + 1))));
      onicon();
    });
    this.#choice.ariaLabel = words.kind;
    this.#choice.dataset['testid'] = 'callout-kind';
    for (const kind of CALLOUT_KINDS) this.#choice.add(new Option(words[kind], kind));
    this.#choice.addEventListener('change', () => {
      const pos = getPos();
      if (pos === undefined) return;
      view.dispatch(view.state.tr.setNodeAttribute(pos, 'kind', this.#choice.value));
      view.focus();
    });
    this.dom.append(this.#icon, this.#choice, this.contentDOM);
    this.allow(view.editable);
    this.#paint();
  }

  /** Whether its kind and icon can be changed now. */
  allow(editable: boolean): void {
    this.#choice.disabled = !editable;
    this.#icon.disabled = !editable;
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#paint();
    return true;
  }

  stopEvent({ target }: Event): boolean {
    return target === this.#choice || (target instanceof Element && this.#icon.contains(target));
  }

  ignoreMutation({ target }: { readonly target: globalThis.Node }): boolean {
    return target === this.dom || !this.contentDOM.contains(target);
  }

  destroy(): void {
    this.#shown?.hide();
    this.#onend(this);
  }

  #paint(): void {
    const look = calloutLookOf(this.#node);
    const { kind, icon } = look;
    this.dom.dataset['callout'] = kind;
    this.#choice.value = kind;
    const { look: shown, hide } = this.#shown ?? {};
    if (shown?.kind === kind && shown.icon === icon) return;
    hide?.();
    this.#icon.ariaLabel = this.#words.iconIs(icon);
    this.#shown = { look, hide: showCalloutIcon(this.#icon, look) };
  }
}
