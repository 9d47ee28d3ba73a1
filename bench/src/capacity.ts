import { attempt } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { runRound, sessionLength, WARM_UP, WRITERS } from './round.ts';
import type { ServerUnderTest } from './servers.ts';
import { recordTyping } from './typing.ts';

const RATE = 1_000;
const SECONDS = 3;
/** The 99th percentile of the latency must stay under this, ms. */
const BOUND_MS = 50;
const FEWEST = 64;
/** A process may have 20,000 files open here and there, and a connection takes one on each side. */
const MOST = 16_384;
/** The search ends when the number that failed is this near to the one that passed. */
const NEAR = 1.1;
/** A number that fails is tried once more: one pause of the machine must not decide. */
const TRIES = 2;

/** The most readers of one document. */
export interface Capacity {
  readonly readers: number;
  /** The least number that failed, and how; null if none did. */
  readonly failed: { readonly readers: number; readonly reason: string } | null;
}

/**
 * Searches the most readers with 10 writers and 1,000 updates a second whose 99th percentile of latency is under
 * 50 ms: doubles until a number fails, then halves the gap. Every number gets a fresh server.
 */
export async function searchCapacity(options: {
  server: ServerUnderTest;
  pinned: boolean;
  seed: number;
  tell: (line: string) => void;
}): Promise<Outcome<Capacity>> {
  const { server, pinned, tell } = options;
  const pace = { rate: RATE, seconds: SECONDS, warmUp: WARM_UP };
  const session = recordTyping({ writers: WRITERS, count: sessionLength(pace), seed: options.seed });
  const once = async (readers: number): Promise<{ passed: boolean; note: string }> => {
    const setting = { ...pace, server, readers, pinned };
    const outcome = await attempt(() => runRound(setting, session));
    if (outcome.state !== 'valid') return { passed: false, note: outcome.reason };
    const { p99 } = outcome.figures.latency;
    return { passed: p99 < BOUND_MS, note: `p99 ${p99.toFixed(1)} ms` };
  };
  /** Why so many readers are too many; null if they are not. */
  const probe = async (readers: number): Promise<string | null> => {
    let last = '';
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { passed, note } = await once(readers);
      tell(`${server.name}, ${readers} readers: ${note}`);
      if (passed) return null;
      last = note;
    }
    return last;
  };
  let passed = 0;
  let failed: Capacity['failed'] = null;
  for (let readers = FEWEST; readers <= MOST && failed === null; readers *= 2) {
    const reason = await probe(readers);
    if (reason === null) passed = readers;
    else failed = { readers, reason };
  }
  while (failed !== null && failed.readers / Math.max(passed, 1) > NEAR && failed.readers > 1) {
    const readers = Math.round((passed + failed.readers) / 2);
    const reason = await probe(readers);
    if (reason === null) passed = readers;
    else failed = { readers, reason };
  }
  return { state: 'valid', figures: { readers: passed, failed } };
}
