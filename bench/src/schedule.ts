import { setImmediate as turn } from 'node:timers/promises';
import { seeded } from './random.ts';
import type { Sweep } from './sweep.ts';

/** What sending by a timetable did. Times are ms of `performance.now()`. */
export interface Sent {
  /** When each update was due. */
  readonly due: Float64Array;
  readonly start: number;
  readonly end: number;
  /** How late each update left, ms. */
  readonly lateness: Float64Array;
}

/**
 * When each of `count` updates is due, ms from the start: `rate` per second on average with exponential gaps, as
 * people who know nothing of each other type (a Poisson process). Even gaps would meet a server's own rhythm
 * always or never. The same for the same seed; all are due within `count / rate` seconds.
 */
export function timetable(options: { count: number; rate: number; seed: number }): Float64Array {
  const random = seeded(options.seed);
  const due = new Float64Array(options.count);
  let time = 0;
  for (let index = 0; index < due.length; index += 1) {
    time -= Math.log(1 - random());
    due[index] = time;
  }
  const scale = (options.count * 1_000) / options.rate / (time + 1);
  return due.map((at) => at * scale);
}

/**
 * How long the load process rests between two looks at its sockets, ms; Linux makes it some 0.06 ms more.
 * Node's timers know whole milliseconds only, and ten people whose edits arrive together once a millisecond
 * would do a server the favour of coalescing them.
 */
const REST_MS = 0.1;

/** Calls `step` some 5,000 times a second with the ms since the last call, until it answers false. */
export async function everyTick(step: (elapsed: number, now: number) => boolean): Promise<void> {
  const never = new Int32Array(new SharedArrayBuffer(4));
  let last = performance.now();
  for (;;) {
    const now = performance.now();
    if (!step(now - last, now)) return;
    last = now;
    Atomics.wait(never, 0, 0, REST_MS);
    await turn();
  }
}

/**
 * Sends an update at each time of the timetable, whatever the server does (an open loop): what falls behind is
 * sent at once, and its latency counts from when it was due.
 */
export async function sendByTimetable(options: {
  /** ms from now, ascending. */
  times: Float64Array;
  sweep: Sweep;
  send: (index: number) => void;
}): Promise<Sent> {
  const { times, sweep, send } = options;
  const lateness = new Float64Array(times.length);
  const start = performance.now();
  const due = times.map((time) => start + time);
  let next = 0;
  await everyTick((elapsed, now) => {
    for (; (due[next] ?? Infinity) <= now; next += 1) {
      lateness[next] = performance.now() - (due[next] ?? 0);
      send(next);
    }
    sweep.tick(elapsed);
    return next < times.length;
  });
  return { due, start, end: performance.now(), lateness };
}
