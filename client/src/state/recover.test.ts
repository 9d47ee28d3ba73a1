import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK_END, CONTENT_FIELD } from '@sheaf/schema';
import * as Y from 'yjs';
import { documentFile, fileName, recoveryFile } from './recover.ts';

test('RECOVER-1: the words of a document, and the document itself, are in its files', async () => {
  const doc = new Y.Doc();
  doc.getText(CONTENT_FIELD).insert(0, `Wörter${BLOCK_END}`);
  const text = recoveryFile(doc, 'A/B', 'text');
  assert.equal(text.name, 'A B.md');
  assert.equal(await text.content.text(), 'Wörter\n');
  const html = await documentFile(doc, 'A/B', 'html');
  assert.equal(html.name, 'A B.html');
  assert.match(await html.content.text(), /<p dir="auto">Wörter<\/p>/);
  const copy = new Y.Doc();
  const update = recoveryFile(doc, 'A/B', 'update');
  Y.applyUpdate(copy, new Uint8Array(await update.content.arrayBuffer()));
  assert.equal(copy.getText(CONTENT_FIELD).toString(), `Wörter${BLOCK_END}`);
});

test('a title becomes a name that file systems take', () => {
  const names = ['', '  ', '../../etc', 'a\u202eb\n', 'CON: "x"?', 'x'.repeat(200), '…', 'مرحبا', '.hidden.'];
  for (const title of names) {
    const name = fileName(title);
    assert.match(name, /^[^\\/:*?"<>|\p{C}. ][^\\/:*?"<>|\p{C}]*$/u, JSON.stringify(title));
    assert.ok(name.length <= 80);
  }
  assert.equal(fileName('Plan 2027'), 'Plan 2027');
  assert.equal(fileName(''), 'Untitled');
});
