import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { readTsv } from './tsv.ts';

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
