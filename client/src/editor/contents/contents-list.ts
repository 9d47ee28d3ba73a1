import type { Editor } from '@tiptap/core';
import { goToHeading, headingsOf } from '../outline/headings.ts';
import type { Heading } from '../outline/headings.ts';
import { isTitle } from '../title.ts';
import type { ContentsWords } from './contents-view.ts';

/** After the text changed, its headings are read again so much later, ms. */
const AFTER_MS = 200;

/** Keeps a list of the document's headings, but for its title, in `element`, until what is returned is called. */
export function listHeadings(element: HTMLElement, editor: Editor, words: ContentsWords): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = '';
  let headings: readonly Heading[] = [];
  const show = () => {
    timer = undefined;
    if (editor.isDestroyed) return;
    const { doc } = editor.state;
    // Also where they are: what is written above moves them, and leaves their words.
    headings = headingsOf(doc).filter(({ pos }) => pos > 0 || !isTitle(doc.firstChild));
    const now = JSON.stringify(headings.map(({ level, text }) => [level, text]));
    if (now !== shown) fill(element, headings, { editor, words, current: (index) => headings[index] });
    shown = now;
  };
  const changed = ({ transaction }: { transaction: { docChanged: boolean } }) => {
    if (transaction.docChanged) timer ??= setTimeout(show, AFTER_MS);
  };
  show();
  editor.on('transaction', changed);
  return () => {
    editor.off('transaction', changed);
    clearTimeout(timer);
  };
}

function fill(
  element: HTMLElement,
  headings: readonly Heading[],
  {
    editor,
    words,
    current,
  }: { editor: Editor; words: ContentsWords; current: (index: number) => Heading | undefined },
): void {
  if (headings.length === 0) {
    element.textContent = words.nothing;
    return;
  }
  const least = Math.min(...headings.map(({ level }) => level));
  const list = document.createElement('ol');
  for (const [index, heading] of headings.entries()) {
    // No `a`: Firefox gives the focus to none that stands in what is written in.
    const link = document.createElement('button');
    link.type = 'button';
    link.setAttribute('role', 'link');
    link.dir = 'auto';
    link.textContent = heading.text;
    link.addEventListener('click', () => goToHeading(editor, current(index) ?? heading));
    link.addEventListener('keydown', (event) => onkey(event, editor));
    const item = document.createElement('li');
    item.dataset['level'] = String(heading.level - least);
    item.append(link);
    list.append(item);
  }
  element.replaceChildren(list);
}

function onkey(event: KeyboardEvent, { view }: Editor): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape') view.focus();
  else if (step === undefined) return;
  else {
    const links = [...((event.currentTarget as Element).closest('ol')?.querySelectorAll('button') ?? [])];
    links[links.findIndex((link) => link === event.currentTarget) + step]?.focus();
  }
  event.preventDefault();
}
