import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { ReplaceStep } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import { isFromYjs } from '../binding/extension.ts';

/** What is typed behind a sign is at most so long, UTF-16 units; longer is prose. */
const LONGEST = 40;

/** A sign that was typed to choose something, and what follows it. */
export interface SignQuery {
  /** The position before the sign. */
  readonly from: number;
  /** The caret. */
  readonly to: number;
  /** What stands between, without the sign. */
  readonly text: string;
}

/** Which sign offers something, and where. */
interface Sign {
  readonly sign: string;
  /** What may stand before it; the beginning of a block always may. */
  readonly behind: RegExp;
  /** What may follow it, as long as it is a query. */
  readonly query: RegExp;
}

/** A slash offers blocks, an at sign days, people and documents, a colon emoji. */
export const SLASH: Sign = { sign: '/', behind: /[\s\ufffc]$/, query: /^(?:[^\s/\ufffc][^/\ufffc]*)?$/ };
export const AT: Sign = { sign: '@', behind: /[\s\ufffc([{"'„“«]$/, query: /^(?:[^\s@\ufffc][^@\ufffc]*)?$/ };
export const COLON: Sign = { sign: ':', behind: /[\s\ufffc]$/, query: /^(?:[\p{L}\d+-][\p{L}\d+_-]*:?)?$/u };

/**
 * Notices a sign that is typed at the beginning of a block or behind a space, outside code. It only looks: until
 * something is chosen the document holds what was typed and nothing else. It reads the document and no keys, so that
 * it works with input methods and on phones.
 */
export class SignTyping {
  readonly #sign: Sign;
  readonly #key: PluginKey<number | null>;
  /** Set on a transaction after which the sign is a sign again. */
  readonly #leave: string;
  readonly extension: Extension;
  /** Gets keys while there is a query, before the editor does; true if it took one. */
  onkey: ((event: KeyboardEvent) => boolean) | null = null;

  constructor(sign: Sign) {
    this.#sign = sign;
    this.#key = new PluginKey(`sign ${sign.sign}`);
    this.#leave = `leave ${sign.sign}`;
    this.extension = Extension.create({
      name: `sign ${sign.sign}`,
      priority: 1100,
      addProseMirrorPlugins: () => [this.#plugin()],
    });
  }

  /** The query with the caret in it, null if there is none. */
  query(state: EditorState): SignQuery | null {
    const from = this.#key.getState(state) ?? null;
    return from === null ? null : queryAt(state, from, this.#sign);
  }

  /** Leaves what was typed as it is. */
  leave(view: EditorView): void {
    if (this.query(view.state)) view.dispatch(view.state.tr.setMeta(this.#leave, true));
  }

  #plugin(): Plugin<number | null> {
    return new Plugin<number | null>({
      key: this.#key,
      state: {
        init: () => null,
        apply: (transaction, from, _before, state) => {
          if (transaction.getMeta(this.#leave) === true) return null;
          if (from === null) return typedSign(transaction, state, this.#sign);
          const place = transaction.mapping.map(from, -1);
          return queryAt(state, place, this.#sign) ? place : null;
        },
      },
      props: {
        handleKeyDown: (view, event) => {
          // Keys that an input method uses are not for the menu.
          if (event.isComposing || view.composing || this.onkey === null || !this.query(view.state))
            return false;
          return this.onkey(event);
        },
      },
    });
  }
}

function typedSign(transaction: Transaction, state: EditorState, sign: Sign): number | null {
  const [step, second] = transaction.steps;
  const pasted = transaction.getMeta('paste') === true || transaction.getMeta('uiEvent') === 'drop';
  if (second || !(step instanceof ReplaceStep) || step.slice.content.size !== 1) return null;
  if (isFromYjs(transaction) || pasted) return null;
  const from = state.selection.from - 1;
  return from >= 0 && queryAt(state, from, sign)?.text === '' ? from : null;
}

function queryAt(state: EditorState, from: number, { sign, behind, query }: Sign): SignQuery | null {
  const { $from, empty, from: to } = state.selection;
  const start = $from.start();
  if (!empty || !$from.parent.isTextblock || from < start || to <= from || to - from > LONGEST) return null;
  if ($from.parent.type.spec.code === true || $from.marks().some(({ type }) => type.spec.code === true))
    return null;
  const before = state.doc.textBetween(start, from, undefined, '\ufffc');
  const typed = state.doc.textBetween(from, to, undefined, '\ufffc');
  const fits = before === '' || behind.test(before);
  const text = typed.slice(1);
  return fits && typed.startsWith(sign) && query.test(text) ? { from, to, text } : null;
}
