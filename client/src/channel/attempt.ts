import type { CarrierKind } from './rung.ts';

/** A rung that is not proved by then gets company, ms. */
export const PATIENCE_MS = 1_000;
/** So long at most on a slow network, where an answer takes longer than half of {@link PATIENCE_MS}. */
const LONGEST_PATIENCE_MS = 4_000;
/** An attempt looks at the clock this often, ms, */
const LOOK_MS = 100;
/** and one that does so this much too late was busy, and has not heard what came meanwhile, ms. */
const BUSY_MS = 50;
/** So much longer is waited at most because of that, ms. */
const GRACE_MS = 1_000;
/** An attempt to connect ends after, ms. */
export const ATTEMPT_MS = 12_000;

/** What is tried, one after another, until something is proved. */
export interface Attempt {
  readonly startedAt: number;
  /** What is tried, in this order. */
  readonly plan: readonly CarrierKind[];
  /** Place in the plan of what is started next, and when at the latest. */
  readonly next: number;
  readonly nextAt: number;
  /** When it is looked at the clock, whatever happens. */
  readonly lookAt: number;
  /** How much longer it may still wait because the program was busy, ms. */
  readonly grace: number;
}

/** The part of a carrier that was started which an attempt looks at. */
interface Tried {
  readonly kind: CarrierKind;
  readonly startedAt: number;
  /** Since when it has a connection. */
  readonly openedAt: number | null;
}

/** One that begins at `now`. */
export function attemptOf(plan: readonly CarrierKind[], now: number): Attempt {
  return { startedAt: now, plan, next: 0, nextAt: now, lookAt: now, grace: GRACE_MS };
}

/** When something must happen in it at the latest. */
export function attemptDeadline({ startedAt, plan, next, nextAt, lookAt }: Attempt): number {
  const end = Math.min(startedAt + ATTEMPT_MS, lookAt);
  return next < plan.length ? Math.min(end, nextAt) : end;
}

/** It was looked at `now`. */
export function lookedAt(attempt: Attempt, now: number): Attempt {
  return { ...attempt, lookAt: now + LOOK_MS };
}

/** The clock was set back by `ms`. */
export function attemptSetBack(attempt: Attempt, ms: number): Attempt {
  const { startedAt, nextAt, lookAt } = attempt;
  return { ...attempt, startedAt: startedAt - ms, nextAt: nextAt - ms, lookAt: lookAt - ms };
}

/** How much of `ms` in which nobody could listen does not count as waiting, ms. */
export function graceFor(attempt: Attempt, ms: number): number {
  return ms < BUSY_MS ? 0 : Math.min(ms, attempt.grace);
}

/** Whoever could not listen for `ms` has not waited: what has come meanwhile is heard before patience ends. */
export function afterDelay(attempt: Attempt, ms: number, now: number): Attempt {
  const longer = graceFor(attempt, ms);
  if (longer === 0) return attempt;
  const nextAt = Math.max(attempt.nextAt + longer, now + Math.min(longer, LOOK_MS));
  return { ...attempt, nextAt, grace: attempt.grace - longer };
}

/** Since when it opens, in time in which the program could listen. */
export function tryingSince({ kind, startedAt, openedAt }: Tried, ms: number): number {
  return isHttp(kind) && openedAt === null ? startedAt + ms : startedAt;
}

/**
 * Over HTTP opening was a round trip: a network that is slow for that is slow for what follows as well. A WebSocket opens where
 * the server took the channel's subprotocol: no plain one is called for.
 */
export function afterOpening(attempt: Attempt, { kind, startedAt }: Tried, now: number): Attempt {
  if (kind === 'websocket') {
    const tried = attempt.plan.slice(0, attempt.next);
    return {
      ...attempt,
      plan: [...tried, ...attempt.plan.slice(attempt.next).filter((other) => other !== 'plain')],
    };
  }
  if (!isHttp(kind)) return attempt;
  const patience = Math.min(LONGEST_PATIENCE_MS, Math.max(PATIENCE_MS, 2 * (now - startedAt)));
  return { ...attempt, nextAt: now + patience };
}

/** What `open` could not reach over HTTP, the other rung of HTTP can't either. */
export function afterDeath(attempt: Attempt, { kind, openedAt }: Tried): Attempt {
  if (!isHttp(kind) || openedAt !== null) return attempt;
  const tried = attempt.plan.slice(0, attempt.next);
  const plan = [...tried, ...attempt.plan.slice(attempt.next).filter((other) => !isHttp(other))];
  return { ...attempt, plan };
}

/** What is started beside those that are `tried`, null for nothing now, and what the attempt is then; 'failed' if it is over. */
export function nextTried(
  attempt: Attempt,
  tried: readonly Tried[],
  now: number,
): 'failed' | { readonly kind: CarrierKind | null; readonly attempt: Attempt } {
  const rest = attempt.plan.slice(attempt.next);
  const [kind] = rest;
  const late = now >= attempt.startedAt + ATTEMPT_MS;
  if (late || (kind === undefined && tried.length === 0)) return 'failed';
  if (kind === undefined || (now < attempt.nextAt && tried.length > 0)) return { kind: null, attempt };
  const nextAt = now + PATIENCE_MS;
  // Both rungs of HTTP begin with the same request: while that is under way the other one is no quicker.
  const opening = tried.find((other) => isHttp(other.kind) && other.openedAt === null);
  const openBy = opening === undefined || !isHttp(kind) ? now : opening.startedAt + LONGEST_PATIENCE_MS;
  if (now >= openBy) return { kind, attempt: { ...attempt, next: attempt.next + 1, nextAt } };
  if (!rest.includes('websocket')) return { kind: null, attempt: { ...attempt, nextAt: openBy } };
  const later = rest.filter((other) => other !== 'websocket');
  const plan = [...attempt.plan.slice(0, attempt.next), 'websocket' as const, ...later];
  return { kind: 'websocket', attempt: { ...attempt, plan, next: attempt.next + 1, nextAt } };
}

function isHttp(kind: CarrierKind): boolean {
  return kind === 'sse' || kind === 'poll';
}
