import assert from 'node:assert/strict';
import { test } from 'node:test';
import names from 'markdown-it-emoji/lib/data/full.mjs';
import { namedEmoji, searchEmoji } from './search-emoji.ts';

test('EMOJI-1: what is typed behind a colon finds emoji by their names, the nearest first, each once', () => {
  assert.equal(searchEmoji(names, 'smile')?.[0]?.sign, '😄');
  assert.equal(searchEmoji(names, 'Heart')?.[0]?.sign, '❤️');
  assert.equal(searchEmoji(names, 'thumbs')?.[0]?.sign, '👍');
  const found = searchEmoji(names, 'face') ?? [];
  assert.equal(new Set(found.map(({ sign }) => sign)).size, found.length);
  assert.ok(found.length > 10 && found.length <= 40);
  assert.deepEqual(searchEmoji(names, 'qqqq'), []);
});

test('EMOJI-1: a letter or a time is no search', () => {
  for (const typed of ['', 'D', '3', ':']) assert.equal(searchEmoji(names, typed), null, typed);
});

test('EMOJI-1: a name between colons is that sign and no other', () => {
  assert.equal(namedEmoji(names, 'smile:')?.sign, '😄');
  assert.equal(namedEmoji(names, '+1:')?.sign, '👍');
  for (const typed of ['smile', 'smil:', '__proto__:', 'constructor:', ':', ''])
    assert.equal(namedEmoji(names, typed), null, typed);
});

test('EMOJI-1: every sign is plain text that a document holds', () => {
  for (const [name, sign] of Object.entries(names)) {
    assert.match(name, /^[a-z\d_+-]+$/);
    assert.ok(sign.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(sign), name);
  }
});
