import { blocksOf } from '@sheaf/schema';
import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';

/** A heading of a document. */
export interface Heading {
  /** 1 to 3. */
  readonly level: number;
  readonly text: string;
  /** The position before it. */
  readonly pos: number;
}

/** The headings of a document that have words, in order; the title is the first where it is one. */
export function headingsOf(doc: Node): Heading[] {
  const found: Heading[] = [];
  for (const { node, pos } of blocksOf(doc)) {
    if (node.type.name !== 'heading') continue;
    const text = node.textContent.trim();
    if (text !== '') found.push({ level: Number(node.attrs['level']), text, pos });
  }
  return found;
}

/** Whether two lists of headings read the same, wherever these stand. */
export function isSameOutline(one: readonly Heading[], other: readonly Heading[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ level, text }, index) => other[index]?.level === level && other[index]?.text === text)
  );
}

/** Puts the caret into a heading and shows it. It may have moved since it was read: of those with its words the nearest is meant. False if it is gone. */
export function goToHeading({ state, view }: Editor, { text, pos }: Heading): boolean {
  const [found] = headingsOf(state.doc)
    .filter((one) => one.text === text)
    .sort((a, b) => Math.abs(a.pos - pos) - Math.abs(b.pos - pos));
  if (!found) return false;
  view.dispatch(state.tr.setSelection(TextSelection.near(state.doc.resolve(found.pos + 1))));
  const element = view.nodeDOM(found.pos);
  if (element instanceof HTMLElement) element.scrollIntoView({ block: 'start' });
  view.focus();
  return true;
}
