import { CHANNEL_HEADER, FRAMES_TYPE, KEY_HEADER } from '@sheaf/proto/channel/address';
import { CHANNEL_VERSION, encodeFrame, type Frame } from '@sheaf/proto/channel/frame';
import type { ServerChannel } from '../channel/channel.ts';
import type { PostOutcome } from '../channel/post.ts';
import { refuse, type Answer } from './answer.ts';
import { Refusal } from './endpoints.ts';

/** How long a browser may remember what a preflight allowed, seconds. */
const PREFLIGHT_S = '600';

/** What a page of another origin may send. */
const CORS_HEADERS = [CHANNEL_HEADER, KEY_HEADER, 'content-type', 'authorization', 'last-event-id'].join(
  ', ',
);

/** Answers that say no; each is told the same way to everybody. */
export const FORBIDDEN = new Refusal(403, 'This channel is not yours.');
export const GONE = new Refusal(410, 'There is no such channel any more.');
const STALE = new Refusal(409, 'A later carrier has this channel.');
export const BUSY = new Refusal(429, 'Another request of this channel is under way.');
export const TOO_LARGE = new Refusal(413, 'This is too much at once.');
const MALFORMED = new Refusal(400, 'This is not what a channel brings.');
export const NO_HELLO = new Refusal(400, `This is no hello of version ${CHANNEL_VERSION}.`);
export const NO_NUMBER = new Refusal(400, 'A number is missing.');
const BROKEN = new Refusal(500, 'The server made a mistake.');

/** Says what became of a POST. */
export function told(to: Answer, channel: ServerChannel, outcome: PostOutcome): void {
  switch (outcome) {
    case 'taken':
      return answer(to, 200, { type: 'ack', received: channel.received });
    case 'gap':
      return answer(to, 409, { type: 'ack', received: channel.received });
    case 'over':
      return refuse(to, GONE);
    case 'given-up':
      return refuse(to, BUSY);
    case 'too-large':
      return refuse(to, TOO_LARGE);
    case 'malformed':
      return refuse(to, MALFORMED);
    case 'internal':
      return refuse(to, BROKEN);
  }
}

/** Why a carrier may not take the channel; null if it may. */
export function mayTake(
  channel: ServerChannel,
  kind: 'sse' | 'poll',
  turn: number,
  received: number,
): Refusal | null {
  try {
    const taking = channel.mayTake(kind, turn, received);
    if (taking === 'stale') return STALE;
    return taking === 'gone' || channel.over ? GONE : null;
  } catch (thrown) {
    channel.failed(thrown);
    return MALFORMED;
  }
}

/** Answers who should have asked for a WebSocket (SPEC HTTP-2). */
export function upgradeNeeded(to: Answer): void {
  // A proxy that strips `Upgrade` is answered at once and without a body, or nginx lets the client hang.
  to.with({ upgrade: 'websocket', connection: 'Upgrade, close', 'content-length': '0' }).sendHead(426);
}

/** Answers a browser that asks what a page of another origin may send. */
export function preflight(to: Answer): void {
  to.with({
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': CORS_HEADERS,
    'access-control-max-age': PREFLIGHT_S,
  }).sendHead(204);
}

/** Answers with one frame. */
export function answer(to: Answer, status: number, frame: Frame): void {
  to.send(status, FRAMES_TYPE, encodeFrame(frame));
}

/** A whole number from 0, or null. */
export function whole(text: string | null): number | null {
  if (text === null || !/^\d{1,16}$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

/** Bytes as hexadecimal, or null. */
export function named(text: string | string[] | null, bytes: number): Uint8Array | null {
  if (typeof text !== 'string' || text.length !== bytes * 2 || !/^[0-9a-f]+$/i.test(text)) return null;
  return Buffer.from(text, 'hex');
}
