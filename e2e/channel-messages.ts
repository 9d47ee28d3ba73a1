import { decodeFrames } from '@sheaf/proto/channel/frame';

/** The protocol's messages in what a page or a server put on a WebSocket: a row of a channel's frames (SPEC CH). */
export function messagesIn(payload: string | Buffer): Uint8Array[] {
  if (typeof payload === 'string') return [];
  const messages: Uint8Array[] = [];
  for (const frame of decodeFrames(new Uint8Array(payload))) {
    if (frame.type === 'part') throw new Error('A message in parts: this story is about short ones.');
    if (frame.type === 'message' || frame.type === 'presence') messages.push(frame.body);
  }
  return messages;
}
