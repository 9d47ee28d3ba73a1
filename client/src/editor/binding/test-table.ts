import assert from 'node:assert/strict';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import { CellSelection, fixTables } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { meet, TestPage } from './test-page.ts';

/** A document with a table of these words, `''` for an empty cell, between two paragraphs; its first row is of headers. */
export function tableOf(...rows: readonly (readonly string[])[]): Uint8Array {
  const page = new TestPage(2);
  const { schema } = page.state;
  const create = (name: string, content: readonly Node[]) => schema.nodes[name]?.create(null, content) ?? [];
  const text = (words: string) => schema.node('paragraph', null, words === '' ? [] : [schema.text(words)]);
  const lines = rows.map((cells, row) =>
    schema.node(
      'tableRow',
      null,
      cells.map((words) => schema.node(row === 0 ? 'tableHeader' : 'tableCell', null, text(words))),
    ),
  );
  const doc = [text('before'), create('table', lines), text('behind')].flat();
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, doc));
  return Y.encodeStateAsUpdate(page.doc);
}

/** A table of nine cells. */
export const NINE = tableOf(['a1', 'b1', 'c1'], ['a2', 'b2', 'c2'], ['a3', 'b3', 'c3']);

/** What a page shows: a line for each paragraph, and for each row of a table, with `|` between its cells. */
export function shown({ state }: TestPage): string[] {
  const lines: string[] = [];
  const inner = (node: Node) => {
    const words = node.isTextblock ? [node.textContent] : [];
    node.descendants((block) => {
      if (block.isTextblock) words.push(block.textContent);
    });
    return words.join('/');
  };
  state.doc.forEach((block) => {
    if (block.type.name === 'table') block.forEach((row) => lines.push(row.children.map(inner).join('|')));
    else lines.push(inner(block));
  });
  return lines;
}

/** The position in the cell, or paragraph, that holds `words`, at their end. */
export function endOf(page: TestPage, words: string): number {
  let found = -1;
  page.state.doc.descendants((node, pos) => {
    if (node.isText && node.text?.includes(words) === true)
      found = pos + node.text.indexOf(words) + words.length;
  });
  assert.notEqual(found, -1, `${words} is not in ${shown(page).join(' / ')}`);
  return found;
}

/** Runs a command with the caret behind these words, or with the cells of two selected. */
export function at(page: TestPage, words: string | readonly [string, string], command: Command): void {
  const { doc } = page.state;
  const cell = (of: string) => {
    const $at = doc.resolve(endOf(page, of));
    let depth = $at.depth;
    while (!/Cell|Header/.test($at.node(depth).type.name)) depth -= 1;
    return $at.before(depth);
  };
  const selection =
    typeof words === 'string'
      ? TextSelection.create(doc, endOf(page, words))
      : CellSelection.create(doc, cell(words[0]), cell(words[1]));
  page.dispatch(page.state.tr.setSelection(selection));
  assert.ok(page.run(command), `nothing was done at ${String(words)}`);
}

/** Types words behind others. */
export function type(page: TestPage, behind: string, words: string): void {
  page.dispatch(page.state.tr.insertText(words, endOf(page, behind)));
}

/** Types into the cell of a row (from 0) and column of the first table. */
export function typeIn(page: TestPage, row: number, column: number, words: string): void {
  let tablePos = -1;
  page.state.doc.descendants((node, pos) => {
    if (node.type.name === 'table' && tablePos < 0) tablePos = pos;
  });
  const table = page.state.doc.nodeAt(tablePos);
  assert.ok(table);
  let pos = tablePos + 1;
  for (let index = 0; index < row; index += 1) pos += table.child(index).nodeSize;
  pos += 1;
  for (let index = 0; index < column; index += 1) pos += table.child(row).child(index).nodeSize;
  page.dispatch(page.state.tr.insertText(words, pos + 2));
}

interface Meeting {
  readonly start?: Uint8Array;
  readonly one: (page: TestPage) => void;
  readonly other: (page: TestPage) => void;
  /** What both see in the end. */
  readonly lines: readonly string[];
  /** What is seen when the first has taken back what they did. */
  readonly undone?: readonly string[];
}

/** Two people do something without seeing each other, then meet; whichever of them has the smaller id. */
export function together({ start = NINE, one, other, lines, undone }: Meeting): void {
  for (const [first, second] of [
    [10, 20],
    [20, 10],
  ] as const) {
    const ada = new TestPage(first, start);
    const ben = new TestPage(second, start);
    one(ada);
    other(ben);
    meet(ada, ben);
    assert.deepEqual(shown(ada), lines, `ids ${first} and ${second}`);
    for (const page of [ada, ben]) {
      page.state.doc.check();
      assert.equal(fixTables(page.state), undefined);
      assert.deepEqual(shown(new TestPage(5, Y.encodeStateAsUpdate(page.doc))), lines);
    }
    assert.ok(ada.state.doc.eq(ben.state.doc));
    if (!undone) continue;
    while (ada.undo.undo() !== null);
    meet(ada, ben);
    assert.deepEqual(shown(ada), undone, 'undone');
    assert.ok(ada.state.doc.eq(ben.state.doc));
  }
}
