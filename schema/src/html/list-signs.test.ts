import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf, following } from './list-signs.ts';

const likeliest = (sign: string) => {
  const [first] = countsOf(sign);
  return first ? `${first.type ?? '1'} ${String(first.number)}` : null;
};

test('PASTE-1: the sign before an item of Word counts, or is a bullet', () => {
  for (const [sign, count] of [
    ['3.', '1 3'],
    ['(12)', '1 12'],
    ['1.2.7', '1 7'],
    ['Step 4:', '1 4'],
    ['2-', '1 2'],
    ['b)', 'a 2'],
    ['(B)', 'A 2'],
    ['1.c)', 'a 3'],
    ['bb.', 'a 28'],
    ['i.', 'i 1'],
    ['xiv.', 'i 14'],
    ['IX)', 'I 9'],
    ['c.', 'a 3'],
    ['·', null],
    ['o', null],
    ['§', null],
    ['Ø', null],
    ['', null],
  ] as const)
    assert.equal(likeliest(sign), count, sign);
});

test('PASTE-1: a letter counts as the items before it do', () => {
  const [h = null] = countsOf('h.');
  assert.ok(h);
  assert.deepEqual(following(h, countsOf('i.')), { type: 'a', number: 9 });
  const [second = null] = countsOf('ii.');
  assert.ok(second);
  assert.deepEqual(following(second, countsOf('iii.')), { type: 'i', number: 3 });
  assert.equal(following(second, countsOf('v.')), null);
});
