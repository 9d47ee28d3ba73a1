import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { BLOCK_END, CONTENT_FIELD, titleOf, writeInitialContent } from './content.ts';

test('an empty document gets a title line and a paragraph, once', () => {
  const doc = new Y.Doc();
  writeInitialContent(doc);
  writeInitialContent(doc);
  const flow = doc.getText(CONTENT_FIELD);
  assert.equal(flow.toString(), BLOCK_END + BLOCK_END);
  assert.deepEqual(
    flow.toDelta().map(({ insert }: { insert: unknown }) => String(insert)),
    ['<block kind="heading" level="1"></block>', BLOCK_END, '<block></block>', BLOCK_END],
  );
  assert.equal(titleOf(doc), '');
});

test('the title is the plain text of the first line', () => {
  const doc = new Y.Doc();
  writeInitialContent(doc);
  const text = doc.getText(CONTENT_FIELD);
  text.insert(1, '  Launch ');
  text.insert(10, 'plan', { bold: true });
  assert.equal(titleOf(doc), 'Launch plan');
  text.insert(14, '𝒳'.repeat(300));
  assert.equal(Array.from(titleOf(doc) ?? '').length, 200);
});

test('a document of another program has no title', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'words');
  assert.equal(titleOf(doc), null);
});

test('the title ends with its block, also where nobody wrote its end', () => {
  const doc = new Y.Doc();
  const flow = doc.getText(CONTENT_FIELD);
  flow.insert(0, 'stray');
  assert.equal(titleOf(doc), 'stray');
  flow.insertEmbed(5, new Y.XmlElement('block'));
  flow.insert(6, 'second');
  assert.equal(titleOf(doc), 'stray');
});
