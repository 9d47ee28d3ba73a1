import { CALLOUT_KINDS } from '@sheaf/schema';
import type { CalloutKind } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import { showCalloutIcon } from './callout-icons.ts';
import type { ContainerWords } from './container-words.ts';

/** A callout on the page, with the icon of its kind and a choice of that. */
export class CalloutView implements NodeView {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('div');
  readonly #choice = document.createElement('select');
  readonly #icon = document.createElement('span');
  #shown: { readonly kind: CalloutKind; readonly hide: () => void } | null = null;
  #node: Node;

  constructor(
    node: Node,
    { view, getPos, words }: { view: EditorView; getPos: () => number | undefined; words: ContainerWords },
  ) {
    this.#node = node;
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
      if (pos === undefined || !view.editable) return this.#paint();
      view.dispatch(view.state.tr.setNodeAttribute(pos, 'kind', this.#choice.value));
      view.focus();
    });
    this.dom.append(this.#icon, this.#choice, this.contentDOM);
    this.#paint();
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
