import { POLL_PATH } from '@sheaf/proto/channel/address';
import { decodeFrames, isCounted } from '@sheaf/proto/channel/frame';
import { openByPost } from './event-stream-line.ts';
import { Inbox } from './inbox.ts';
import { channelHeaders, ENDPOINT, post, refusal, type Identity, type Line } from './line.ts';
import { ask, readBody, type Route } from './route.ts';

/** Opens a channel that is asked for its frames. Rejects with RungRefused, or with what the network says. */
export async function openPoll(route: Route, signal: AbortSignal): Promise<Line> {
  const who = await openByPost(route, signal);
  const inbox = new Inbox();
  const stop = new AbortController();
  const asking = AbortSignal.any([signal, stop.signal]);
  void askAgainAndAgain(route, who, inbox, asking);
  return {
    inbox,
    send: (frames, from) => post(route, who, { frames, from, signal: asking }),
    close: () => stop.abort(),
  };
}

async function askAgainAndAgain(
  route: Route,
  who: Identity,
  inbox: Inbox,
  signal: AbortSignal,
): Promise<void> {
  let received = 0;
  try {
    for (;;) {
      const answer = await ask(route, {
        method: 'POST',
        path: `${ENDPOINT}${POLL_PATH}?turn=1&received=${received}`,
        headers: channelHeaders(who),
        body: new Uint8Array(0),
        signal,
      });
      const body = await readBody(answer.body);
      if (answer.status !== 200) {
        inbox.breakOff(`answered ${answer.status} ${refusal(answer.status, body.toString()).message}`.trim());
        return;
      }
      for (const frame of decodeFrames(body)) {
        if (isCounted(frame)) received += 1;
        inbox.put(frame);
      }
    }
  } catch (thrown) {
    inbox.breakOff(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
