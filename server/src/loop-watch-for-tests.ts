/*
 * Loaded into a server before its own code (node --import), for tests: watches for how long the event loop stood still, and
 * how much of that the main thread worked, and lists the long ones in the file that LOOP_WATCH names: ms since 1970, ms, ms.
 */
import { renameSync, writeFileSync } from 'node:fs';

const EVERY_MS = 2;
const TELL_MS = 200;
/** So long a pause is listed, ms. */
const LISTED_MS = 40;

const file = process.env['LOOP_WATCH'] ?? '';
let last = performance.now();
let worked = process.threadCpuUsage();
const pauses: { at: number; pause: number; worked: number }[] = [];

setInterval(() => {
  const now = performance.now();
  const { user, system } = process.threadCpuUsage(worked);
  const found = { at: Date.now(), pause: now - last - EVERY_MS, worked: (user + system) / 1_000 };
  if (found.pause > LISTED_MS) pauses.push(found);
  last = performance.now();
  worked = process.threadCpuUsage();
}, EVERY_MS).unref();

setInterval(() => {
  // Whoever reads meanwhile reads the one before.
  writeFileSync(`${file}.new`, JSON.stringify(pauses));
  renameSync(`${file}.new`, file);
}, TELL_MS).unref();
