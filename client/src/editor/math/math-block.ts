import type { Node } from '@tiptap/pm/model';
import type { NodeView } from '@tiptap/pm/view';
import type { Words } from '../../words/en.ts';
import { DrawnBlock } from '../code/source-block.ts';
import type { SourceAround } from '../code/source-block.ts';
import { MathDom } from './math-dom.ts';

/** What a formula says. */
type MathWords = Words['math'];

/** A formula that is a block: code in TeX, with what it means below. */
export class MathBlock extends DrawnBlock implements NodeView {
  readonly #shown: MathDom;
  readonly #words: MathWords;

  constructor(node: Node, { words, ...around }: SourceAround & { readonly words: MathWords }) {
    const shown = new MathDom('div', true);
    super(node, around, shown.dom);
    shown.dom.className = 'formula';
    this.#shown = shown;
    this.#words = words;
    this.dom.className = 'math-block';
    this.#show(node);
  }

  update(node: Node): boolean {
    const same = this.shows(node);
    if (same) this.#show(node);
    return same;
  }

  #show(node: Node): void {
    const tex = node.textContent.trim();
    this.#shown.dom.classList.toggle('nothing', tex === '');
    this.#shown.show(tex === '' ? `\\text{${this.#words.nothing}}` : tex);
  }
}
