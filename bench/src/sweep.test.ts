import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sweep } from './sweep.ts';

/** How often each of `count` connections is read in `ms` ticks of a millisecond. */
function reads(count: number, ms: number): number[] {
  const times = Array.from({ length: count }, () => 0);
  const sweep = new Sweep(
    times.map((_, index) => ({
      resume: () => {
        times[index] = (times[index] ?? 0) + 1;
      },
    })),
  );
  for (let tick = 0; tick < ms; tick += 1) sweep.tick(1);
  return times;
}

test('few connections are each read every 10 ms', () => {
  assert.deepEqual(reads(4, 100), [10, 10, 10, 10]);
});

test('many connections share 12,000 reads a second, in turn', () => {
  const times = reads(600, 1_000);
  assert.deepEqual(new Set(times), new Set([20]));
});

test('a late tick reads each connection once, not once for each tick that was missed', () => {
  let count = 0;
  const sweep = new Sweep([{ resume: () => (count += 1) }, { resume: () => (count += 1) }]);
  sweep.tick(5_000);
  assert.equal(count, 2);
});
