import type { Limits } from '../limits.ts';
import type { Committer } from './committer.ts';
import type { FanOutCounters } from './fan-out.ts';
import type { Relay } from './relay.ts';
import type { TaskRunner } from './replicas.ts';
import type { SendTurns } from './send-turns.ts';

/** What the documents of one server share. */
export interface DocumentContext {
  readonly limits: Limits;
  readonly committer: Committer;
  readonly replicas: TaskRunner;
  /** Wall clock, ms since 1970. */
  readonly time: () => number;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  /** How busy the event loop is, 0 to 1. */
  readonly load: () => number;
  /** Limits how many differences are made at once. */
  readonly openings: { run<T>(task: () => Promise<T>): Promise<T> };
  readonly turns: SendTurns;
  readonly counters: FanOutCounters & { updates: number; slow: number };
  /** Passes on what is taken; null when this is the only server. */
  readonly relay: Relay | null;
  /** Other servers write the same log. */
  readonly shared: boolean;
}
