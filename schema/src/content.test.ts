import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { CONTENT_FIELD, titleOf, writeInitialContent } from './content.ts';

test('an empty document gets a title line and a paragraph, once', () => {
  const doc = new Y.Doc();
  writeInitialContent(doc);
  writeInitialContent(doc);
  assert.equal(
    doc.getXmlFragment(CONTENT_FIELD).toString(),
    '<heading level="1"></heading><paragraph></paragraph>',
  );
  assert.equal(titleOf(doc), '');
});

test('the title is the plain text of the first line', () => {
  const doc = new Y.Doc();
  writeInitialContent(doc);
  const heading = doc.getXmlFragment(CONTENT_FIELD).get(0);
  assert.ok(heading instanceof Y.XmlElement);
  const text = new Y.XmlText();
  heading.insert(0, [text]);
  text.insert(0, '  Launch ');
  text.insert(9, 'plan', { bold: true });
  assert.equal(titleOf(doc), 'Launch plan');
  text.insert(13, '𝒳'.repeat(300));
  assert.equal(Array.from(titleOf(doc) ?? '').length, 200);
});

test('a document of another program has no title', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'words');
  assert.equal(titleOf(doc), null);
});
