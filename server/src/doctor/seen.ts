import { DOCTOR_LIMITS } from './limits.ts';
import { ask, readBody, type Route } from './route.ts';

/** How a request looks when it has arrived at the server (`/seen`). */
export interface SeenFinding {
  /** Whether somebody on the way told for whom it forwards (`X-Forwarded-For`). */
  readonly forwardedFor: boolean;
  /** Whether it told by which scheme (`X-Forwarded-Proto`). */
  readonly forwardedProto: boolean;
  /** Whether the server believes who it was that told. */
  readonly trusted: boolean;
  /** The Host header that arrived. */
  readonly host: string;
}

/** Asks the server what it saw. Null if it does not say. */
export async function examineSeen(route: Route, signal: AbortSignal): Promise<SeenFinding | null> {
  const late = AbortSignal.timeout(DOCTOR_LIMITS.answerMs);
  try {
    const answer = await ask(route, { method: 'GET', path: 'seen', signal: AbortSignal.any([signal, late]) });
    const body = (await readBody(answer.body)).toString();
    return answer.status === 200 ? readSeen(JSON.parse(body)) : null;
  } catch {
    // An older server, or a proxy that lets only some paths through: nothing is known, and nothing is claimed.
    return null;
  }
}

function readSeen(value: unknown): SeenFinding | null {
  if (typeof value !== 'object' || value === null) return null;
  const { forwardedFor, forwardedProto, trusted, host } = value as Partial<
    Record<keyof SeenFinding, unknown>
  >;
  if (typeof forwardedFor !== 'boolean' || typeof forwardedProto !== 'boolean') return null;
  if (typeof trusted !== 'boolean' || typeof host !== 'string') return null;
  return { forwardedFor, forwardedProto, trusted, host };
}
