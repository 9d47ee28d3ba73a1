import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { ReplaceStep } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import { isFromYjs } from '../binding/extension.ts';

/** What is typed behind a slash is at most so long, UTF-16 units; longer is prose. */
const LONGEST = 30;
/** Set on a transaction after which the slash is a slash again. */
const LEAVE = 'leaveSlash';

/** A slash that was typed to choose something, and what follows it. */
export interface SlashQuery {
  /** The position before the slash. */
  readonly from: number;
  /** The caret. */
  readonly to: number;
  /** What stands between, without the slash. */
  readonly text: string;
}

/**
 * Notices a slash that is typed at the beginning of a block or behind a space, outside code. It only looks: until
 * something is chosen the document holds what was typed and nothing else. It reads the document and no keys, so that
 * it works with input methods and on phones.
 */
export class SlashTyping {
  readonly #key = new PluginKey<number | null>('slash');
  /** Gets keys while there is a query, before the editor does; true if it took one. */
  onkey: ((event: KeyboardEvent) => boolean) | null = null;

  readonly extension = Extension.create({
    name: 'slash',
    priority: 1100,
    addProseMirrorPlugins: () => [this.#plugin()],
  });

  /** The query with the caret in it, null if there is none. */
  query(state: EditorState): SlashQuery | null {
    const from = this.#key.getState(state) ?? null;
    return from === null ? null : queryAt(state, from);
  }

  /** Leaves what was typed as it is. */
  leave(view: EditorView): void {
    if (this.query(view.state)) view.dispatch(view.state.tr.setMeta(LEAVE, true));
  }

  #plugin(): Plugin<number | null> {
    return new Plugin<number | null>({
      key: this.#key,
      state: {
        init: () => null,
        apply: (transaction, from, _before, state) => {
          if (transaction.getMeta(LEAVE) === true) return null;
          if (from === null) return typedSlash(transaction, state);
          const place = transaction.mapping.map(from, -1);
          return queryAt(state, place) ? place : null;
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

function typedSlash(transaction: Transaction, state: EditorState): number | null {
  const [step, second] = transaction.steps;
  const pasted = transaction.getMeta('paste') === true || transaction.getMeta('uiEvent') === 'drop';
  if (second || !(step instanceof ReplaceStep) || step.slice.content.size !== 1) return null;
  if (isFromYjs(transaction) || pasted) return null;
  const from = state.selection.from - 1;
  return from >= 0 && queryAt(state, from)?.text === '' ? from : null;
}

function queryAt(state: EditorState, from: number): SlashQuery | null {
  const { $from, empty, from: to } = state.selection;
  const start = $from.start();
  if (!empty || !$from.parent.isTextblock || from < start || to <= from || to - from > LONGEST) return null;
  if ($from.parent.type.spec.code === true || $from.marks().some(({ type }) => type.spec.code === true))
    return null;
  const before = state.doc.textBetween(start, from, undefined, '\ufffc');
  const typed = state.doc.textBetween(from, to, undefined, '\ufffc');
  const begins = before === '' || /[\s\ufffc]$/.test(before);
  return begins && /^\/(?:[^\s/\ufffc][^/\ufffc]*)?$/.test(typed) ? { from, to, text: typed.slice(1) } : null;
}
