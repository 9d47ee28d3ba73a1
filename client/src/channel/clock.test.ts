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

test('an alarm that is put off again and again costs no timer each time', async () => {
  const { world, clock, rung } = start();
  let timers = 0;
  const counted = new Clock(
    { now: world.environment.now, timer: (fire, ms) => ((timers += 1), world.timer(fire, ms)) },
    () => undefined,
  );
  for (let frame = 0; frame < 50; frame += 1) {
    counted.ring(counted.now() + 1_000, (late) => rung.push(late));
    await world.run(10);
  }
  assert.equal(timers, 1);
  await world.run(989);
  assert.equal(rung.length, 0);
  await world.run(1);
  assert.deepEqual(rung, [0]);
  // Where it is to ring earlier it does.
  clock.ring(clock.now() + 1_000, (late) => rung.push(late));
  clock.ring(clock.now() + 20, (late) => rung.push(late));
  await world.run(20);
  assert.deepEqual(rung, [0, 0]);
});

test('one that is put off behind the sleep of a machine is not late by it', async () => {
  const { world, clock, rung } = start();
  // A timer stands still meanwhile: the one that runs ends an hour later by the wall clock.
  clock.ring(clock.now() + 30_000, (late) => rung.push(late));
  world.standStill(3_600_000);
  clock.ring(clock.now() + 10_000, (late) => rung.push(late));
  await world.run(10_000);
  assert.deepEqual(rung, [0]);
});

test('a clock that is set back while nobody looks makes no wait longer', async () => {
  const { world, clock, rung } = start();
  clock.ring(clock.now() + 30_000, (late) => rung.push(late));
  await world.run(20_000);
  world.setBack(15_000);
  await world.run(10_000);
  assert.deepEqual(rung, [0]);
  // Put off before that, it is as far away as it was.
  clock.ring(clock.now() + 100, (late) => rung.push(late));
  clock.ring(clock.now() + 300, (late) => rung.push(late));
  await world.run(50);
  world.setBack(200);
  await world.run(250);
  assert.deepEqual(rung, [0, 0]);
});

test('a sleep is noticed also by a clock that was set back before it', async () => {
  const { world, clock, rung } = start();
  clock.ring(clock.now() + 30_000, (late) => rung.push(late));
  world.setBack(7_200_000);
  clock.now();
  world.standStill(3_600_000);
  clock.ring(clock.now() + 40_000, (late) => rung.push(late));
  clock.ring(clock.now() + 10_000, (late) => rung.push(late));
  await world.run(10_000);
  assert.deepEqual(rung, [0]);
});
