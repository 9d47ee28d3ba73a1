import { CHANNEL_SUBPROTOCOL } from '@sheaf/proto/channel/address';
import { decodeFrames, encodeFrame } from '@sheaf/proto/channel/frame';
import { Inbox } from './inbox.ts';
import { drawIdentity, ENDPOINT, helloOf, refusal, RungRefused, type Line } from './line.ts';
import { dial, type Route } from './route.ts';

/** Opens a channel by WebSocket. Rejects with {@link RungRefused}, or with what the network says. */
export async function openWebSocket(route: Route, signal: AbortSignal): Promise<Line> {
  const dialled = await dial(route, { path: ENDPOINT, protocol: CHANNEL_SUBPROTOCOL, signal });
  if (dialled.kind === 'refused') throw refusal(dialled.answer.status, dialled.words);
  const { socket } = dialled;
  if (socket.protocol !== CHANNEL_SUBPROTOCOL) {
    socket.terminate();
    throw new RungRefused('refused', 101, 'The subprotocol was lost on the way, or this is another server.');
  }
  const inbox = new Inbox();
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data) => {
    // As binaryType says.
    for (const frame of decodeFrames(data as Buffer)) inbox.put(frame);
  });
  socket.on('close', (code, reason) => inbox.breakOff(`closed with ${code} ${reason.toString()}`.trim()));
  socket.send(helloOf(drawIdentity(), 1));
  return {
    inbox,
    send: async (frames) => socket.send(Buffer.concat(frames.map(encodeFrame))),
    close: () => socket.terminate(),
  };
}
