import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { risingRun } from './rising-run.ts';

test('the run rises and is as long as any', () => {
  assert.deepEqual([...risingRun([2, -1, 0, 1, 3])].toSorted(), [2, 3, 4]);
  assert.equal(risingRun([]).size, 0);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1, max: 8 }), { maxLength: 9 }), (numbers) => {
      const run = [...risingRun(numbers)].toSorted((a, b) => a - b).map((index) => numbers[index] ?? -1);
      assert.ok(run.every((number, index) => number >= 0 && (index === 0 || number > (run[index - 1] ?? 9))));
      let longest = 0;
      for (let chosen = 0; chosen < 2 ** numbers.length; chosen += 1) {
        const some = numbers.filter((number, index) => number >= 0 && (chosen & (1 << index)) !== 0);
        if (some.every((number, index) => index === 0 || number > (some[index - 1] ?? 9)))
          longest = Math.max(longest, some.length);
      }
      assert.equal(run.length, longest);
    }),
  );
});
