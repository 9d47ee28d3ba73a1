import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile, spread } from './statistics.ts';

test('a spread has the median of an odd and of an even number of values', () => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3 });
  assert.deepEqual(spread([4, 1, 2, 10]), { median: 3, min: 1, max: 10 });
  assert.equal(spread([]), null);
});

test('a percentile is the nearest rank', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.equal(percentile(hundred, 0.99), 99);
  assert.equal(percentile(hundred, 1), 100);
  assert.equal(percentile(Float64Array.of(5), 0.5), 5);
});
