import { FRAMES_TYPE, MESSAGES_PATH } from '@sheaf/proto/channel/address';
import { encodeFrame } from '@sheaf/proto/channel/frame';
import { openByPost } from './event-stream-line.ts';
import { channelHeaders, ENDPOINT, type Identity } from './line.ts';
import { DOCTOR_LIMITS } from './limits.ts';
import { ask, readBody, type Route } from './route.ts';

/** The largest body that a POST may have on its way, as far as it matters. */
export interface BodyFinding {
  readonly works: boolean;
  /** Bytes that pass; null if none of the sizes that were tried did. */
  readonly passes: number | null;
  readonly words: string;
}

/** What is tried, one after another, bytes. */
const SIZES = [DOCTOR_LIMITS.postBytes, 64 * 1024, 16 * 1024, 4 * 1024, 1024];

/** Says what the server knows already: it may be said often. */
const NOTHING_NEW = encodeFrame({ type: 'ack', received: 0 });

/** Sends large bodies that say nothing new. Never rejects; null if no channel could be opened by POST at all. */
export async function examineBodies(route: Route, signal: AbortSignal): Promise<BodyFinding | null> {
  const late = AbortSignal.timeout(DOCTOR_LIMITS.answerMs);
  const who = await openByPost(route, AbortSignal.any([signal, late])).catch(() => null);
  // What the rungs were told as well.
  if (who === null) return null;
  let first = '';
  for (const size of SIZES) {
    const refused = await tryBody(route, who, size, signal);
    if (refused === null) return { works: size === DOCTOR_LIMITS.postBytes, passes: size, words: first };
    if (first === '') first = refused;
  }
  return { works: false, passes: null, words: first };
}

/** Null, or how it was refused. */
async function tryBody(
  route: Route,
  who: Identity,
  size: number,
  signal: AbortSignal,
): Promise<string | null> {
  const late = AbortSignal.timeout(DOCTOR_LIMITS.answerMs);
  const frames = Math.floor(size / NOTHING_NEW.length);
  try {
    const answer = await ask(route, {
      method: 'POST',
      path: `${ENDPOINT}${MESSAGES_PATH}?from=0`,
      headers: { ...channelHeaders(who), 'content-type': FRAMES_TYPE },
      body: Buffer.alloc(frames * NOTHING_NEW.length, NOTHING_NEW),
      signal: AbortSignal.any([signal, late]),
    });
    await readBody(answer.body);
    if (answer.status === 200) return null;
    return `A body of ${Math.round(size / 1024)} KiB is answered with ${answer.status}.`;
  } catch (thrown) {
    if (late.aborted) return `A body of ${Math.round(size / 1024)} KiB is not answered.`;
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
