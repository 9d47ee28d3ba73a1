import { readFileSync, readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * How far threads stand back from the one that fans out where they share a core (niceness of setpriority(2)): those for
 * which somebody waits (the disk's, and the one that looks at what the judge leaves to it), and those for which nobody does.
 */
export const NICENESS = { awaited: 5, background: 10 } as const;

/** Linux lists the threads of a process here, and has a niceness for each. */
const THREADS = '/proc/self/task';
/** How Node calls the threads of V8's pool. */
const V8_HELPER = 'node-V8Worker';

/**
 * Starts a worker thread that yields to others of more weight. It does so from its first instruction on, for its own start
 * takes 30 ms of a core, which is too long for a thread to do beside the one that fans out. Only Linux has this for a thread
 * alone; elsewhere the worker is one like the others.
 */
export function startBehind(niceness: number, file: URL, options: WorkerOptions): Worker {
  const before = new Set(listThreads());
  const worker = new Worker(file, options);
  for (const thread of listThreads()) if (!before.has(thread)) standBack(thread, niceness);
  return worker;
}

/**
 * V8's own helpers, which collect garbage and optimise beside the thread that fans out, yield to it as well: four of them
 * that mark a heap take four fifths of a core that they share with it, for 100 ms and more.
 */
export function holdBackHelpers(): void {
  for (const thread of listThreads())
    if (readFileSync(`${THREADS}/${thread}/comm`, 'utf8').startsWith(V8_HELPER))
      standBack(thread, NICENESS.background);
}

/** From this thread, not from others' processes: whoever may not be root can only go further back. */
function standBack(thread: string, niceness: number): void {
  setPriority(Number(thread), Math.min(getPriority() + niceness, constants.priority.PRIORITY_LOW));
}

function listThreads(): readonly string[] {
  return process.platform === 'linux' ? readdirSync(THREADS) : [];
}
