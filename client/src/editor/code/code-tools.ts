import type { EditorView } from '@tiptap/pm/view';
import type { SourceWords } from '../../words/source/en.ts';
import type { Highlights } from '../highlights.ts';
import type { CodeBlock } from './code-block.ts';
import { CodeHead } from './code-head.ts';
import { Colouring } from './colouring.ts';
import { Tokenizer } from './tokenizer.ts';

/** What the heads of code and its colours need. */
export interface CodeAround {
  readonly words: SourceWords['code'];
  readonly coloured: Highlights;
  /** Copies, and tells whether it did; it says so to the person. */
  readonly oncopy: (text: string, done: string) => Promise<boolean>;
  /** What comes next is an undo step of its own. */
  readonly separate: () => void;
}

/** What is told of a block of code that has all this. */
export interface JoinedCode {
  /** It shows something else. */
  readonly changed: () => void;
  /** It is gone. */
  readonly leave: () => void;
}

/** What the code of one editor has besides its text, for as long as there is some. */
export class CodeTools {
  readonly #view: EditorView;
  readonly #around: CodeAround;
  readonly #tokenizer = new Tokenizer();
  readonly #colouring: Colouring;
  readonly #blocks = new Set<CodeBlock>();

  constructor(view: EditorView, around: CodeAround) {
    this.#view = view;
    this.#around = around;
    this.#colouring = new Colouring({
      view,
      coloured: around.coloured,
      tokens: (request) => this.#tokenizer.tokens(request),
      frame: (call) => void requestAnimationFrame(call),
    });
  }

  /** Gives a block its head and its colours. */
  join(block: CodeBlock): JoinedCode {
    const head = new CodeHead(block, { ...this.#around, view: this.#view });
    this.#blocks.add(block);
    this.#colouring.look(block);
    return {
      changed: () => {
        head.show();
        this.#colouring.look(block);
      },
      leave: () => {
        head.destroy();
        this.#colouring.forget(block);
        this.#blocks.delete(block);
        if (this.#blocks.size === 0) this.#tokenizer.destroy();
      },
    };
  }
}
