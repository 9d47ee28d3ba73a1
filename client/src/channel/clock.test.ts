import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from './clock.ts';
import { World } from './test-world.ts';

function start(): { world: World; clock: Clock; heard: number[]; rung: number[] } {
  const world = new World();
  const heard: number[] = [];
  const clock = new Clock(world.environment, (ms) => heard.push(ms));
  const rung: number[] = [];
  return { world, clock, heard, rung };
}

test('an alarm rings once, at the last time that it was set for, and tells how late it is', async () => {
  const { world, clock, rung } = start();
  clock.ring(clock.now() + 100, (late) => rung.push(late));
  clock.ring(clock.now() + 300, (late) => rung.push(late));
  await world.run(299);
  assert.equal(rung.length, 0);
  await world.run(1);
  assert.deepEqual(rung, [0]);
  clock.ring(clock.now() + 100, (late) => rung.push(late));
  world.sleep(700);
  await world.run(0);
  assert.deepEqual(rung, [0, 600]);
  // What is overdue when it is asked for is not late for that.
  clock.ring(clock.now() - 5_000, (late) => rung.push(late));
  await world.run(1);
  assert.deepEqual(rung, [0, 600, 0]);
});

test('one that is silenced, or set for never, does not ring', async () => {
  const { world, clock, rung } = start();
  clock.ring(clock.now() + 100, (late) => rung.push(late));
  clock.silence();
  clock.ring(Infinity, (late) => rung.push(late));
  await world.run(1_000_000);
  assert.equal(rung.length, 0);
});

test('a clock that is set back says by how much, and takes the alarm along', async () => {
  const { world, clock, heard, rung } = start();
  clock.ring(clock.now() + 100, (late) => rung.push(late));
  world.setBack(3_600_000);
  clock.now();
  assert.deepEqual(heard, [3_600_000]);
  await world.run(100);
  assert.deepEqual(rung, [0]);
  // Set back between two looks: what is asked for by the old time is as far away as it was.
  const due = clock.now() + 100;
  world.setBack(60_000);
  clock.ring(due, (late) => rung.push(late));
  await world.run(100);
  assert.deepEqual(rung, [0, 0]);
});
