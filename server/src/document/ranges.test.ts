import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from './random-edits.ts';
import { Ranges } from './ranges.ts';

function rangesOf(...bounds: number[]): Ranges {
  const ranges = new Ranges();
  for (let i = 0; i < bounds.length; i += 2) ranges.add(bounds[i] ?? 0, bounds[i + 1] ?? 0);
  return ranges;
}

function missing(ranges: Ranges, start: number, end: number): number[] {
  const out: number[] = [];
  ranges.missing(start, end, out);
  return out;
}

test('ranges that touch or overlap become one', () => {
  assert.deepEqual(rangesOf(5, 7, 0, 2, 2, 3).bounds, [0, 3, 5, 7]);
  assert.deepEqual(rangesOf(0, 2, 4, 6, 8, 9, 2, 8).bounds, [0, 9]);
  assert.deepEqual(rangesOf(3, 4, 0, 1, 1, 10).bounds, [0, 10]);
  assert.equal(rangesOf(0, 1, 5, 6).count, 2);
});

test('what is missing leaves out what is there', () => {
  const ranges = rangesOf(2, 4, 6, 8);
  assert.deepEqual(missing(ranges, 0, 10), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(missing(ranges, 2, 4), []);
  assert.deepEqual(missing(ranges, 3, 7), [4, 6]);
  assert.deepEqual(missing(ranges, 4, 6), [4, 6]);
  assert.deepEqual(missing(ranges, 8, 9), [8, 9]);
});

test('many ranges at once are added as one by one', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const random = makeRandom(seed);
    const one = new Ranges();
    const all = new Ranges();
    for (let round = 0; round < 3; round += 1) {
      const bounds: number[] = [];
      for (let i = 0, at = 0; i < 40; i += 1) {
        const start = at + Math.floor(random() * 4);
        at = start + 1 + Math.floor(random() * 3);
        bounds.push(start, at);
        one.add(start, at);
      }
      all.addAll(bounds);
      assert.deepEqual(all.bounds, one.bounds, `seed ${seed}`);
    }
  }
});

test('ranges agree with a plain set of numbers', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = makeRandom(seed);
    const ranges = new Ranges();
    const plain = new Set<number>();
    for (let i = 0; i < 40; i += 1) {
      const start = Math.floor(random() * 60);
      const end = start + 1 + Math.floor(random() * 8);
      const wanted = [];
      for (let value = start; value < end; value += 1) if (!plain.has(value)) wanted.push(value);
      const parts = missing(ranges, start, end);
      const got = [];
      for (let at = 0; at < parts.length; at += 2)
        for (let value = parts[at] ?? 0; value < (parts[at + 1] ?? 0); value += 1) got.push(value);
      assert.deepEqual(got, wanted, `seed ${seed}`);
      assert.equal(ranges.contains(start, end), wanted.length === 0, `seed ${seed}`);
      ranges.add(start, end);
      for (let value = start; value < end; value += 1) plain.add(value);
    }
    const { bounds } = ranges;
    for (let i = 1; i < bounds.length; i += 1)
      assert.ok((bounds[i - 1] ?? 0) < (bounds[i] ?? 0), `seed ${seed}`);
  }
});
