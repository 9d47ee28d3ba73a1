import { setImmediate as turn } from 'node:timers/promises';
import type { Sweep } from './sweep.ts';

/** What sending by a timetable did. Times are ms of `performance.now()`. */
export interface Sent {
  /** When update `i` of the stretch was due: `start + i * 1000 / rate`. */
  readonly start: number;
  readonly end: number;
  /** How late each update left, ms. */
  readonly lateness: Float64Array;
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
 * Sends `count` updates at `rate` per second by a fixed timetable, whatever the server does (an open loop):
 * what falls behind is sent at once, and its latency counts from when it was due.
 */
export async function sendByTimetable(options: {
  count: number;
  rate: number;
  sweep: Sweep;
  send: (index: number) => void;
}): Promise<Sent> {
  const { count, rate, sweep, send } = options;
  const lateness = new Float64Array(count);
  const start = performance.now();
  let next = 0;
  await everyTick((elapsed, now) => {
    const due = Math.min(count, Math.floor(((now - start) * rate) / 1_000) + 1);
    for (; next < due; next += 1) {
      lateness[next] = performance.now() - (start + (next * 1_000) / rate);
      send(next);
    }
    sweep.tick(elapsed);
    return next < count;
  });
  return { start, end: performance.now(), lateness };
}
