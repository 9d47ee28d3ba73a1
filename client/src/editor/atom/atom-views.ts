import { Extension } from '@tiptap/core';
import { atomOf } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { NodeSelection, Plugin } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import { documentPath } from '../../state/route.ts';
import { MathDom } from '../math/math-dom.ts';
import { dayInWords } from './day.ts';
import type { Titles } from './titles.ts';

interface AtomOptions {
  /** Whose way of writing days is the reader's. */
  readonly locale: string;
  readonly titles: Titles;
  /** Somebody wants to change the day that is selected. */
  readonly onday: () => void;
  /** Somebody wants to change the formula that is selected. */
  readonly onformula: () => void;
}

/**
 * Days, people and documents in a text on a page: a day in the reader's language, a document by its present title and as a
 * link. Enter opens what is selected.
 */
export function atomViews(options: AtomOptions): Extension {
  const view = (node: Node) => new AtomView(node, options);
  return Extension.create({
    name: 'atomViews',
    priority: 200,
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          nodeViews: { date: view, math: view, mention: view },
          handleClickOn: (editor, _pos, node, pos, _event, direct) =>
            direct && opens(node) && change(editor, pos, options),
          handleKeyDown: (editor, event) => event.key === 'Enter' && open(editor, options),
        },
      }),
    ],
  });
}

/** Whether what is clicked can be changed in a box of its own. */
function opens({ type }: Node): boolean {
  return type.name === 'date' || type.name === 'math';
}

/** Opens the day or formula that stands at `pos`. */
function change(view: EditorView, pos: number, { onday, onformula }: AtomOptions): boolean {
  if (!view.editable) return false;
  const selection = NodeSelection.create(view.state.doc, pos);
  view.dispatch(view.state.tr.setSelection(selection));
  if (selection.node.type.name === 'date') onday();
  else onformula();
  return true;
}

/** Opens what is selected; false if that is nothing that opens. */
function open(view: EditorView, options: AtomOptions): boolean {
  const { selection } = view.state;
  const atom = selection instanceof NodeSelection ? atomOf(selection.node) : null;
  if (atom?.type === 'date' || atom?.type === 'math') return change(view, selection.from, options);
  const element = view.nodeDOM(selection.from);
  if (atom?.type === 'document' && element instanceof HTMLElement) element.click();
  return atom?.type === 'document';
}

class AtomView implements NodeView {
  readonly dom: HTMLElement;
  readonly #node: Node;
  readonly #stop: (() => void) | null = null;

  constructor(node: Node, { locale, titles }: AtomOptions) {
    this.#node = node;
    const atom = atomOf(node);
    if (atom?.type === 'math') {
      const math = new MathDom('span', false);
      math.show(atom.tex);
      this.dom = math.dom;
      this.dom.classList.add('atom', 'math');
      return;
    }
    this.dom = document.createElement(
      { date: 'time', footnote: 'sup', person: 'span', document: 'a' }[atom?.type ?? 'person'],
    );
    this.dom.className = 'atom';
    this.dom.dir = 'auto';
    if (atom?.type === 'date') {
      this.dom.setAttribute('datetime', atom.date);
      this.dom.textContent = dayInWords(atom.date, locale);
    } else if (atom?.type === 'person') this.dom.textContent = `@${atom.name}`;
    else if (atom?.type === 'document') {
      this.dom.setAttribute('href', documentPath(atom.document));
      // What opens it is a click or Enter; the text stays one stop of the keyboard.
      this.dom.tabIndex = -1;
      const show = () => (this.dom.textContent = titles.of(atom.document) ?? atom.title);
      this.#stop = titles.follow(show);
      show();
    }
  }

  update(node: Node): boolean {
    return node.sameMarkup(this.#node);
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.#stop?.();
  }
}
