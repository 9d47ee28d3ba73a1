import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a process holds, bytes. */
export interface Memory {
  readonly rss: number;
  /** Proportional: pages shared with other processes count by their share. */
  readonly pss: number;
}

/** Threads are looked at this often, ms: what one used since the last look goes with it when it ends. */
export const LOOK_MS = 250;

/**
 * CPU time of a process with all its threads, also those that end meanwhile, from the moment it is made. From the scheduler, in
 * nanoseconds, for each thread (/proc/PID/task/TID/schedstat): /proc/PID/stat counts in steps of 10 ms. `using` ends it. Linux
 * only.
 */
export class CpuMeter implements Disposable {
  readonly #pid: number;
  readonly #before: ReadonlyMap<string, number>;
  readonly #last: Map<string, number>;
  readonly #timer: NodeJS.Timeout;

  /** Begins. */
  constructor(pid: number) {
    this.#pid = pid;
    this.#before = threadMicroseconds(pid);
    this.#last = new Map(this.#before);
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** The time since it began, µs; of a thread that has ended what it had at the last look. */
  look(): number {
    for (const [thread, microseconds] of threadMicroseconds(this.#pid)) this.#last.set(thread, microseconds);
    let sum = 0;
    for (const [thread, microseconds] of this.#last) sum += microseconds - (this.#before.get(thread) ?? 0);
    return sum;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** Empty for a process that has ended. */
function threadMicroseconds(pid: number): Map<string, number> {
  const threads = new Map<string, number>();
  const folder = `/proc/${pid}/task`;
  for (const thread of existsSync(folder) ? readdirSync(folder) : []) {
    const file = `${folder}/${thread}/schedstat`;
    // A thread may end between the two looks.
    if (existsSync(file)) threads.set(thread, Number(readFileSync(file, 'ascii').split(' ', 1)[0]) / 1_000);
  }
  return threads;
}

/** Ticks of /proc/stat, µs: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_US = 10_000;

/** CPU time that all programs together have used on all cores since the machine started, µs. Linux only. */
export function machineMicroseconds(): number {
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'ascii').split(/\s+/, 9);
  const ticks = [user, nice, system, irq, softirq, steal].reduce((sum, text) => sum + Number(text), 0);
  return ticks * TICK_US;
}

/** Memory of a process now. Linux only. */
export function memory(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'ascii');
  const kibibytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
  return { rss: kibibytes('Rss') * 1024, pss: kibibytes('Pss') * 1024 };
}
