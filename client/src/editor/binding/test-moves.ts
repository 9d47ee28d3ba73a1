import assert from 'node:assert/strict';
import { BLOCK, BLOCK_END, CONTENT_FIELD, DIVIDER } from '@sheaf/schema';
import { Fragment, Slice } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { meet, TestPage } from './test-page.ts';

/** A flow of paragraphs; `---` is a divider. */
export function stored(...texts: string[]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const flow = doc.getText(CONTENT_FIELD);
  for (const text of texts) {
    const divider = text === '---';
    flow.insertEmbed(flow.length, new Y.XmlElement(divider ? DIVIDER : BLOCK));
    if (!divider) flow.insert(flow.length, text + BLOCK_END);
  }
  return Y.encodeStateAsUpdate(doc);
}

/** What {@link pages} show at first. */
export const TEXTS = ['title', 'one', 'two words', 'three', 'four'];
/** Pages with these ids that show {@link TEXTS}. */
export const pages = (...ids: number[]) => ids.map((id) => new TestPage(id, stored(...TEXTS)));

/** What a page shows: the text of each block, `---` for what is none. */
export function lines({ state }: TestPage): string[] {
  return state.doc.children.map((node) => (node.isTextblock ? node.textContent : '---'));
}

/** Moves the block whose text is `text` before the one that is at `index` of the others. */
export function move(page: TestPage, text: string, index: number): void {
  moveFrom(page, lines(page).indexOf(text), index);
}

/** Moves the block at `from` before the one that is at `index` of the others. */
export function moveFrom(page: TestPage, from: number, index: number): void {
  const { doc, tr } = page.state;
  const node = doc.child(from);
  const place = (at: number, of = tr.doc) =>
    of.children.slice(0, at).reduce((sum, { nodeSize }) => sum + nodeSize, 0);
  tr.delete(place(from, doc), place(from + 1, doc));
  tr.replace(place(index), place(index), new Slice(Fragment.from(node), 0, 0));
  page.dispatch(tr);
}

/** Where a word begins first on a page. */
export function placeOf({ state }: TestPage, word: string): number {
  let found = -1;
  state.doc.descendants((node, pos) => {
    const at = node.text?.indexOf(word) ?? -1;
    if (found < 0 && at >= 0) found = pos + at;
  });
  assert.ok(found >= 0, word);
  return found;
}

/** Types at the end of the block whose text is `text`. */
export function type(page: TestPage, text: string, words: string): void {
  let at = -1;
  page.state.doc.forEach((node, offset) => {
    if (node.textContent === text) at = offset + 1 + node.content.size;
  });
  assert.ok(at >= 0, text);
  page.dispatch(page.state.tr.insertText(words, at));
}

/** All pages show these lines, and so does who opens the document now; receiving wrote nothing. */
export function agree(all: readonly TestPage[], ...expected: string[]): void {
  for (const page of all) page.updates.length = 0;
  meet(...all);
  for (const page of all) {
    assert.deepEqual(page.updates, []);
    assert.deepEqual(lines(page), expected);
    assert.deepEqual(lines(new TestPage(99, Y.encodeStateAsUpdate(page.doc))), expected);
  }
}
