/*
 * Loaded into a server before its own code (node --import), for tests: watches for how long the event loop stood still, and
 * how much of that the main thread worked, and lists the long ones at the server's end in the file that LOOP_WATCH names: ms
 * since 1970, ms, ms. Not before: a file that is written while a disk syncs holds up whoever writes it.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 2;
/** So long a pause is listed, or so much work in one, ms. */
const LISTED_MS = 40;

const file = process.env['LOOP_WATCH'] ?? '';
let last = performance.now();
let worked = process.threadCpuUsage();
const pauses: { at: number; pause: number; worked: number }[] = [];

// A server's other threads load this as well, and stand still as long as they like.
if (isMainThread) {
  setInterval(() => {
    const now = performance.now();
    const { user, system } = process.threadCpuUsage(worked);
    const found = { at: Date.now(), pause: now - last - EVERY_MS, worked: (user + system) / 1_000 };
    if (Math.max(found.pause, found.worked) > LISTED_MS) pauses.push(found);
    last = performance.now();
    worked = process.threadCpuUsage();
  }, EVERY_MS).unref();

  process.once('exit', () => writeFileSync(file, JSON.stringify(pauses)));
}
