import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { parseHtml } from '@sheaf/schema/parse-html';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { Fragment, Slice } from '@tiptap/pm/model';
import { EditorState, Selection, TextSelection } from '@tiptap/pm/state';
import { readTsv } from '../table/tsv.ts';
import { lineBehindPaste, PASTED } from './line-behind.ts';
import { openSlice } from './open-slice.ts';

const schema = documentSchema();
const TABLE = openSlice(parseHtml(schema, '<table><tr><td>x</td><td>y</td></tr></table>'));

/** A document after something was pasted at the end of Markdown, or behind `words`. */
function after(markdown: string, slice: Slice | null, { behind = '', meta = true } = {}): EditorState {
  const doc = readMarkdown(schema, markdown);
  let at = Selection.atEnd(doc).from;
  doc.descendants((node, pos) => {
    if (behind !== '' && node.isText && node.text?.includes(behind) === true) at = pos + behind.length;
  });
  assert.ok(slice);
  let state = EditorState.create({ doc, plugins: [lineBehindPaste()] });
  state = state.apply(state.tr.setSelection(TextSelection.create(doc, at)));
  const { tr } = state;
  const pasted = state.apply(tr.replaceSelection(slice).setMeta(PASTED, meta));
  pasted.doc.check();
  return pasted;
}

/** The types of its blocks. */
function blocksAfter(...pasted: Parameters<typeof after>): string[] {
  return after(...pasted).doc.children.map(({ type }) => type.name);
}

test('PASTE-10: behind a table that is pasted at the end there is a line to go on in', () => {
  assert.deepEqual(blocksAfter('one', TABLE), ['paragraph', 'table', 'paragraph']);
  assert.deepEqual(blocksAfter('', TABLE), ['table', 'paragraph']);
  const quote = after('> one', TABLE).doc.lastChild;
  assert.deepEqual(
    quote?.children.map(({ type }) => type.name),
    ['paragraph', 'table', 'paragraph'],
  );
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

test('PASTE-10: one types on in the line behind a table that is pasted, wherever that is', () => {
  const typedOn = (...pasted: Parameters<typeof after>) => {
    const state = after(...pasted);
    return state
      .apply(state.tr.insertText('z'))
      .doc.children.map(({ type, textContent }) => `${type.name} ${textContent}`);
  };
  const behind = 'one';
  assert.deepEqual(typedOn('one\n\n- item', TABLE, { behind }), [
    'paragraph one',
    'table xy',
    'paragraph z',
    'bulletList item',
  ]);
  assert.deepEqual(typedOn('one\n\ntwo', TABLE, { behind }), ['paragraph one', 'table xy', 'paragraph ztwo']);
  assert.deepEqual(typedOn('one', TABLE), ['paragraph one', 'table xy', 'paragraph z']);
  assert.deepEqual(typedOn('', TABLE), ['table xy', 'paragraph z']);
  // Code is no line to go on in.
  assert.deepEqual(typedOn('one\n\n```\ncode\n```', TABLE, { behind }), [
    'paragraph one',
    'table xy',
    'paragraph z',
    'codeBlock code',
  ]);
  // What stood behind the caret stands behind the table.
  assert.deepEqual(typedOn('one two', TABLE, { behind }), ['paragraph one', 'table xy', 'paragraph z two']);
  // What stood behind is no thing that was pasted: the next letter would replace it.
  const single = new Slice(Fragment.from(schema.node('horizontalRule')), 0, 0);
  for (const pasted of [single, TABLE])
    assert.deepEqual(typedOn('one\n\n---', pasted, { behind }).slice(2), ['paragraph z', 'horizontalRule ']);
  // In a list's item as well.
  assert.deepEqual(typedOn('- one\n- two', TABLE, { behind }), ['bulletList onexyztwo']);
  const rule = openSlice(parseHtml(schema, '<p>x</p><hr>'));
  assert.deepEqual(typedOn('one\n\n- item', rule, { behind }), [
    'paragraph onex',
    'horizontalRule ',
    'paragraph z',
    'bulletList item',
  ]);
});
