import type { Readable } from 'node:stream';
import { EVENTS_PATH, FRAMES_TYPE, OPEN_PATH } from '@sheaf/proto/channel/address';
import { decodeFrames } from '@sheaf/proto/channel/frame';
import { Inbox } from './inbox.ts';
import {
  channelHeaders,
  drawIdentity,
  ENDPOINT,
  helloOf,
  post,
  refusal,
  type Identity,
  type Line,
} from './line.ts';
import { ask, readBody, type Route } from './route.ts';

/** Opens a channel by POST. Rejects with RungRefused, or with what the network says. */
export async function openByPost(route: Route, signal: AbortSignal): Promise<Identity> {
  const who = drawIdentity();
  const answer = await ask(route, {
    method: 'POST',
    path: ENDPOINT + OPEN_PATH,
    headers: { 'content-type': FRAMES_TYPE },
    body: helloOf(who, 0),
    signal,
  });
  const body = await readBody(answer.body);
  if (answer.status !== 200) throw refusal(answer.status, body.toString());
  return who;
}

/** Opens a channel whose frames come as events. Rejects with RungRefused, or with what the network says. */
export async function openEventStream(route: Route, signal: AbortSignal): Promise<Line> {
  const who = await openByPost(route, signal);
  const inbox = new Inbox();
  const stop = new AbortController();
  const reading = AbortSignal.any([signal, stop.signal]);
  // Not awaited: a proxy that holds a body may hold its head too, and that is found by the missing event.
  void read(route, who, inbox, reading);
  return {
    inbox,
    send: (frames, from) => post(route, who, { frames, from, signal: reading }),
    close: () => stop.abort(),
  };
}

async function read(route: Route, who: Identity, inbox: Inbox, signal: AbortSignal): Promise<void> {
  try {
    const answer = await ask(route, {
      method: 'GET',
      path: `${ENDPOINT}${EVENTS_PATH}?turn=1&received=0`,
      headers: { ...channelHeaders(who), accept: 'text/event-stream' },
      signal,
    });
    if (answer.status !== 200) {
      const { status, message } = refusal(answer.status, (await readBody(answer.body)).toString());
      inbox.breakOff(`answered ${status ?? ''} ${message}`.trim());
      return;
    }
    await readEvents(answer.body, (data) => {
      for (const frame of decodeFrames(Buffer.from(data, 'base64'))) inbox.put(frame);
    });
    inbox.breakOff('the stream ended');
  } catch (thrown) {
    inbox.breakOff(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Hands on each event's data (WHATWG HTML, section 9.2.6), which is one line here. Rejects as the stream does. */
async function readEvents(body: Readable, take: (data: string) => void): Promise<void> {
  let rest = '';
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('latin1')).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) take(line.slice('data:'.length).trim());
  }
}
