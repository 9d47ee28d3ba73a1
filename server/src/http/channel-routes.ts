import {
  CHANNEL_HEADER,
  CHANNEL_PARAMETER,
  EVENTS_PATH,
  FRAMES_TYPE,
  KEY_HEADER,
  KEY_PARAMETER,
  MESSAGES_PATH,
  OPEN_PATH,
  POLL_PATH,
} from '@sheaf/proto/channel/address';
import { encodeFrame, ID_BYTES, KEY_BYTES } from '@sheaf/proto/channel/frame';
import type { EncodedFrame } from '@sheaf/proto/channel/outgoing';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isHostAllowed, isPageAllowed, type OriginRules } from '../access/origins.ts';
import type { ServerChannel } from '../channel/channel.ts';
import type { ChannelRequest, Channels } from '../channel/channels.ts';
import { EventStreamCarrier } from '../channel/event-stream.ts';
import { PollCarrier } from '../channel/poll.ts';
import { Post } from '../channel/post.ts';
import type { Limits } from '../limits.ts';
import type { Accept } from '../protocol/accept.ts';
import { Answer, refuse } from './answer.ts';
import {
  answer,
  BUSY,
  FORBIDDEN,
  GONE,
  mayTake,
  named,
  NO_HELLO,
  NO_NUMBER,
  preflight,
  told,
  TOO_LARGE,
  upgradeNeeded,
  whole,
} from './channel-answers.ts';
import { clientAddress } from './client-address.ts';
import { endpointOf, HOCUSPOCUS_PATH, pathOf, queryOf, Refusal, tokenOf, YJS_PREFIX } from './endpoints.ts';
import { WRONG_NAME, type DirectRoutes } from './front.ts';
import { helloOf, readBody, readFrames } from './read-body.ts';

/** A `hello` is never longer, bytes. */
const HELLO_BYTES = 128;

/** What may stand behind an endpoint's path. */
const BEHIND_PATH = ['', '/', '?'];

const SUFFIXES = [OPEN_PATH, EVENTS_PATH, MESSAGES_PATH, POLL_PATH] as const;

/** What the channels' side of HTTP needs. */
export interface ChannelRoutesOptions {
  readonly channels: Channels;
  readonly accept: Accept;
  readonly origins: OriginRules;
  readonly limits: Limits;
  /** Whether an address is a proxy's whose forwarded headers are believed. */
  readonly trusted: (address: string) => boolean;
}

/** A request for a channel, its path read. */
interface Asked {
  readonly request: ChannelRequest;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly raw: IncomingMessage;
  readonly reply: Answer;
}

/** What is said in each answer of these: what pages are told would be most of its bytes, and none is a page. */
const ALWAYS = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/**
 * The paths below the protocols' endpoints over HTTP: those of channels (SPEC CH-8), and 426 for what wants a WebSocket
 * and did not ask for one.
 */
export class ChannelRoutes implements DirectRoutes {
  readonly #options: ChannelRoutesOptions;
  /** POSTs whose body is being read, or that wait for their channel to go on. */
  readonly #posts = new Map<ServerChannel, { replace(): boolean }>();

  constructor(options: ChannelRoutesOptions) {
    this.#options = options;
  }

  takes(request: IncomingMessage): boolean {
    const { url = '', method = '' } = request;
    const ours =
      url.startsWith(YJS_PREFIX) ||
      (url.startsWith(HOCUSPOCUS_PATH) && BEHIND_PATH.includes(url.charAt(HOCUSPOCUS_PATH.length)));
    return ours && METHODS.includes(method);
  }

