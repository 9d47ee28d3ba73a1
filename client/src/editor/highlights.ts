import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView } from '@tiptap/pm/view';

/** A stretch of text, or a block, that is shown differently. */
export interface Highlight {
  readonly from: number;
  readonly to: number;
  readonly class: string;
}

/**
 * Stretches of text that stand out on this page and nowhere else. They follow what is written around and within
 * them; the document knows nothing of them.
 */
export class Highlights {
  readonly #key: PluginKey<DecorationSet>;
  readonly extension: Extension;

  constructor(name: string) {
    const key = new PluginKey<DecorationSet>(name);
    this.#key = key;
    const plugin = new Plugin<DecorationSet>({
      key,
      state: {
        init: () => DecorationSet.empty,
        apply: (transaction, shown) => {
          const wanted: unknown = transaction.getMeta(key);
          if (wanted instanceof DecorationSet) return wanted;
          return transaction.docChanged ? shown.map(transaction.mapping, transaction.doc) : shown;
        },
      },
      props: { decorations: (state) => key.getState(state) },
    });
    this.extension = Extension.create({ name, addProseMirrorPlugins: () => [plugin] });
  }

  /** Shows these, and none of those before. */
  show(view: EditorView, highlights: readonly Highlight[]): void {
    if (view.isDestroyed || (highlights.length === 0 && this.at(view.state).length === 0)) return;
    const { doc } = view.state;
    const found = highlights.map(({ from, to, class: name }) => {
      // ProseMirror shows an inline one in text only.
      const block = doc.nodeAt(from);
      const whole = block?.isBlock === true && from + block.nodeSize === to;
      return (whole ? Decoration.node : Decoration.inline)(from, to, { class: name });
    });
    const set = DecorationSet.create(doc, found);
    view.dispatch(view.state.tr.setMeta(this.#key, set).setMeta('addToHistory', false));
  }

  /** Shows these in a stretch of text instead of what is shown there; what is the same stays as it is. */
  exchange(
    view: EditorView,
    { from, to }: { readonly from: number; readonly to: number },
    highlights: readonly Highlight[],
  ): void {
    const set = this.#key.getState(view.state) ?? DecorationSet.empty;
    const wanted = new Map(highlights.map((one) => [`${one.from} ${one.to} ${one.class}`, one]));
    const stale = set
      .find(from, to)
      .filter((one) => one.from < to && one.to > from)
      .filter((one) => !wanted.delete(`${one.from} ${one.to} ${String(one.spec.class)}`));
    if (stale.length === 0 && wanted.size === 0) return;
    const { doc } = view.state;
    const added = [...wanted.values()].map((one) =>
      Decoration.inline(one.from, one.to, { class: one.class }, { class: one.class }),
    );
    const next = set.remove(stale).add(doc, added);
    view.dispatch(view.state.tr.setMeta(this.#key, next).setMeta('addToHistory', false));
  }

  /** Where they are now, in order; what was deleted is not among them. */
  at(state: EditorState): { from: number; to: number }[] {
    const set = this.#key.getState(state) ?? DecorationSet.empty;
    return set
      .find()
      .map(({ from, to }) => ({ from, to }))
      .sort((a, b) => a.from - b.from);
  }
}
