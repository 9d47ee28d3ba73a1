import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CapacitySearch } from './capacity-search.ts';

/** Searches with a server that can serve `most`; what it was asked for. */
function searched(search: CapacitySearch, most: number): number[] {
  const asked: number[] = [];
  while (search.next !== null) {
    asked.push(search.next);
    search.heard(search.next <= most ? null : 'too slow');
  }
  return asked;
}

test('a search doubles, then halves the gap to a tenth', () => {
  const search = new CapacitySearch();
  assert.deepEqual(searched(search, 1_400), [256, 512, 1024, 2048, 2048, 1536, 1536, 1280, 1408, 1408]);
  assert.deepEqual(search.found, { readers: 1280, failed: { readers: 1408, reason: 'too slow' } });
});

test('one failure does not decide, and a number that passes at the second try has passed', () => {
  const search = new CapacitySearch();
  search.heard('a pause');
  assert.equal(search.next, 256);
  search.heard(null);
  assert.deepEqual([search.next, search.found.readers], [512, 256]);
});

test('a server that fails the first number is searched downwards, and one that never fails ends', () => {
  const weak = new CapacitySearch();
  searched(weak, 3);
  assert.deepEqual(weak.found.readers, 3);
  const strong = new CapacitySearch();
  searched(strong, Infinity);
  assert.deepEqual(strong.found, { readers: 16_384, failed: null });
  assert.throws(() => strong.heard(null), /has ended/);
});
