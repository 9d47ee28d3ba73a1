import { decodeFrames } from '@sheaf/proto/channel/frame';
import type { Frame } from '@sheaf/proto/channel/frame';

/** The protocol's messages in what a page or a server put on a WebSocket: a row of a channel's frames (SPEC CH). */
export function messagesIn(payload: string | Buffer): Uint8Array[] {
  if (typeof payload === 'string') return [];
  const messages: Uint8Array[] = [];
  for (const frame of framesIn(new Uint8Array(payload))) {
    if (frame.type === 'part') throw new Error('A message in parts: this story is about short ones.');
    if (frame.type === 'message' || frame.type === 'presence') messages.push(frame.body);
  }
  return messages;
}

/** Says which bytes they were when they are no frames. */
function framesIn(bytes: Uint8Array): Frame[] {
  try {
    return [...decodeFrames(bytes)];
  } catch (thrown) {
    throw new Error(`No frames: ${Buffer.from(bytes).toString('hex')}`, { cause: thrown });
  }
}
