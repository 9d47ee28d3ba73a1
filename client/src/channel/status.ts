import { currentRunner } from './plan.ts';
import type { Ladder } from './plan.ts';
import type { CarrierKind, Rung, Trouble } from './rung.ts';

/** How a channel is, for a page to show. */
export interface ChannelStatus {
  /** `resuming`: without a carrier, which its program does not notice yet. */
  readonly state: 'connecting' | 'open' | 'resuming' | 'closing' | 'closed';
  /** What carries it; null while nothing does. */
  readonly carrier: Rung | null;
  /** Whether the server knows no channels, and a WebSocket is all there is. */
  readonly plain: boolean;
  /**
   * Why it is not on a better rung: `websocket-refused`, `-silent`, `-cut`: the network does not let WebSockets
   * through; `stream-held`, `-refused`: nor event streams. `hidden`: nobody sees the page. `forced`: it was told to. Null on
   * a WebSocket, and while there is no carrier.
   */
  readonly reason:
    | 'websocket-refused'
    | 'websocket-silent'
    | 'websocket-cut'
    | 'stream-held'
    | 'stream-refused'
    | 'hidden'
    | 'forced'
    | null;
  /** What was found out about the better rungs. */
  readonly trouble: Trouble;
  /** Attempts to connect that failed since the last success. */
  readonly failedAttempts: number;
  /** When the next one begins, ms of the wall clock; null while one is under way or none is needed. */
  readonly retryAt: number | null;
  /** Until when the server is about to restart, ms of the wall clock; null if it did not say so. */
  readonly drainUntil: number | null;
}

/** What a ladder tells about a channel in `state`. */
export function describe(
  ladder: Ladder,
  state: 'connecting' | 'open' | 'closing' | 'closed' | 'plain',
  now: number,
): ChannelStatus {
  const kind = currentRunner(ladder)?.kind ?? null;
  const carrier = state === 'plain' ? 'websocket' : carrierOf(kind);
  const waiting = carrier === null && ladder.attempt === null && ladder.phase !== 'over';
  return {
    state: state === 'plain' ? 'open' : state === 'open' && kind === null ? 'resuming' : state,
    carrier: state === 'closed' ? null : carrier,
    plain: state === 'plain',
    reason: state === 'closed' || state === 'plain' ? null : reasonOf(ladder, kind),
    trouble: ladder.choice.trouble,
    failedAttempts: ladder.failed,
    retryAt: waiting && state !== 'closed' ? Math.max(now, ladder.waitUntil) : null,
    drainUntil: now < ladder.drainUntil ? ladder.drainUntil : null,
  };
}

/** The rung that a kind of carrier belongs to; null for none, and for one that carries nothing. */
function carrierOf(kind: CarrierKind | null): Rung | null {
  switch (kind) {
    case null:
    case 'trial':
      return null;
    case 'idle':
      return 'poll';
    case 'plain':
      return 'websocket';
    default:
      return kind;
  }
}

/** Whether both say the same. */
export function isSameStatus(a: ChannelStatus, b: ChannelStatus): boolean {
  return (
    a.state === b.state &&
    a.carrier === b.carrier &&
    a.plain === b.plain &&
    a.reason === b.reason &&
    a.trouble.websocket === b.trouble.websocket &&
    a.trouble.sse === b.trouble.sse &&
    a.failedAttempts === b.failedAttempts &&
    a.retryAt === b.retryAt &&
    a.drainUntil === b.drainUntil
  );
}

function reasonOf(ladder: Ladder, kind: string | null): ChannelStatus['reason'] {
  if (kind === null || kind === 'websocket') return null;
  if (ladder.forced !== null) return 'forced';
  if (kind === 'idle') return 'hidden';
  const { websocket, sse } = ladder.choice.trouble;
  if (kind === 'poll' && sse !== null) return `stream-${sse}`;
  return websocket === null ? null : `websocket-${websocket}`;
}
