import type { Node } from '@tiptap/pm/model';
import type { Command } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import type { Words } from '../../words/en.ts';
import { footnotesOf } from './footnotes.ts';
import type { Numbers } from './footnotes.ts';
import type { FootnoteTools, LazyTools } from './lazy-tools.ts';

/** What footnotes say. */
export type FootnoteWords = Words['footnotes'];

/** What is shown of footnotes on a page: it shows other numbers when these change. */
export interface Numbered {
  show(numbers: Numbers): void;
}

interface Around {
  readonly view: EditorView;
  readonly words: FootnoteWords;
  /** All that shows a number on this page. */
  readonly all: Set<Numbered>;
  readonly tools: LazyTools;
}

/** Leads to the note of a reference, and gives it one where that is lacking. */
export function openReference(view: EditorView, id: string, tools: LazyTools): boolean {
  const { noted } = footnotesOf(view.state).numbers;
  if (!noted.has(id) && !view.editable) return false;
  void run({ view, tools }, ({ goToNote, giveNote }) => (noted.has(id) ? goToNote(id) : giveNote(id)));
  return true;
}

/** Runs a command that leads somewhere: the text has the focus there, also where nobody may write. */
async function run(
  { view, tools: lazy }: Pick<Around, 'view' | 'tools'>,
  choose: (tools: FootnoteTools) => Command,
): Promise<void> {
  const tools = lazy.now ?? (await lazy.load());
  if (!tools || view.isDestroyed) return;
  choose(tools)(view.state, view.dispatch);
  if (view.editable) view.focus();
  else {
    const { node } = view.domAtPos(view.state.selection.from);
    const element = node instanceof HTMLElement ? node : node.parentElement;
    element?.closest('aside')?.focus();
    element?.scrollIntoView({ block: 'center' });
  }
}

/** A reference: its number, raised. A click or Enter leads to the note. */
export class ReferenceView implements NodeView, Numbered {
  readonly dom = document.createElement('a');
  readonly #node: Node;
  readonly #around: Around;
  #hide: (() => void) | null = null;

  constructor(node: Node, around: Around) {
    this.#node = node;
    this.#around = around;
    const { view, all } = around;
    this.dom.className = 'atom footnote-reference';
    this.dom.dataset['testid'] = 'footnote-reference';
    this.dom.setAttribute('role', 'doc-noteref');
    this.dom.href = '#';
    // While somebody writes, the text is one stop of the keyboard.
    this.dom.tabIndex = view.editable ? -1 : 0;
    // Enter on a link is a click.
    this.dom.addEventListener('click', (event) => {
      event.preventDefault();
      openReference(view, this.#id, around.tools);
    });
    for (const event of ['mouseenter', 'focus']) this.dom.addEventListener(event, () => void this.#preview());
    for (const event of ['mouseleave', 'blur']) this.dom.addEventListener(event, () => this.#hide?.());
    all.add(this);
    this.show(footnotesOf(view.state).numbers);
  }

  get #id(): string {
    return String(this.#node.attrs['footnote']);
  }

  show({ of, noted }: Numbers): void {
    const number = of.get(this.#id) ?? 0;
    const lacking = !noted.has(this.#id);
    const { words } = this.#around;
    const shown = words.sign(number);
    if (this.dom.textContent !== shown) this.dom.textContent = shown;
    this.dom.classList.toggle('lacking', lacking);
    this.dom.ariaLabel = lacking ? words.lacking(number) : words.note(number);
  }

  update(node: Node): boolean {
    return node.sameMarkup(this.#node);
  }

  selectNode(): void {
    this.dom.classList.add('ProseMirror-selectednode');
    void this.#preview();
  }

  deselectNode(): void {
    this.dom.classList.remove('ProseMirror-selectednode');
    this.#hide?.();
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.#hide?.();
    this.#around.all.delete(this);
  }

  /** Shows the beginning of the note beside the reference, until that is left. */
  async #preview(): Promise<void> {
    this.#hide?.();
    let wanted = true;
    this.#hide = () => (wanted = false);
    // Without a network it may not be there: then the note itself says it.
    const preview = await import('./preview.ts').catch(() => null);
    if (!wanted || !preview) return;
    this.#hide = preview.showPreview(this.dom, this.#around.view, this.#id);
  }
}

/** A note: its number, which leads back to the reference, and its words. One without a reference can get one, or be deleted. */
export class NoteView implements NodeView, Numbered {
  readonly dom = document.createElement('aside');
  readonly contentDOM = document.createElement('div');
  readonly #side = document.createElement('div');
  readonly #around: Around;
  #node: Node;
  #shown: number | null | undefined;

  constructor(node: Node, around: Around) {
    this.#node = node;
    this.#around = around;
    this.dom.className = 'footnote';
    this.dom.dir = 'auto';
    this.dom.tabIndex = -1;
    this.dom.dataset['testid'] = 'footnote';
    this.dom.setAttribute('role', 'doc-footnote');
    this.#side.contentEditable = 'false';
    this.#side.className = 'footnote-side';
    this.dom.append(this.#side, this.contentDOM);
    around.all.add(this);
    this.show(footnotesOf(around.view.state).numbers);
  }

  get #id(): string {
    return String(this.#node.attrs['id']);
  }

  show({ of }: Numbers): void {
    const number = of.get(this.#id) ?? null;
    if (number === this.#shown) return;
    this.#shown = number;
    const { view, words } = this.#around;
    this.dom.ariaLabel = number === null ? words.unreferenced : words.note(number);
    this.dom.classList.toggle('unreferenced', number === null);
    if (number !== null) {
      const back = this.#button(
        words.sign(number),
        () => void run(this.#around, (tools) => tools.goToReference(this.#id)),
      );
      back.ariaLabel = words.back(number);
      back.dataset['testid'] = 'footnote-back';
      // While somebody writes, the keys of the command lead back.
      back.tabIndex = view.editable ? -1 : 0;
      return this.#side.replaceChildren(back);
    }
    const told = document.createElement('span');
    told.textContent = words.unreferenced;
    const refer = this.#button(
      words.refer,
      () => void run(this.#around, (tools) => tools.referAgain(this.#id)),
    );
    const remove = this.#button(
      words.remove,
      () => void run(this.#around, (tools) => tools.deleteNote(this.#id)),
    );
    refer.dataset['testid'] = 'footnote-refer';
    remove.dataset['testid'] = 'footnote-delete';
    this.#side.replaceChildren(told, ...(view.editable ? [refer, remove] : []));
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.show(footnotesOf(this.#around.view.state).numbers);
    return true;
  }

  stopEvent({ target }: Event): boolean {
    return target instanceof Element && this.#side.contains(target);
  }

  ignoreMutation({ target }: { readonly target: globalThis.Node }): boolean {
    return target === this.dom || !this.contentDOM.contains(target);
  }

  destroy(): void {
    this.#around.all.delete(this);
  }

  #button(text: string, onclick: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.addEventListener('mousedown', (event) => event.preventDefault());
    button.addEventListener('click', onclick);
    return button;
  }
}
