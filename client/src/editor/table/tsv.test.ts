import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { Fragment } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { CellSelection, TableMap } from '@tiptap/pm/tables';
import { readTsv, writeTsv } from './tsv.ts';

const schema = documentSchema();
const read = (text: string) =>
  readTsv(schema, text)?.content.firstChild?.children.map((row) =>
    row.children.map((cell) => cell.children.map(({ textContent }) => textContent).join('/')),
  ) ?? null;

test('text as spreadsheets give it is a table', () => {
  assert.deepEqual(read('a\tb\r\n\t2\r\n'), [
    ['a', 'b'],
    ['', '2'],
  ]);
  assert.deepEqual(read('"two\nlines"\t"a ""word"""'), [['two/lines', 'a "word"']]);
  assert.deepEqual(read('say "hi"\tx'), [['say "hi"', 'x']]);
});

test('text that is none stays one', () => {
  for (const text of ['', 'words', 'one\ntwo', 'a\tb\nc', '\n\n', 'if x:\n\ty\n'])
    assert.equal(readTsv(schema, text), null, text);
  assert.equal(readTsv(schema, 'a\tb\n'.repeat(10_000)), null);
});

const leafWords = (leaf: Node) => (leaf.type.name === 'hardBreak' ? '\n' : '');
const write = (content: Fragment) => writeTsv(content, leafWords);

/** The table that a text is, in a document of its own. */
function tableOf(text: string): Node {
  const slice = readTsv(schema, text);
  assert.ok(slice);
  return schema.node('doc', null, slice.content);
}

/** What is copied of the cells from one place of a table, row and column, to another. */
function copied(doc: Node, from: [row: number, column: number], to: [row: number, column: number]): string {
  const { map, width } = TableMap.get(doc.child(0));
  const place = ([row, column]: [number, number]) => 1 + (map[row * width + column] ?? 0);
  return write(CellSelection.create(doc, place(from), place(to)).content().content);
}

test('PASTE-11: cells that are copied are text as spreadsheets take it, and read as the same cells', () => {
  const text = 'a\tb\tc\n1\t\t"two\nlines"\n"""quoted"" words"\tsay "hi"\tx';
  const doc = tableOf(text);
  assert.equal(write(doc.content), text);
  assert.equal(copied(doc, [0, 0], [2, 2]), text);
  assert.equal(copied(doc, [0, 1], [1, 2]), 'b\tc\n\t"two\nlines"');
  assert.equal(copied(doc, [0, 1], [0, 2]), 'b\tc');
  assert.equal(copied(doc, [0, 0], [1, 0]), 'a\n1');
});

test('PASTE-11: a merged cell stands in its first place, and nothing in the others', () => {
  const cell = (words: string, attrs = {}) =>
    schema.node('tableCell', attrs, [schema.node('paragraph', null, schema.text(words))]);
  const row = (...cells: Node[]) => schema.node('tableRow', null, cells);
  const merged = schema.node('table', null, [
    row(cell('wide and tall', { colspan: 2, rowspan: 2 }), cell('1')),
    row(cell('2')),
    row(cell('x'), cell('y'), cell('z')),
  ]);
  assert.equal(write(Fragment.from(merged)), 'wide and tall\t\t1\n\t\t2\nx\ty\tz');
});

test('what is no cells, or one alone, is left to others', () => {
  const paragraph = schema.node('paragraph', null, schema.text('words'));
  const doc = tableOf('a\tb');
  assert.equal(write(Fragment.from(paragraph)), '');
  assert.equal(write(Fragment.from([paragraph, doc.child(0)])), '');
  assert.equal(write(Fragment.empty), '');
  assert.equal(copied(doc, [0, 0], [0, 0]), '');
});
