import { FRAMES_TYPE, MESSAGES_PATH } from '@sheaf/proto/channel/address';
import { channelHeaders, drawIdentity, ENDPOINT } from './line.ts';
import { DOCTOR_LIMITS } from './limits.ts';
import { ask, readBody, type Route } from './route.ts';

/** The largest body that a POST may have on its way, as far as it matters. */
export interface BodyFinding {
  readonly works: boolean;
  /** Bytes that pass; null if none of the sizes that were tried did, or none could be. */
  readonly passes: number | null;
  readonly words: string;
}

/** What is tried, one after another, bytes. */
const SIZES = [DOCTOR_LIMITS.postBytes, 64 * 1024, 16 * 1024, 4 * 1024, 1024];

/**
 * Sends large bodies for a channel that there is not, which our server refuses with 410 whatever they hold: any
 * proxy's own refusal differs. Never rejects.
 */
export async function examineBodies(route: Route, signal: AbortSignal): Promise<BodyFinding> {
  let first = '';
  for (const size of SIZES) {
    const refused = await tryBody(route, size, signal);
    if (refused === null) return { works: size === DOCTOR_LIMITS.postBytes, passes: size, words: first };
    if (first === '') first = refused;
  }
  return { works: false, passes: null, words: first };
}

/** Null, or how it was refused. */
async function tryBody(route: Route, size: number, signal: AbortSignal): Promise<string | null> {
  const late = AbortSignal.timeout(DOCTOR_LIMITS.answerMs);
  try {
    const answer = await ask(route, {
      method: 'POST',
      path: `${ENDPOINT}${MESSAGES_PATH}?from=0`,
      headers: { ...channelHeaders(drawIdentity()), 'content-type': FRAMES_TYPE },
      body: new Uint8Array(size),
      signal: AbortSignal.any([signal, late]),
    });
    await readBody(answer.body);
    // The server answers before it has read all. A proxy that is still sending then may say 502, and has let it pass.
    if (answer.status === 410 || answer.status === 502) return null;
    return `A body of ${Math.round(size / 1024)} KiB is answered with ${answer.status}.`;
  } catch (thrown) {
    if (late.aborted) return `A body of ${Math.round(size / 1024)} KiB is not answered.`;
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
