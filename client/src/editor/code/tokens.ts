import type { Emitter } from 'highlight.js';
import { highlighter } from './grammars.ts';
import { KIND_OF_SCOPE, TOKEN_KINDS } from './token-kinds.ts';
import type { TokenKind } from './token-kinds.ts';

/** How many numbers tell of one token: where it begins, where it ends, and its kind's place in `TOKEN_KINDS`. */
export const NUMBERS_OF_TOKEN = 3;

/**
 * The tokens of code, in order, none within another: `NUMBERS_OF_TOKEN` numbers each, in UTF-16 units of the code. Throws
 * where the language's grammar fails.
 */
export function tokensOf(code: string, language: string): Uint32Array<ArrayBuffer> {
  const { _emitter: emitter, errorRaised } = highlighter.highlight(code, { language, ignoreIllegals: true });
  if (errorRaised) throw errorRaised;
  return Uint32Array.from(emitter instanceof TokenList ? emitter.tokens : []);
}

/** The kind of a scope such as `title.class.inherited`: of it, or of what it is a kind of; undefined if it has none of its own. */
function kindOf(scope: string): TokenKind | null | undefined {
  for (let name = scope; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const kind = KIND_OF_SCOPE[name];
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Lists tokens where highlight.js would make HTML. */
class TokenList implements Emitter {
  readonly tokens: number[] = [];
  /** The kinds of what is open, the innermost last. */
  readonly #open: (TokenKind | null)[] = [];
  #at = 0;

  startScope(scope: string): void {
    const kind = kindOf(scope);
    this.#open.push(kind === undefined ? (this.#open.at(-1) ?? null) : kind);
  }

  endScope(): void {
    this.#open.pop();
  }

  /** As highlight.js calls them where a scope is more than one word. */
  openNode = (scope: string): void => this.startScope(scope);
  closeNode = (): void => this.endScope();

  addText(text: string): void {
    const kind = this.#open.at(-1) ?? null;
    if (kind !== null) this.#add(this.#at, this.#at + text.length, TOKEN_KINDS.indexOf(kind));
    this.#at += text.length;
  }

  __addSublanguage(emitter: Emitter): void {
    if (!(emitter instanceof TokenList)) return;
    const { tokens } = emitter;
    for (let index = 0; index < tokens.length; index += NUMBERS_OF_TOKEN) {
      const [from = 0, to = 0, kind = 0] = tokens.slice(index, index + NUMBERS_OF_TOKEN);
      this.#add(this.#at + from, this.#at + to, kind);
    }
    this.#at += emitter.#at;
  }

  finalize(): void {
    // It is a list at any time.
  }

  toHTML(): string {
    return '';
  }

  #add(from: number, to: number, kind: number): void {
    if (from === to) return;
    const { length } = this.tokens;
    if (this.tokens[length - 1] === kind && this.tokens[length - 2] === from) this.tokens[length - 2] = to;
    else this.tokens.push(from, to, kind);
  }
}

highlighter.configure({ __emitter: TokenList });
