import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SheafError } from '../error.ts';
import { parseDocumentName } from './document-name.ts';

function refuses(text: string, words: RegExp): void {
  assert.throws(
    () => parseDocumentName(text),
    (error) => error instanceof SheafError && error.code === 'bad-name' && words.test(error.message),
    JSON.stringify(text),
  );
}

test('any words are a name, and each has an address', () => {
  for (const name of ['a', 'team/notes', '...', '.hidden', 'a/..', ' ', '%2e', 'ملاحظات', 'ü'.repeat(256)]) {
    assert.equal(parseDocumentName(name), name);
    const { pathname } = new URL(`/d/${encodeURIComponent(name)}`, 'http://localhost');
    assert.equal(decodeURIComponent(pathname), `/d/${name}`);
  }
});

test('what has no address, no length or no letters is refused, with the reason', () => {
  for (const name of ['.', '..']) refuses(name, /no address leads to it/);
  refuses('', /needs a name/);
  refuses('ü'.repeat(257), /longer than 512 bytes/);
  for (const name of ['a\nb', 'a\u0000b', '\u007f', '\ud800'])
    refuses(name, /character that names can't have/);
});
