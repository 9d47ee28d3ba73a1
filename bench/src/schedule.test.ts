import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendByTimetable, timetable } from './schedule.ts';
import { Sweep } from './sweep.ts';

test('a timetable has its rate, ascends, and is the same for the same seed', () => {
  const times = timetable({ count: 10_000, rate: 1_000, seed: 4 });
  assert.deepEqual(times, timetable({ count: 10_000, rate: 1_000, seed: 4 }));
  assert.deepEqual(times, times.toSorted());
  const last = times.at(-1) ?? 0;
  assert.ok(last > 9_990 && last < 10_000, `${last}`);
  // Of exponential gaps a share of 1/e is above the mean.
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const above = gaps.filter((gap) => gap > 1).length / gaps.length;
  assert.ok(Math.abs(above - 1 / Math.E) < 0.02, `${above}`);
});

test('everything is sent once, in order, and never before it is due', async () => {
  const times = timetable({ count: 200, rate: 2_000, seed: 9 });
  const sent: number[] = [];
  const result = await sendByTimetable({ times, sweep: new Sweep([]), send: (index) => sent.push(index) });
  assert.deepEqual(sent, [...times.keys()]);
  assert.ok(result.lateness.every((late) => late >= 0));
  assert.deepEqual(
    result.due,
    times.map((time) => result.start + time),
  );
});
