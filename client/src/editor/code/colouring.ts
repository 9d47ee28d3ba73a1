import type { Node } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';
import type { Highlight, Highlights } from '../highlights.ts';
import { languageOf } from './languages.ts';
import { TOKEN_KINDS } from './token-kinds.ts';

/** Longer code is left plain, UTF-16 units: each of its keys would cost more than a keystroke may. */
export const MOST_UNITS = 20_000;
/** So many tokens are shown in one frame, so that none takes long. */
export const TOKENS_IN_A_FRAME = 500;
/** How many numbers tell of one token (`tokensOf` of tokens.ts). */
const NUMBERS_OF_TOKEN = 3;

/** A block of code on the page. */
export interface ColouredBlock {
  /** What it shows now. */
  readonly node: Node;
  readonly getPos: () => number | undefined;
}

interface Around {
  readonly view: EditorView;
  readonly coloured: Highlights;
  /** Finds the tokens of code; null where that fails. */
  readonly tokens: (request: { code: string; language: string }) => Promise<Uint32Array | null>;
  /** Calls when the page is next drawn. */
  readonly frame: (call: () => void) => void;
}

/** Tokens that are to be shown. */
interface Found {
  readonly block: ColouredBlock;
  readonly node: Node;
  readonly tokens: Uint32Array;
  /** How many numbers of them are shown. */
  readonly shown: number;
}

/**
 * Colours the code of one editor, each block when it changed and no other: one after another, and what was found a part in
 * each frame. What was typed since is looked at anew. Only decorations are made: the document knows nothing of it.
 */
export class Colouring {
  readonly #around: Around;
  readonly #waiting = new Map<ColouredBlock, Node>();
  /** The block that is being looked at. */
  #at: ColouredBlock | null = null;
  #busy = false;
  #found: Found[] = [];
  #framed = false;

  constructor(around: Around) {
    this.#around = around;
  }

  /** A block is there, or shows something else. */
  look(block: ColouredBlock): void {
    this.#waiting.set(block, block.node);
    void this.#work();
  }

  /** A block is gone. */
  forget(block: ColouredBlock): void {
    this.#waiting.delete(block);
    if (this.#at === block) this.#at = null;
    this.#found = this.#found.filter((found) => found.block !== block);
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (const [block, node] of this.#waiting) {
        this.#waiting.delete(block);
        this.#at = block;
        const tokens = await this.#tokensOf(node);
        if (this.#at !== block || block.node !== node) continue;
        this.#found = this.#found.filter((found) => found.block !== block);
        this.#found.push({ block, node, tokens, shown: 0 });
        this.#ask();
      }
    } finally {
      this.#busy = false;
    }
  }

  /** None where the code is in no known language, too long, or more than its grammar can read. */
  async #tokensOf({ attrs, textContent: code }: Node): Promise<Uint32Array> {
    const language = languageOf(String(attrs['language'] ?? ''))?.id;
    const wanted = language !== undefined && code !== '' && code.length <= MOST_UNITS;
    return (wanted ? await this.#around.tokens({ code, language }) : null) ?? new Uint32Array();
  }

  #ask(): void {
    if (this.#framed) return;
    this.#framed = true;
    this.#around.frame(() => {
      this.#framed = false;
      this.#show();
    });
  }

  #show(): void {
    const { view } = this.#around;
    const [found] = this.#found;
    if (!found || view.isDestroyed) return;
    // What an input method is writing must not be drawn anew under it.
    if (view.composing) {
      view.dom.addEventListener('compositionend', () => this.#ask(), { once: true });
      return;
    }
    const { block, node, tokens, shown } = found;
    const end = Math.min(tokens.length, shown + TOKENS_IN_A_FRAME * NUMBERS_OF_TOKEN);
    const pos = block.node === node ? block.getPos() : undefined;
    const over = pos === undefined || end === tokens.length;
    if (over) this.#found.shift();
    else this.#found[0] = { ...found, shown: end };
    if (pos !== undefined) {
      const start = pos + 1;
      const from = shown === 0 ? start : start + (tokens[shown - 2] ?? 0);
      const to = over ? start + node.content.size : start + (tokens[end - 2] ?? 0);
      const { coloured } = this.#around;
      coloured.exchange(view, { from, to }, highlightsOf(tokens.subarray(shown, end), start));
    }
    if (this.#found.length > 0) this.#ask();
  }
}

function highlightsOf(tokens: Uint32Array, start: number): Highlight[] {
  const found: Highlight[] = [];
  for (let index = 0; index < tokens.length; index += NUMBERS_OF_TOKEN) {
    const [from = 0, to = 0, kind = 0] = tokens.subarray(index, index + NUMBERS_OF_TOKEN);
    found.push({ from: start + from, to: start + to, class: `code-${TOKEN_KINDS[kind] ?? ''}` });
  }
  return found;
}
