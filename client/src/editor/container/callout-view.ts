import { CALLOUT_KINDS } from '@sheaf/schema';
import type { CalloutKind } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import { showCalloutIcon } from './callout-icons.ts';
import type { ContainerWords } from './container-words.ts';

interface CalloutOptions {
  readonly view: EditorView;
  readonly getPos: () => number | undefined;
  readonly words: ContainerWords;
  readonly onend: (callout: CalloutView) => void;
}

/** A callout on the page, with the icon of its kind and a choice of that; who may only read is told the kind. */
export class CalloutView implements NodeView {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('div');
  readonly #choice = document.createElement('select');
  readonly #icon = document.createElement('span');
  #shown: { readonly kind: CalloutKind; readonly hide: () => void } | null = null;
  readonly #onend: CalloutOptions['onend'];
  #node: Node;

  constructor(node: Node, { view, getPos, words, onend }: CalloutOptions) {
    this.#node = node;
    this.#onend = onend;
    this.dom.dir = 'auto';
    this.dom.setAttribute('role', 'note');
    this.#choice.contentEditable = 'false';
    this.#icon.contentEditable = 'false';
    this.#icon.className = 'callout-icon';
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

  /** Whether its kind can be changed now. */
  allow(editable: boolean): void {
    this.#choice.disabled = !editable;
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#paint();
    return true;
  }

  stopEvent({ target }: Event): boolean {
    return target === this.#choice;
  }

  ignoreMutation({ target }: { readonly target: globalThis.Node }): boolean {
    return target === this.dom || !this.contentDOM.contains(target);
  }

  destroy(): void {
    this.#shown?.hide();
    this.#onend(this);
  }

  #paint(): void {
    const kind = CALLOUT_KINDS.find((one) => one === this.#node.attrs['kind']) ?? 'note';
    this.dom.dataset['callout'] = kind;
    this.#choice.value = kind;
    if (this.#shown?.kind === kind) return;
    this.#shown?.hide();
    this.#shown = { kind, hide: showCalloutIcon(this.#icon, kind) };
  }
}
