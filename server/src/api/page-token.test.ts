import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SheafError } from '../error.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';

test('a page token brings its position back, whatever the name', () => {
  for (const name of ['a', ' a b ', 'ü/ß', '9 9', '\u2028']) {
    const position = { updated: 1_700_000_000_000, document: parseDocumentName(name) };
    assert.deepEqual(decodePageToken(encodePageToken(position)), position);
  }
});

test('anything else is malformed or a bad name', () => {
  for (const text of ['x', ' 1', '1 ', 'x a', '-1 a', '1.5 a', '1 a\u0000', `1 ${'a'.repeat(513)}`]) {
    assert.throws(() => decodePageToken(Buffer.from(text).toString('base64url')), SheafError, text);
  }
});
