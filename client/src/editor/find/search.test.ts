import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_MATCHES, search } from './search.ts';
import type { Wanted } from './search.ts';

const plain: Wanted = { text: '', matchCase: false, wholeWord: false, regex: false, replacement: null };

function find(texts: string[], wanted: Partial<Wanted>): string[] {
  return search(texts, { ...plain, ...wanted }).map(({ text, from, to }) => `${text}:${from}-${to}`);
}

test('words are found in any case, as they are written, or as whole words', () => {
  const texts = ['Plan and plane', 'the PLAN'];
  assert.deepEqual(find(texts, { text: 'plan' }), ['0:0-4', '0:9-13', '1:4-8']);
  assert.deepEqual(find(texts, { text: 'plan', matchCase: true }), ['0:9-13']);
  assert.deepEqual(find(texts, { text: 'plan', wholeWord: true }), ['0:0-4', '1:4-8']);
  assert.deepEqual(find(['Straße, Straßen'], { text: 'STRASSE' }), []);
  assert.deepEqual(find(['naïve über Über'], { text: 'über', wholeWord: true }), ['0:6-10', '0:11-15']);
  assert.deepEqual(find(['خطة الإطلاق'], { text: 'الإطلاق', wholeWord: true }), ['0:4-11']);
});

test('without being asked for a regular expression nothing is one', () => {
  const signs = String.raw`.*+?^$(){}[]|\/-`;
  for (const sign of signs) assert.deepEqual(find([`a${sign}b`], { text: sign }), ['0:1-2'], sign);
  assert.deepEqual(find(['price $1'], { text: '$1' }), ['0:6-8']);
});

test('a regular expression gives its parts to what replaces it, and nothing else does', () => {
  const wanted = { ...plain, text: String.raw`(?<day>\d+)\.(\d+)\.`, regex: true };
  const become = (replacement: string, regex = true) =>
    search(['9.11. and 10.12.'], { ...wanted, regex, ...(regex ? {} : { text: '9.11.' }), replacement }).map(
      (match) => match.replacement,
    );
  assert.deepEqual(become('$2/$<day>'), ['11/9', '12/10']);
  assert.deepEqual(become('[$&] $$1 $7'), ['[9.11.] $1 $7', '[10.12.] $1 $7']);
  assert.deepEqual(become('$1', false), ['$1']);
});

test('what is no regular expression throws, what matches nothing at all ends, and there are not too many', () => {
  assert.throws(() => find(['a'], { text: '(', regex: true }), SyntaxError);
  assert.deepEqual(find(['aaa'], { text: 'b*', regex: true }), []);
  assert.deepEqual(find(['a'], { text: '' }), []);
  assert.equal(find(['x'.repeat(2 * MOST_MATCHES)], { text: 'x' }).length, MOST_MATCHES);
});