  async handle(raw: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = new Answer(response, ALWAYS);
    const { headers, method = '' } = raw;
    if (!isHostAllowed(headers.host, this.#options.origins)) return refuse(reply, WRONG_NAME);
    const path = pathOf(raw);
    const suffix = SUFFIXES.find((name) => path.endsWith(name));
    if (suffix === undefined) return upgradeNeeded(reply);
    const { origin } = headers;
    if (!this.#isPageAllowed(headers))
      return refuse(reply, new Refusal(403, 'Pages of this origin may not connect (SHEAF_ORIGINS).'));
    reply.with({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
    if (origin !== undefined) reply.with({ 'access-control-allow-origin': origin, vary: 'origin' });
    if (method === 'OPTIONS') return preflight(reply);
    const endpoint = endpointOf(path.slice(0, -suffix.length), this.#options.accept);
    if (endpoint instanceof Refusal) return refuse(reply, endpoint);
    const query = queryOf(raw);
    const peer = {
      address: clientAddress(raw, this.#options.trusted),
      token: tokenOf(raw, query),
      origin: origin ?? null,
    };
    return this.#route(suffix, method, { request: { endpoint, peer }, query, headers, raw, reply });
  }

  #route(suffix: (typeof SUFFIXES)[number], method: string, asked: Asked): Promise<void> {
    const wanted = suffix === EVENTS_PATH ? 'GET' : 'POST';
    if (method !== wanted)
      return Promise.resolve(refuse(asked.reply.with({ allow: wanted }), new Refusal(405, `Use ${wanted}.`)));
    switch (suffix) {
      case OPEN_PATH:
        return this.#open(asked);
      case EVENTS_PATH:
        return Promise.resolve(this.#events(asked));
      case MESSAGES_PATH:
        return this.#messages(asked);
      case POLL_PATH:
        return this.#poll(asked);
    }
  }

  async #open({ request, raw, reply }: Asked): Promise<void> {
    const body = await readBody(raw, HELLO_BYTES, this.#untilLate());
    const hello = body && helloOf(body);
    if (hello === null) {
      refuse(reply, NO_HELLO);
      return;
    }
    const meeting = this.#options.channels.meet(hello, request);
    switch (meeting.type) {
      case 'met':
        return answer(reply, 200, meeting.channel.welcome(meeting.resumed));
      case 'gone':
        return answer(reply, 200, meeting.welcome);
      case 'forbidden':
        return refuse(reply, FORBIDDEN);
      case 'no-room':
        return refuse(reply, new Refusal(429, 'Too many connections from this address.'));
      case 'draining':
        return refuse(
          reply.with({ 'retry-after': String(Math.ceil(this.#options.limits.channelDrainMs / 1000)) }),
          new Refusal(503, 'The server is about to stop.'),
        );
    }
  }

  #events(asked: Asked): void {
    const { reply, query, headers } = asked;
    const channel = this.#find(asked);
    if (channel instanceof Refusal) return refuse(reply, channel);
    const turn = whole(query.get('turn'));
    // An EventSource that reconnects asks for the address that it knows, and says here what has come since.
    const last = headers['last-event-id'];
    const received = whole(typeof last === 'string' && last !== '' ? last : query.get('received'));
    if (turn === null || received === null) return refuse(reply, NO_NUMBER);
    // Turn 0 takes nothing: it shows whether events get through.
    const refusal = turn === 0 ? null : mayTake(channel, 'sse', turn, received);
    if (refusal) return refuse(reply, refusal);
    const response = reply.begin(200, 'text/event-stream');
    const { channels, limits } = this.#options;
    const carrier = new EventStreamCarrier({ response, writer: channels.events, channel, limits, received });
    carrier.sendLoose({ head: new Uint8Array(0), body: encodeFrame(channel.welcome(true)) });
    if (turn === 0) channel.prove(carrier);
    else channel.take(carrier, turn, received);
  }

  async #messages(asked: Asked): Promise<void> {
    const { reply, raw, query } = asked;
    const channel = this.#find(asked);
    if (channel instanceof Refusal) return refuse(reply, channel);
    const from = whole(query.get('from'));
    if (from === null) return refuse(reply, NO_NUMBER);
    channel.heard();
    const others = this.#posts.get(channel);
    if (others !== undefined && !others.replace()) return refuse(reply, BUSY);
    const post = new Post(channel, from);
    const giveUp = new AbortController();
    // One whose body does not end may be cut by a network that has not told us.
    let reading = true;
    const entry = {
      replace: (): boolean => {
        if (reading) giveUp.abort();
        return reading;
      },
    };
    this.#posts.set(channel, entry);
    const late = setTimeout(() => giveUp.abort(), this.#options.limits.requestMs);
    giveUp.signal.addEventListener('abort', () => post.giveUp());
    try {
      if (!(await post.ready())) return refuse(reply, channel.over ? GONE : BUSY);
      const frames = await readFrames(raw, this.#options.limits.channelPostBytes, giveUp.signal);
      reading = false;
      if (frames === null)
        return refuse(reply.with({ connection: 'close' }), giveUp.signal.aborted ? BUSY : TOO_LARGE);
      const outcome = await post.bring(frames);
      await handedOn();
      return told(reply, channel, outcome);
    } catch (thrown) {
      return told(reply, channel, channel.failed(thrown));
    } finally {
      clearTimeout(late);
      post.giveUp();
      if (this.#posts.get(channel) === entry) this.#posts.delete(channel);
    }
  }

  async #poll(asked: Asked): Promise<void> {
    const { reply, query } = asked;
    const channel = this.#find(asked);
    if (channel instanceof Refusal) return refuse(reply, channel);
    const turn = whole(query.get('turn'));
    const received = whole(query.get('received'));
    if (turn === null || received === null) return refuse(reply, NO_NUMBER);
    const present = channel.carrier;
    const same = present instanceof PollCarrier && turn === channel.turn ? present : null;
    if (same?.asked) return refuse(reply, BUSY);
    const refusal = mayTake(channel, 'poll', turn, received);
    if (refusal) return refuse(reply, refusal);
    const carrier = same ?? new PollCarrier(channel, this.#options.limits);
    const frames = await new Promise<readonly EncodedFrame[] | null>((resolve) => {
      const poll = { hold: query.get('hold') !== '0', answer: resolve };
      reply.onClose(() => {
        carrier.abandon(poll);
        resolve(null);
      });
      carrier.ask(poll);
      if (same) channel.repeat(carrier, received);
      else channel.take(carrier, turn, received);
    });
    // Nobody is there any more.
    if (frames === null) return;
    const pieces = frames.flatMap(({ head, body }) => [head, body]);
    reply.send(200, FRAMES_TYPE, Buffer.concat(pieces));
  }

  /** The channel that a request names, for its owner. */
  #find({ request, query, headers }: Asked): ServerChannel | Refusal {
    const id = named(headers[CHANNEL_HEADER] ?? query.get(CHANNEL_PARAMETER), ID_BYTES);
    const key = named(headers[KEY_HEADER] ?? query.get(KEY_PARAMETER), KEY_BYTES);
    if (id === null || key === null) return new Refusal(400, 'No channel is named.');
    const found = this.#options.channels.find(id, key, request);
    if (found === 'gone') return GONE;
    return found === 'forbidden' ? FORBIDDEN : found;
  }

  /** Without an Origin it is a program's, or a page's own server is asked; what embeds a foreign address is neither. */
  #isPageAllowed(headers: IncomingMessage['headers']): boolean {
    if (!isPageAllowed(headers, this.#options.origins)) return false;
    const site = headers['sec-fetch-site'];
    return headers.origin !== undefined || (site !== 'cross-site' && site !== 'same-site');
  }

  #untilLate(): AbortSignal {
    return AbortSignal.timeout(this.#options.limits.requestMs);
  }
}

/**
 * Resolves when what a POST brought has gone out to others, by WebSockets and streams in the next turn, by polls in the one
 * after that. An answer costs the server, and a browser that both meet in, as much as that does.
 */
async function handedOn(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
