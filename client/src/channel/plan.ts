import type { Attempt } from './attempt.ts';
import { ROW_BYTES } from './link.ts';
import type { CarrierKind, Rung, Trouble } from './rung.ts';

/** The state of a ladder, and what is wanted in it; how it changes is in `ladder.ts`. */

/** So many early deaths in a row mean that WebSockets, or event streams, do not work here, if a lower rung does after. */
export const EARLY_DEATHS = 3;

/** A carrier that was started. */
export interface Runner {
  readonly id: number;
  readonly kind: CarrierKind;
  readonly startedAt: number;
  /** Since when it has a connection, though nothing proves it yet. */
  readonly openedAt: number | null;
  readonly proved: boolean;
}

/** What is remembered from one channel to the next. */
export interface Choice {
  /** The rung that worked last. */
  readonly rung: Rung;
  readonly trouble: Trouble;
  /** Early deaths of WebSockets in a row. */
  readonly earlyDeaths: number;
  /** Until when a WebSocket is not tried first. */
  readonly demotedUntil: number;
  /** The same of event streams. */
  readonly streamDeaths: number;
  readonly streamDemotedUntil: number;
  /** When one was tried last. */
  readonly webSocketTriedAt: number;
  /** When an event stream was last tried beside polls, and not for the first time. */
  readonly streamTriedAt: number;
  /** Nobody connects before: the server said that it is about to stop. */
  readonly notBefore: number;
  /** Whether the endpoint has been seen to know channels. */
  readonly known: boolean;
  /** The longest row of frames that the network takes, bytes. */
  readonly rowBytes: number;
}

/** Nothing is known. */
export const NO_CHOICE: Choice = {
  rung: 'websocket',
  trouble: { websocket: null, sse: null },
  earlyDeaths: 0,
  demotedUntil: 0,
  streamDeaths: 0,
  streamDemotedUntil: 0,
  webSocketTriedAt: 0,
  streamTriedAt: 0,
  notBefore: 0,
  known: false,
  rowBytes: ROW_BYTES,
};

/** Which carriers run, which is the channel's, and what is known. */
export interface Ladder {
  readonly phase: 'connecting' | 'connected' | 'resuming' | 'over';
  readonly choice: Choice;
  /** The only rung that may be used. */
  readonly forced: Rung | null;
  /** Whether nobody sees the page. */
  readonly hidden: boolean;
  readonly runners: readonly Runner[];
  /** The runner that the channel uses. */
  readonly current: number | null;
  readonly attempt: Attempt | null;
  /** Attempts that failed since the last success. */
  readonly failed: number;
  readonly waitUntil: number;
  readonly lostAt: number;
  /** Since when the channel uses what it used last, and how many carriers in a row it lost soon. */
  readonly attachedAt: number;
  readonly shortLived: number;
  /** When a WebSocket, and an event stream, may be tried beside a lower rung. */
  readonly probeAt: number;
  readonly trialAt: number;
  /** How many event streams were tried beside polls since anything better carried the channel. */
  readonly trials: number;
  /** How long a channel without a carrier is there, ms. */
  readonly resumeMs: number;
  /** Until when the end of a carrier is the server's stop. */
  readonly drainUntil: number;
  readonly nextId: number;
}

/** The runner that the channel uses, or null. */
export function currentRunner(ladder: Ladder): Runner | null {
  return ladder.runners.find(({ id }) => id === ladder.current) ?? null;
}

/** How much a carrier is wanted; the most wanted one that is proved is the channel's. */
export function rank(ladder: Ladder, kind: CarrierKind): number {
  const ranks = { plain: 9, websocket: 4, idle: 0, sse: 3, poll: 2, trial: -1 };
  if (kind === 'idle' && ladder.hidden) return ladder.forced === null ? 3.5 : 7;
  if (ladder.forced === null) return ranks[kind];
  return kind === ladder.forced ? (ladder.hidden && kind !== 'websocket' ? 6 : 8) : ranks[kind];
}

/** What an attempt tries, or null if none is called for. */
export function planOf(ladder: Ladder, now: number): readonly CarrierKind[] | null {
  const { forced, choice, hidden } = ladder;
  const current = currentRunner(ladder)?.kind ?? null;
  if (current === 'plain') return null;
  if (forced !== null) {
    const content = current === forced || (hidden && current === 'idle' && forced !== 'websocket');
    if (content) return null;
    return forced === 'websocket' && !choice.known ? ['websocket', 'plain'] : [forced];
  }
  if (current !== null && (current !== 'idle' || hidden)) return null;
  const demoted = now < choice.demotedUntil || choice.earlyDeaths >= EARLY_DEATHS;
  const noStream = now < choice.streamDemotedUntil || choice.streamDeaths >= EARLY_DEATHS;
  const overHttp: readonly Rung[] = noStream ? ['poll', 'sse'] : ['sse', 'poll'];
  const byRank: readonly Rung[] = demoted ? [...overHttp, 'websocket'] : ['websocket', ...overHttp];
  const isOut = (choice.rung === 'websocket' && demoted) || (choice.rung === 'sse' && noStream);
  const first = isOut ? (noStream ? 'poll' : 'sse') : choice.rung;
  const plan: CarrierKind[] = [first, ...byRank.filter((rung) => rung !== first)];
  // A server that never spoke of channels may be a stock one that stumbles over the subprotocol.
  if (ladder.phase === 'connecting' && !choice.known) plan.push('plain');
  return plan;
}

/** Whether it is a WebSocket that is tried beside a lower rung. */
export function isProbe(ladder: Ladder, runner: Runner): boolean {
  return (
    ladder.current !== null &&
    ladder.attempt === null &&
    runner.id !== ladder.current &&
    runner.kind === 'websocket'
  );
}

/** Whether a WebSocket may be tried beside a lower rung. */
export function mayProbe(ladder: Ladder): boolean {
  const current = currentRunner(ladder)?.kind;
  if (ladder.forced !== null || (current !== 'sse' && current !== 'poll')) return false;
  return ladder.attempt === null && !ladder.runners.some(({ kind }) => kind === 'websocket');
}

/** From when on an event stream may be tried beside polls; Infinity if it may not. */
export function trialFrom(ladder: Ladder): number {
  const { forced, hidden, attempt, choice, runners, trialAt } = ladder;
  const polls = forced === null && !hidden && attempt === null && currentRunner(ladder)?.kind === 'poll';
  if (!polls || choice.streamDeaths >= EARLY_DEATHS || runners.some(({ kind }) => kind === 'trial'))
    return Infinity;
  return Math.max(trialAt, choice.streamDemotedUntil);
}
