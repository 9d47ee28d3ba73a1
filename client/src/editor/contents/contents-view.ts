import { Extension } from '@tiptap/core';
import type { Editor } from '@tiptap/core';
import { NodeSelection, Plugin } from '@tiptap/pm/state';
import type { NodeView } from '@tiptap/pm/view';
import type { Words } from '../../words/en.ts';

/** What a table of contents says. */
export type ContentsWords = Words['contents'];

/** Tables of contents on a page: the document's headings as they are now. Enter on one goes into it, Escape out again. */
export function contentsViews(words: ContentsWords): Extension {
  return Extension.create({
    name: 'contentsViews',
    addProseMirrorPlugins() {
      const { editor } = this;
      return [
        new Plugin({
          props: {
            nodeViews: { contents: () => new ContentsView(editor, words) },
            handleKeyDown: (view, { key }) => {
              const { selection } = view.state;
              const chosen = selection instanceof NodeSelection && selection.node.type.name === 'contents';
              const element = key === 'Enter' && chosen ? view.nodeDOM(selection.from) : null;
              const link = element instanceof HTMLElement ? element.querySelector('button') : null;
              link?.focus();
              return link !== null;
            },
          },
        }),
      ];
    },
  });
}

class ContentsView implements NodeView {
  readonly dom = document.createElement('nav');
  #stop: (() => void) | null = null;
  #gone = false;

  constructor(editor: Editor, words: ContentsWords) {
    this.dom.className = 'contents';
    this.dom.setAttribute('aria-label', words.title);
    this.dom.dataset['testid'] = 'contents';
    void this.#fill(editor, words);
  }

  async #fill(editor: Editor, words: ContentsWords): Promise<void> {
    // Without a network the list may not be there: its place and its name are.
    const list = await import('./contents-list.ts').catch(() => null);
    if (this.#gone) return;
    if (list) this.#stop = list.listHeadings(this.dom, editor, words);
    else this.dom.textContent = words.title;
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof Element && event.target.closest('button') !== null;
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.#gone = true;
    this.#stop?.();
  }
}
