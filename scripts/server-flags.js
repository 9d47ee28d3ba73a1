// How Node is started for a server. V8 reads these when it starts, and cannot be told later.
import { availableParallelism } from 'node:os';
import { isPinned } from './pinned-node.js';

const FLAGS = [
  // Half of what V8 lets each half of the young generation grow to, MiB: less memory for each open document. What it
  // costs in time could not be measured at 1,000 and 10,000 updates/s.
  '--max-semi-space-size=8',
  // How much the heap grows before all of it is collected, in per cent. Left alone V8 found a server that keeps little so
  // quick to collect that it did so at every tenth of growth, each 7 s, which slows sending down for 450 ms where there is one core.
  '--heap-growing-percent=40',
  // The memory of a worker that has ended goes back to the system. Else V8 (14.6) keeps its pages for the threads that
  // go on, and for good: the worker that looks at large updates left 80 to 170 MiB.
  '--no-memory-pool-share-memory-on-teardown',
];

// With one core the threads that V8 collects garbage with run instead of the server's, which waits for them: collecting on
// the server's own thread halves the pauses.
const ONE_CORE = ['--single-threaded-gc'];

/**
 * @param {number} [cores] how many the server may run on at once
 * @returns {readonly string[]} none for a newer Node, which refuses to start with a flag that it does not know
 */
export function serverFlags(cores = availableParallelism()) {
  if (!isPinned()) return [];
  return cores === 1 ? [...FLAGS, ...ONE_CORE] : FLAGS;
}
