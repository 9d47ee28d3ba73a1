import { performance } from 'node:perf_hooks';
import { startServer } from './main.ts';

/*
 * A program for `stalls.test.ts`: a server whose data lie in the folder of its first argument, and which measures how
 * long it keeps others waiting. Started by `fork`; it says `{ port }`, and answers each message with a {@link Longest}.
 */

/** The longest stretch since it was last asked in which no timer fired. */
export interface Longest {
  /** Of processor time of the main thread, ms: what it worked, whatever else ran on the machine. */
  readonly worked: number;
  /** Of the clock, ms: what a neighbour waited. */
  readonly waited: number;
}

/** How often it looks, ms. A stretch is measured longer than it is by at most this. */
const LOOK_MS = 2;

/** User and system time of this thread so far, ms. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const [folder = null] = process.argv.slice(2);
const server = await startServer({ data: folder });
let [worked, waited] = [0, 0];
let [workedAt, lookedAt] = [processorMs(), performance.now()];
setInterval(() => {
  const [work, now] = [processorMs(), performance.now()];
  worked = Math.max(worked, work - workedAt);
  waited = Math.max(waited, now - lookedAt);
  workedAt = work;
  lookedAt = now;
}, LOOK_MS);
process.on('message', () => {
  const longest: Longest = { worked, waited };
  [worked, waited] = [0, 0];
  process.send?.(longest);
});
process.on('disconnect', () => process.exit());
process.send?.({ port: server.port });
