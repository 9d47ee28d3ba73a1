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
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isOriginAllowed, type OriginRules } from '../access/origins.ts';
import type { ServerChannel } from '../channel/channel.ts';
import type { ChannelRequest, Channels } from '../channel/channels.ts';
import { EventStreamCarrier } from '../channel/event-stream.ts';
import { PollCarrier } from '../channel/poll.ts';
import { Post } from '../channel/post.ts';
import type { Limits } from '../limits.ts';
import type { Accept } from '../protocol/accept.ts';
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
  refuse,
  told,
  TOO_LARGE,
  upgradeNeeded,
  whole,
} from './channel-answers.ts';
import { clientAddress } from './client-address.ts';
import { endpointOf, HOCUSPOCUS_PATH, pathOf, queryOf, Refusal, tokenOf, YJS_PREFIX } from './endpoints.ts';
import { helloOf, readBody, readFrames } from './read-body.ts';

/** A `hello` is never longer, bytes. */
const HELLO_BYTES = 128;

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
  readonly reply: FastifyReply;
}

/**
 * Serves the paths below the protocols' endpoints over HTTP: those of channels (SPEC CH-8), and 426 for what wants a
 * WebSocket and did not ask for one.
 */
export async function serveChannels(app: FastifyInstance, options: ChannelRoutesOptions): Promise<void> {
  const routes = new ChannelRoutes(options);
  await app.register((scope, _options, done) => {
    // Bodies are read here: who may send one is looked at first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    for (const url of [HOCUSPOCUS_PATH, `${HOCUSPOCUS_PATH}/*`, `${YJS_PREFIX}*`])
      scope.route({
        method: ['GET', 'POST', 'OPTIONS'],
        url,
        // What is told about pages would be most of each answer's bytes, and no answer of these is a page.
        helmet: false,
        handler: async (request, reply) => {
          await routes.handle(request, reply);
          return reply;
        },
      });
    done();
  });
}

class ChannelRoutes {
  readonly #options: ChannelRoutesOptions;
  /** POSTs whose body is being read, or that wait for their channel to go on. */
  readonly #posts = new Map<ServerChannel, { replace(): boolean }>();

  constructor(options: ChannelRoutesOptions) {
    this.#options = options;
  }

  async handle(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    const path = pathOf(request.raw);
    const suffix = SUFFIXES.find((name) => path.endsWith(name));
    if (suffix === undefined) return upgradeNeeded(reply);
    const { origin } = request.headers;
    if (!this.#isAllowed(request.headers))
      return refuse(reply, new Refusal(403, 'Pages of this origin may not connect (SHEAF_ORIGINS).'));
    void reply.headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
    if (origin !== undefined) void reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' });
    if (request.method === 'OPTIONS') return preflight(reply);
    const endpoint = endpointOf(path.slice(0, -suffix.length), this.#options.accept);
    if (endpoint instanceof Refusal) return refuse(reply, endpoint);
    const { raw } = request;
    const peer = {
      address: clientAddress(raw, this.#options.trusted),
      token: tokenOf(raw),
      origin: origin ?? null,
    };
    const asked = {
      request: { endpoint, peer },
      query: queryOf(raw),
      headers: request.headers,
      raw,
      reply,
    };
    return this.#route(suffix, request.method, asked);
  }

  #route(suffix: (typeof SUFFIXES)[number], method: string, asked: Asked): Promise<void> {
    const wanted = suffix === EVENTS_PATH ? 'GET' : 'POST';
    if (method !== wanted)
      return Promise.resolve(refuse(asked.reply.header('allow', wanted), new Refusal(405, `Use ${wanted}.`)));
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
          reply.header('retry-after', Math.ceil(this.#options.limits.channelDrainMs / 1000)),
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
    const response = reply.type('text/event-stream').hijack().raw;
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) response.setHeader(name, value);
    response.flushHeaders();
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
        return refuse(reply.header('connection', 'close'), giveUp.signal.aborted ? BUSY : TOO_LARGE);
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
      reply.raw.once('close', () => {
        carrier.abandon(poll);
        resolve(null);
      });
      carrier.ask(poll);
      if (same) channel.repeat(carrier, received);
      else channel.take(carrier, turn, received);
    });
    if (frames === null) {
      reply.hijack();
      return;
    }
    const pieces = frames.flatMap(({ head, body }) => [head, body]);
    void reply.type(FRAMES_TYPE).send(Buffer.concat(pieces));
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
  #isAllowed(headers: IncomingMessage['headers']): boolean {
    if (!isOriginAllowed(headers, this.#options.origins)) return false;
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
