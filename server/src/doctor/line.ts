import { randomBytes } from 'node:crypto';
import { CHANNEL_HEADER, FRAMES_TYPE, KEY_HEADER, MESSAGES_PATH } from '@sheaf/proto/channel/address';
import { CHANNEL_VERSION, encodeFrame, ID_BYTES, KEY_BYTES, type Frame } from '@sheaf/proto/channel/frame';
import type { Inbox } from './inbox.ts';
import { ask, readBody, type Route } from './route.ts';

/** The endpoint that is examined. Every deployment has it. */
export const ENDPOINT = 'hocuspocus';

/** A rung in use: frames come into its inbox, and go by `send`. */
export interface Line {
  readonly inbox: Inbox;
  /** Sends frames, and resolves when they have been handed over. `from`: number before the first counted one. */
  send(frames: readonly Frame[], from: number): Promise<void>;
  close(): void;
}

/** Says why a rung can't even be begun. */
export class RungRefused extends Error {
  override readonly name = 'RungRefused';
  readonly problem: 'refused' | 'silent' | 'held' | 'origin';
  readonly status: number | null;

  constructor(problem: 'refused' | 'silent' | 'held' | 'origin', status: number | null, words: string) {
    super(words);
    this.problem = problem;
    this.status = status;
  }
}

/** Who a channel is: drawn anew for each. */
export interface Identity {
  readonly id: Uint8Array;
  readonly key: Uint8Array;
}

/** Draws a channel's id and key. */
export function drawIdentity(): Identity {
  return { id: randomBytes(ID_BYTES), key: randomBytes(KEY_BYTES) };
}

/** The headers that name a channel. */
export function channelHeaders({ id, key }: Identity): Record<string, string> {
  return {
    [CHANNEL_HEADER]: Buffer.from(id).toString('hex'),
    [KEY_HEADER]: Buffer.from(key).toString('hex'),
  };
}

/** A channel's first frame. */
export function helloOf({ id, key }: Identity, turn: number): Uint8Array {
  return encodeFrame({ type: 'hello', version: CHANNEL_VERSION, id, key, turn, received: 0, from: 0 });
}

/** Sends frames by POST. Rejects with {@link RungRefused} when they are not taken. */
export async function post(
  route: Route,
  who: Identity,
  { frames, from, signal }: { frames: readonly Frame[]; from: number; signal: AbortSignal },
): Promise<void> {
  const answer = await ask(route, {
    method: 'POST',
    path: `${ENDPOINT}${MESSAGES_PATH}?from=${from}`,
    headers: { ...channelHeaders(who), 'content-type': FRAMES_TYPE },
    body: Buffer.concat(frames.map(encodeFrame)),
    signal,
  });
  const body = await readBody(answer.body);
  if (answer.status !== 200) throw refusal(answer.status, body.toString());
}

/** An answer that is not the one that was hoped for. */
export function refusal(status: number, words: string): RungRefused {
  // The server's own words name the setting; a proxy's page does not.
  const origin = status === 403 && words.includes('SHEAF_');
  const text = words.includes('<') ? '' : words.trim().split('\n', 1)[0]?.slice(0, 200);
  return new RungRefused(origin ? 'origin' : 'refused', status, text ?? '');
}
