import type { EditorView } from '@tiptap/pm/view';
import Check from '@lucide/svelte/icons/check';
import Copy from '@lucide/svelte/icons/copy';
import { mount, unmount } from 'svelte';
import type { CodeBlock } from './code-block.ts';
import type { CodeAround } from './code-tools.ts';
import { isPlain, languageOf, LANGUAGES } from './languages.ts';

/** How long a button shows that it copied, ms. */
const SHOWN_MS = 2_000;
/** How large an icon is, px. */
const SIZE = 16;

/**
 * The head of a block of code: what language it is in, a choice for who writes and a name for who reads (styles show the one
 * or the other), and a button that copies all of it.
 */
export class CodeHead {
  readonly #block: CodeBlock;
  readonly #around: CodeAround & { readonly view: EditorView };
  readonly #choice = document.createElement('select');
  readonly #name = document.createElement('span');
  readonly #copy = document.createElement('button');
  #hide: () => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the choice is being made by pointer: then typing goes on in the text. */
  #pointed = false;

  constructor(block: CodeBlock, around: CodeAround & { readonly view: EditorView }) {
    this.#block = block;
    this.#around = around;
    const { words } = around;
    block.dom.role = 'group';
    this.#choice.ariaLabel = words.language;
    this.#choice.dataset['testid'] = 'code-language';
    // All languages are there when somebody comes to choose: a document may have many blocks.
    this.#choice.addEventListener('focus', () => this.#offer());
    this.#choice.addEventListener('pointerdown', () => {
      this.#pointed = true;
      this.#offer();
    });
    this.#choice.ariaKeyShortcuts = 'Alt+Enter';
    this.#choice.addEventListener('keydown', () => (this.#pointed = false));
    block.head.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') around.view.focus();
    });
    this.#choice.addEventListener('change', () => this.#choose(this.#choice.value));
    this.#name.className = 'code-name';
    this.#name.dir = 'auto';
    this.#copy.type = 'button';
    this.#copy.ariaLabel = words.copy;
    this.#copy.title = words.copy;
    this.#copy.dataset['testid'] = 'code-copy';
    // The caret stays where it is.
    this.#copy.addEventListener('mousedown', (event) => event.preventDefault());
    this.#copy.addEventListener('click', () => void this.#take());
    this.#icon(Copy);
    block.head.append(this.#choice, this.#name, this.#copy);
    this.show();
  }

  get #language(): string {
    return String(this.#block.node.attrs['language'] ?? '');
  }

  /** Shows what language the block is in now. */
  show(): void {
    const language = this.#language;
    const { words } = this.#around;
    const known = languageOf(language);
    const plain = isPlain(language);
    const value = known?.id ?? (plain ? '' : language);
    const name = known?.name ?? (plain ? words.plain : language);
    if (![...this.#choice.options].some((one) => one.value === value))
      this.#choice.add(new Option(name, value));
    this.#choice.value = value;
    this.#name.textContent = plain ? '' : name;
    this.#block.dom.ariaLabel = plain ? words.block : words.blockIn(name);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#hide();
  }

  #offer(): void {
    const shown = this.#choice.value;
    const [{ text = '' } = {}] = this.#choice.selectedOptions;
    const options = [
      new Option(this.#around.words.plain, ''),
      ...LANGUAGES.map(({ id, name }) => new Option(name, id)),
    ];
    // What only this document knows stays to be chosen.
    if (!options.some(({ value }) => value === shown)) options.push(new Option(text, shown));
    if (options.length !== this.#choice.length) this.#choice.replaceChildren(...options);
    this.#choice.value = shown;
  }

  #choose(language: string): void {
    const { view, separate } = this.#around;
    const pos = this.#block.getPos();
    if (pos === undefined || !view.editable) return this.show();
    separate();
    view.dispatch(view.state.tr.setNodeAttribute(pos, 'language', language === '' ? null : language));
    separate();
    if (this.#pointed) view.focus();
  }

  async #take(): Promise<void> {
    const { oncopy, words } = this.#around;
    if (!(await oncopy(this.#block.node.textContent, words.copied))) return;
    clearTimeout(this.#timer);
    this.#icon(Check);
    this.#timer = setTimeout(() => this.#icon(Copy), SHOWN_MS);
  }

  #icon(icon: typeof Copy): void {
    this.#hide();
    const shown = mount(icon, { target: this.#copy, props: { size: SIZE, 'aria-hidden': true } });
    this.#hide = () => void unmount(shown);
  }
}
