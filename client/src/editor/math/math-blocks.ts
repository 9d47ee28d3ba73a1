import { Extension } from '@tiptap/core';
import { isFormula, MATH_LANGUAGE, nodeOfAtom } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView, NodeView, NodeViewConstructor } from '@tiptap/pm/view';
import { InputRule } from '@tiptap/core';
import type { Words } from '../../words/en.ts';
import { MathDom } from './math-dom.ts';

/** What a formula says. */
type MathWords = Words['math'];

const isMath = (node: Node) => node.type.name === 'codeBlock' && node.attrs['language'] === MATH_LANGUAGE;

/**
 * Formulas that are blocks: code in TeX, which is shown as what it means. Its source is seen while the caret is in it, so
 * that everything which can be done with text can be done with it. Two dollar signs on both sides make one in a line.
 */
export function mathBlocks(words: MathWords): Extension {
  return Extension.create({
    name: 'mathBlocks',
    priority: 200,

    addInputRules: () => [
      new InputRule({
        find: /\$\$([^$\n\ufffc]+)\$\$$/,
        handler: ({ state: { tr, schema }, range, match }) => {
          const tex = match[1]?.trim();
          if (!isFormula(tex)) return null;
          tr.replaceWith(range.from, range.to, nodeOfAtom(schema, { type: 'math', tex }));
          return undefined;
        },
      }),
    ],

    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          nodeViews: {
            // Other code is shown as the schema says, which is what ProseMirror does where it gets no view.
            codeBlock: ((node, view, getPos) =>
              isMath(node) ? new MathBlock(node, { view, getPos, words }) : undefined) as NodeViewConstructor,
          },
          decorations: openBlock,
        },
      }),
    ],
  });
}

/** Marks the formula that holds the selection. */
function openBlock({ doc, selection: { $from, $to } }: EditorState): DecorationSet | null {
  if (!isMath($from.parent) || !$from.sameParent($to)) return null;
  return DecorationSet.create(doc, [Decoration.node($from.before(), $from.after(), { class: 'is-open' })]);
}

interface Around {
  readonly view: EditorView;
  readonly getPos: () => number | undefined;
  readonly words: MathWords;
}

class MathBlock implements NodeView {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('code');
  readonly #shown = new MathDom('div', true);
  readonly #words: MathWords;

  constructor(node: Node, { view, getPos, words }: Around) {
    this.#words = words;
    const source = document.createElement('pre');
    source.append(this.contentDOM);
    source.dir = 'ltr';
    const { dom } = this.#shown;
    dom.contentEditable = 'false';
    dom.className = 'formula';
    dom.addEventListener('mousedown', (event) => {
      const pos = getPos();
      if (pos === undefined || !view.editable) return;
      event.preventDefault();
      const end = pos + 1 + (view.state.doc.nodeAt(pos)?.content.size ?? 0);
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, end)));
      view.focus();
    });
    this.dom.className = 'math-block';
    this.dom.append(source, dom);
    this.#show(node);
  }

  update(node: Node): boolean {
    if (isMath(node)) this.#show(node);
    return isMath(node);
  }

  ignoreMutation(mutation: { readonly type: string; readonly target: globalThis.Node }): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  #show(node: Node): void {
    const tex = node.textContent.trim();
    this.#shown.dom.classList.toggle('nothing', tex === '');
    this.#shown.show(tex === '' ? `\\text{${this.#words.nothing}}` : tex);
  }
}
