import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { parseHtml } from '@sheaf/schema/parse-html';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import type { Slice } from '@tiptap/pm/model';
import { EditorState, Selection, TextSelection } from '@tiptap/pm/state';
import { readTsv } from '../table/tsv.ts';
import { lineBehindPaste, PASTED } from './line-behind.ts';
import { openSlice } from './open-slice.ts';

const schema = documentSchema();
const TABLE = openSlice(parseHtml(schema, '<table><tr><td>x</td><td>y</td></tr></table>'));

/** The types of a document's blocks after something was pasted at the end of Markdown, or behind `words`. */
function blocksAfter(markdown: string, slice: Slice | null, { behind = '', meta = true } = {}): string[] {
  const doc = readMarkdown(schema, markdown);
  let at = Selection.atEnd(doc).from;
  doc.descendants((node, pos) => {
    if (behind !== '' && node.isText && node.text?.includes(behind) === true) at = pos + behind.length;
  });
  assert.ok(slice);
  let state = EditorState.create({ doc, plugins: [lineBehindPaste()] });
  state = state.apply(state.tr.setSelection(TextSelection.create(doc, at)));
  const { tr } = state;
  const after = state.apply(tr.replaceSelection(slice).setMeta(PASTED, meta)).doc;
  after.check();
  return after.children.map(({ type }) => type.name);
}

test('PASTE-10: behind a table that is pasted at the end there is a line to go on in', () => {
  assert.deepEqual(blocksAfter('one', TABLE), ['paragraph', 'table', 'paragraph']);
  assert.deepEqual(blocksAfter('', TABLE), ['table', 'paragraph']);
  assert.deepEqual(blocksAfter('> one', TABLE).slice(-1), ['paragraph']);
  assert.deepEqual(blocksAfter('one', readTsv(schema, 'a\tb\nc\td')), ['paragraph', 'table', 'paragraph']);
  const rule = openSlice(parseHtml(schema, '<hr>'));
  assert.deepEqual(blocksAfter('one', rule), ['paragraph', 'horizontalRule', 'paragraph']);
});

test('PASTE-10: where there is one already, or nothing was pasted, no line comes', () => {
  assert.deepEqual(blocksAfter('one\n\ntwo', TABLE, { behind: 'one' }), ['paragraph', 'table', 'paragraph']);
  assert.deepEqual(blocksAfter('one', openSlice(parseHtml(schema, '<p>x</p>'))), ['paragraph']);
  assert.deepEqual(blocksAfter('one', TABLE, { meta: false }), ['paragraph', 'table']);
  // Into a table that was the last block already.
  const words = openSlice(parseHtml(schema, '<p>x</p>'));
  assert.deepEqual(blocksAfter('one\n\n| a |\n| - |\n| b |', words, { behind: 'b' }), ['paragraph', 'table']);
});
