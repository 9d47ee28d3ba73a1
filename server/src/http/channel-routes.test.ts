import assert from 'node:assert/strict';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { CHANNEL_HEADER, KEY_HEADER } from '@sheaf/proto/channel/address';
import { encodeFrame, type Frame } from '@sheaf/proto/channel/frame';
import { TestHandler } from '../channel/test-channel.ts';
import { message, TestChannel, texts, TestWebSocket } from './channel-for-tests.ts';
import { pathOf } from './endpoints.ts';
import { startListener, type TestListener, type TestListenerOptions } from './listener-for-tests.ts';

interface Started extends AsyncDisposable {
  readonly listener: TestListener;
  readonly client: TestChannel;
  readonly handlers: readonly TestHandler[];
  readonly handler: TestHandler;
  /** Moves the channels' clock, and lets them be looked after. */
  pass(ms: number): void;
  /** Another client, at another endpoint if told. */
  other(path?: string): TestChannel;
}

async function start(
  options: TestListenerOptions = {},
  onAccept: (handler: TestHandler) => void = () => {},
): Promise<Started> {
  const handlers: TestHandler[] = [];
  let now = 0;
  const take = (...[socket, peer]: ConstructorParameters<typeof TestHandler>): TestHandler => {
    const handler = new TestHandler(socket, peer);
    handlers.push(handler);
    onAccept(handler);
    return handler;
  };
  const accept = { hocuspocus: take, yjs: take };
  const listener = await startListener({ accept, clock: { now: () => now }, ...options });
  const other = (path = '/hocuspocus'): TestChannel =>
    new TestChannel(`http://127.0.0.1:${listener.port}${path}`);
  return {
    listener,
    client: other(),
    handlers,
    get handler() {
      return handlers[0] ?? assert.fail('nobody came');
    },
    pass: (ms) => {
      now += ms;
      listener.channels.beat(now);
    },
    other,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

const types = (frames: readonly Frame[]): string[] => frames.map(({ type }) => type);

test('CH-8: a WebSocket: welcome, then messages both ways', async () => {
  await using world = await start();
  using socket = await world.client.webSocket({ turn: 1 }, message('a'), message('b'));
  await socket.until((frames) => frames.length > 0);
  assert.deepEqual(socket.frames[0], {
    type: 'welcome',
    resumed: false,
    received: 0,
    heartbeatMs: 10_000,
    resumeMs: 60_000,
  });
  world.handler.say('x', 'y');
  await socket.until((frames) => texts(frames).length === 2);
  assert.deepEqual(texts(socket.frames), ['x', 'y']);
  assert.deepEqual(world.handler.got, ['a', 'b']);
});

test('CH-8: an event stream that a plain EventSource can read, and POSTs', async () => {
  await using world = await start();
  const { client } = world;
  const opened = await client.open();
  assert.equal(opened.status, 200, opened.words);
  assert.deepEqual(types(opened.frames), ['welcome']);
  using stream = await client.stream(1, 0);
  world.handler.say('x', 'y');
  await stream.until((frames) => texts(frames).length === 2);
  assert.deepEqual(types(stream.frames), ['welcome', 'message', 'message']);
  assert.deepEqual(stream.ids, [0, 1, 2]);
  const { headers } = stream.response;
  assert.equal(headers['content-type'], 'text/event-stream');
  assert.equal(headers['cache-control'], 'no-store, no-transform');
  assert.equal(headers['x-accel-buffering'], 'no');
  const posted = await client.messages(0, message('a'), message('b'));
  assert.deepEqual(posted.frames, [{ type: 'ack', received: 2 }]);
  assert.deepEqual(world.handler.got, ['a', 'b']);
  // An EventSource names the channel in the address, and repeats that when it comes back.
  const [id, key] = [client.id.toString('hex'), client.key.toString('hex')];
  const bare = world.other();
  const named = `&channel=${id}&key=${key}`;
  const again = await bare.events(1, 0, { 'last-event-id': '1', [CHANNEL_HEADER]: id, [KEY_HEADER]: key });
  assert.ok(typeof again === 'object');
  await again.until((frames) => texts(frames).length === 1);
  assert.deepEqual(texts(again.frames), ['y']);
  const response = await fetch(`${bare.endpoint}/channel/events?turn=2&received=2${named}`);
  assert.equal(response.status, 200);
  await response.body?.cancel();
  assert.doesNotMatch(world.listener.logged(), new RegExp(key));
});

test('CH-8: a poll brings what there is, waits for what comes, and is answered without news', async () => {
  await using world = await start({ limits: { channelPollMs: 20 } });
  const { client } = world;
  await client.open();
  assert.deepEqual(types((await client.poll(1, 0)).frames), ['welcome']);
  assert.deepEqual(types((await client.poll(1, 0, 1)).frames), ['welcome']);
  world.handler.say('x', 'y');
  assert.deepEqual(texts((await client.poll(1, 0, 1)).frames), ['x', 'y']);
  assert.deepEqual(texts((await client.poll(1, 1)).frames), ['y']);
});

test('CH-6: a POST is answered behind what it made the server say to others, also by a poll', async () => {
  const order: string[] = [];
  await using world = await start();
  const { client } = world;
  world.listener.app.server.on('request', (asked: IncomingMessage, response: ServerResponse) =>
    response.once('finish', () => order.push(pathOf(asked))),
  );
  const reader = world.other();
  await client.open();
  await reader.open();
  const [writes, reads] = world.handlers;
  assert.ok(writes && reads);
  // As the engine does: at the end of the turn.
  writes.onMessage = (text) => void setImmediate(() => reads.say(text));
  const poll = reader.poll(1, 0, 1);
  while (world.listener.channels.metrics()['sheaf_channels{carrier="poll"}'] !== 1)
    await new Promise<void>((resolve) => setImmediate(resolve));
  order.length = 0;
  const [answered, came] = await Promise.all([client.messages(0, message('a')), poll]);
  assert.deepEqual(answered.frames, [{ type: 'ack', received: 1 }]);
  assert.deepEqual(texts(came.frames), ['a']);
  assert.deepEqual(order, ['/hocuspocus/channel/poll', '/hocuspocus/channel/messages']);
});

test('CH-8: an answer to a poll is bounded, and the rest comes with the next', async () => {
  await using world = await start({ limits: { channelPollBytes: 250 } });
  await world.client.open();
  for (let i = 0; i < 5; i++) world.handler.say(`${i}`.repeat(100));
  assert.equal(texts((await world.client.poll(1, 0)).frames).length, 2);
  assert.equal(texts((await world.client.poll(1, 2)).frames).length, 2);
  assert.equal(texts((await world.client.poll(1, 4)).frames).length, 1);
});

test('CH-2: nothing small slips into an answer ahead of what did not fit', async () => {
  await using world = await start({ limits: { channelPollBytes: 250 } });
  await world.client.open();
  world.handler.say('a', 'b'.repeat(300), 'c');
  assert.deepEqual(texts((await world.client.poll(1, 0)).frames), ['a']);
  assert.deepEqual(texts((await world.client.poll(1, 1)).frames), ['b'.repeat(300)]);
  assert.deepEqual(texts((await world.client.poll(1, 2)).frames), ['c']);
});

test('CH-4: a take tells anew where the frames of the client begin', async () => {
  await using world = await start();
  const { client } = world;
  await client.open();
  using socket = await client.webSocket({ turn: 0 });
  await socket.until((frames) => frames.length > 0);
  await client.messages(0, message('1'), message('2'));
  socket.send({ type: 'take', turn: 1, received: 0, from: 2 }, message('3'), { type: 'ping', nonce: 1 });
  await socket.until((frames) => types(frames).includes('pong'));
  assert.deepEqual(world.handler.got, ['1', '2', '3']);
});

test('CH-4 CH-18: an event stream of turn 0 says who is there and takes nothing; few are open, and none for long', async () => {
  await using world = await start({ limits: { channelWebSockets: 3 } });
  const { client } = world;
  await client.open();
  const poll = client.poll(1, 0, 1);
  while (world.listener.channels.metrics()['sheaf_channels{carrier="poll"}'] !== 1)
    await new Promise<void>((resolve) => setImmediate(resolve));
  using first = await client.stream(0, 0);
  await first.until((frames) => frames.length > 0);
  assert.deepEqual(types(first.frames), ['welcome']);
  world.handler.say('x');
  assert.deepEqual(texts((await poll).frames), ['x']);
  using second = await client.stream(0, 0);
  await second.until((frames) => frames.length > 0);
  using third = await client.stream(0, 0);
  await first.ended;
  await third.until((frames) => frames.length > 0);
  world.pass(25_000);
  await Promise.all([second.ended, third.ended]);
  assert.deepEqual(types(third.frames), ['welcome']);
  const thief = world.other();
  assert.equal(await thief.events(0, 0), 410);
});

test('CH-8: a poll of a later turn replaces one that hangs; one of the same turn is refused', async () => {
  await using world = await start();
  await world.client.open();
  const first = world.client.poll(1, 0, 1);
  while (world.listener.channels.metrics()['sheaf_channels{carrier="poll"}'] !== 1)
    await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal((await world.client.poll(1, 0, 1)).status, 429);
  const second = world.client.poll(2, 0, 1);
  assert.equal((await first).status, 200);
  world.handler.say('x');
  assert.deepEqual(texts((await second).frames), ['x']);
  assert.equal((await world.client.poll(1, 0)).status, 409);
});

test('CH-8: presence between two polls waits for the next, the latest of each', async () => {
  await using world = await start();
  const client = world.other('/yjs/notes');
  await client.open();
  await client.poll(1, 0);
  const presence = (clock: number): Uint8Array => Uint8Array.of(1, 6, 1, 7, clock, 2, 0x7b, 0x7d);
  world.handler.socket.send(presence(1));
  world.handler.socket.send(presence(2));
  const { frames } = await client.poll(1, 0, 1);
  assert.deepEqual(frames.slice(1), [{ type: 'presence', body: new Uint8Array(presence(2)) }]);
});

test('an answer to a POST has a small head, and is no page for anybody', async () => {
  await using world = await start();
  await world.client.open();
  const { headers } = await world.client.messages(0, message('a'));
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
  const bytes = [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  assert.ok(bytes < 400, `${bytes} bytes of headers`);
});

test('CH-2: a repeated POST is acknowledged again, a gap is told and changes nothing', async () => {
  await using world = await start();
  const { client } = world;
  await client.open();
  for (let i = 0; i < 2; i++) {
    const answer = await client.messages(0, message('a'), message('b'));
    assert.deepEqual([answer.status, answer.frames], [200, [{ type: 'ack', received: 2 }]]);
  }
  const gap = await client.messages(3, message('d'));
  assert.deepEqual([gap.status, gap.frames], [409, [{ type: 'ack', received: 2 }]]);
  await client.messages(1, message('b'), message('c'));
  assert.deepEqual(world.handler.got, ['a', 'b', 'c']);
});

test('CH-2: a gap closes a WebSocket with 4400, and the channel goes on', async () => {
  await using world = await start();
  using socket = await world.client.webSocket({ turn: 1 }, message('a'));
  await socket.until((frames) => frames.length > 0);
  using second = await world.client.webSocket({ turn: 2, from: 5 }, message('f'));
  assert.equal(await second.ended, 4400);
  using third = await world.client.webSocket({ turn: 3, from: 1 }, message('b'));
  await third.until((frames) => frames[0]?.type === 'welcome' && frames[0].received === 1);
  world.handler.say('x');
  await third.until((frames) => texts(frames).length === 1);
  assert.deepEqual(world.handler.got, ['a', 'b']);
});

test('CH-4: up and down the ladder in mid-session, with duplicates on the way', async () => {
  await using world = await start();
  const { client } = world;
  await client.open();
  await client.messages(0, message('1'), message('2'));
  using stream = await client.stream(1, 0);
  world.handler.say('a');
  await stream.until((frames) => texts(frames).length === 1);
  using socket = await client.webSocket({ turn: 0, from: 1 });
  await socket.until((frames) => types(frames).includes('welcome'));
  world.handler.say('b');
  await stream.until((frames) => texts(frames).length === 2);
  socket.send({ type: 'take', turn: 2, received: 1, from: 1 }, message('2'), message('3'));
  await stream.ended;
  await socket.until((frames) => texts(frames).length === 1);
  // A POST from before arrives late.
  const late = await client.messages(0, message('1'), message('2'));
  assert.deepEqual(late.frames, [{ type: 'ack', received: 3 }]);
  world.handler.say('c');
  await socket.until((frames) => texts(frames).length === 2);
  assert.deepEqual(texts(socket.frames), ['b', 'c']);
  const polled = await client.poll(3, 2);
  assert.deepEqual(texts(polled.frames), ['c']);
  assert.equal(await socket.ended, 1000);
  assert.deepEqual(world.handler.got, ['1', '2', '3']);
  assert.equal(world.handlers.length, 1);
});

test('CH-6: a WebSocket acknowledges 32 frames at once, fewer after a second', async () => {
  await using world = await start({ limits: { channelAckMs: 5 } });
  using socket = await world.client.webSocket({ turn: 1 }, ...Array.from({ length: 40 }, () => message('x')));
  await socket.until((frames) => frames.filter(({ type }) => type === 'ack').length === 2);
  assert.deepEqual(
    socket.frames.filter(({ type }) => type === 'ack'),
    [
      { type: 'ack', received: 32 },
      { type: 'ack', received: 40 },
    ],
  );
});

test('pings are answered where they came from; after a POST by the carrier', async () => {
  await using world = await start();
  using socket = await world.client.webSocket({}, { type: 'ping', nonce: 6 }, { type: 'ping', nonce: 7 });
  await socket.until((frames) => types(frames).includes('pong'));
  assert.deepEqual(socket.frames[1], { type: 'pong', nonce: 7 });
  using stream = await world.client.stream(1, 0);
  await world.client.messages(0, { type: 'ping', nonce: 8 });
  await stream.until((frames) => types(frames).includes('pong'));
  assert.deepEqual(stream.frames.at(-1), { type: 'pong', nonce: 8 });
});

test('CH-1: who has the id without the key, the endpoint or the origin gets nothing and changes nothing', async () => {
  const page = 'https://docs.example';
  const origins = { publicUrl: null, origins: [page, 'https://other.example'], checkHost: false };
  await using world = await start({ origins });
  const { client } = world;
  client.headers['origin'] = page;
  await client.open();
  using stream = await client.stream(1, 0);
  const thieves = [world.other(), world.other('/yjs/notes'), world.other()] as const;
  for (const [index, thief] of thieves.entries()) {
    client.id.copy(thief.id);
    if (index > 0) client.key.copy(thief.key);
    thief.headers['origin'] = index === 2 ? 'https://other.example' : page;
    assert.equal((await thief.open()).status, 403);
    assert.equal((await thief.messages(0, message('evil'))).status, 403);
    assert.equal(await thief.events(2, 0), 403);
    assert.equal((await thief.poll(2, 0)).status, 403);
    using socket = await thief.webSocket({ turn: 2 }, message('evil'));
    assert.equal(await socket.ended, 4403);
    assert.deepEqual(socket.frames, []);
  }
  const stranger = world.other();
  stranger.headers['origin'] = 'https://evil.example';
  assert.equal((await stranger.open()).status, 403);
  assert.equal(await stranger.events(1, 0), 403);
  world.handler.say('x');
  await stream.until((frames) => texts(frames).length === 1);
  assert.deepEqual(world.handler.got, []);
  assert.equal(world.handlers.length, 1);
});

test('CH-1: an image or a script of a foreign page gets nothing, though it sends no Origin', async () => {
  await using world = await start();
  await world.client.open();
  assert.equal(await world.client.events(1, 0, { 'sec-fetch-site': 'cross-site' }), 403);
  const own = await world.client.events(1, 0, { 'sec-fetch-site': 'same-origin' });
  assert.ok(typeof own === 'object');
});

test('CH-8: pages of the allowed origins may ask from elsewhere', async () => {
  const page = 'https://docs.example';
  await using world = await start({ origins: { publicUrl: null, origins: [page], checkHost: false } });
  const preflight = await fetch(`${world.client.endpoint}/channel/messages?from=0`, {
    method: 'OPTIONS',
    headers: { origin: page, 'access-control-request-method': 'POST' },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), page);
  assert.equal(
    preflight.headers.get('access-control-allow-headers'),
    'sheaf-channel, sheaf-channel-key, content-type, authorization, last-event-id',
  );
  world.client.headers['origin'] = page;
  const opened = await world.client.open();
  assert.equal(opened.headers.get('access-control-allow-origin'), page);
  assert.equal(opened.headers.get('vary'), 'origin');
  const foreign = await fetch(`${world.client.endpoint}/channel/open`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example' },
  });
  assert.equal(foreign.status, 403);
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
});

test('CH-8: a channel that is not there is 410; a hello that goes on with one is told and makes none', async () => {
  await using world = await start();
  const { client } = world;
  assert.equal((await client.messages(0, message('a'))).status, 410);
  assert.equal((await client.poll(1, 0)).status, 410);
  assert.equal(await client.events(1, 0), 410);
  const opened = await client.open({ from: 3 });
  assert.ok(opened.frames[0]?.type === 'welcome' && !opened.frames[0].resumed);
  using socket = await client.webSocket({ turn: 1, received: 3 });
  assert.equal(await socket.ended, 4205);
  assert.deepEqual(types(socket.frames), ['welcome']);
  assert.equal(world.handlers.length, 0);
});

test('CH-3: what is kept no more is 410, or closes with 4205', async () => {
  await using world = await start({ limits: { channelRingBytes: 300 } });
  for (const kind of ['sse', 'poll', 'websocket'] as const) {
    const client = world.other();
    await client.open();
    for (let i = 0; i < 5; i++) world.handlers.at(-1)?.say('x'.repeat(100));
    if (kind === 'sse') assert.equal(await client.events(1, 0), 410);
    else if (kind === 'poll') assert.equal((await client.poll(1, 0)).status, 410);
    else {
      using socket = await client.webSocket({ turn: 1 });
      assert.equal(await socket.ended, 4205);
    }
    assert.equal(world.handlers.at(-1)?.timesClosed, 1);
  }
});

test("the token of the first request is the peer's, by a header or the address, and reaches no log", async () => {
  await using world = await start();
  await world.client.post('/channel/open', encodeFrame(world.client.hello()), {
    authorization: 'Bearer secret-1',
  });
  const second = world.other();
  await second.post('/channel/open?token=secret-2', encodeFrame(second.hello()));
  assert.deepEqual(
    world.handlers.map(({ peer }) => peer.token),
    ['secret-1', 'secret-2'],
  );
  assert.doesNotMatch(world.listener.logged(), /secret/);
  assert.match(
    world.listener.logged(),
    /"path":"\/hocuspocus\/channel\/open","address":"127.0.0.1","status":200/,
  );
});

test('a name rebound to loopback gets no channel, and hears nothing of one', async () => {
  await using world = await start();
  const statusOf = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const to = { port: world.listener.port, method: 'POST', path, headers: { host: 'evil.example' } };
      request(to, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
  for (const path of [
    '/hocuspocus',
    '/yjs/plan',
    '/hocuspocus/channel/open',
    '/yjs/plan/channel/messages?from=0',
  ])
    assert.equal(await statusOf(path), 403, path);
  assert.equal(world.handlers.length, 0);
});

test('CH-8: bodies are bounded, and requests that say nothing are refused', async () => {
  await using world = await start();
  const { client } = world;
  await client.open();
  const large = await client.post('/channel/messages?from=0', new Uint8Array(264 * 1024 + 1));
  assert.equal(large.status, 413);
  const chunked = await fetch(`${client.endpoint}/channel/messages?from=0`, {
    method: 'POST',
    headers: client.named(),
    body: new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
    }),
    duplex: 'half',
  } as RequestInit).then(
    ({ status }) => status,
    () => 413,
  );
  assert.equal(chunked, 413);
  assert.equal((await client.post('/channel/messages', encodeFrame(message('a')))).status, 400);
  assert.equal((await client.post('/channel/messages?from=-1', encodeFrame(message('a')))).status, 400);
  assert.equal((await client.post('/channel/poll?turn=1', new Uint8Array(0))).status, 400);
  assert.equal((await client.post('/channel/open', new Uint8Array(200))).status, 400);
  assert.equal((await client.post('/channel/open', encodeFrame(message('a')))).status, 400);
  assert.equal((await client.post('/channel/events', new Uint8Array(0))).status, 405);
  assert.equal((await fetch(`${client.endpoint}/channel/poll`)).status, 405);
  assert.equal((await fetch(`${client.endpoint}/channel/events?turn=1&received=0`)).status, 400);
  assert.equal((await client.post('/channel', new Uint8Array(0))).status, 426);
  // None of it did any harm.
  assert.equal((await client.messages(0, message('a'))).status, 200);
});

test('CH-12: what is no row of frames ends the channel, and nothing else', async () => {
  await using world = await start();
  const neighbour = world.other();
  await neighbour.open();
  const { client } = world;
  await client.open();
  using socket = await client.webSocket({ turn: 1 });
  await socket.until((frames) => frames.length > 0);
  assert.equal((await client.post('/channel/messages?from=0', Uint8Array.of(16, 200))).status, 400);
  assert.equal(await socket.ended, 4400);
  assert.equal((await client.messages(0, message('a'))).status, 410);
  assert.equal(world.handlers[1]?.timesClosed, 1);
  assert.equal((await neighbour.messages(0, message('a'))).status, 200);
});

test('CH-9: while the protocol has paused a POST waits, one more is refused, and a WebSocket is not read', async () => {
  await using world = await start({}, (handler) => {
    handler.onMessage = (text) => {
      if (text === 'auth') handler.socket.pause();
    };
  });
  const { client } = world;
  await client.open();
  const posted = client.messages(0, message('auth'), message('b'));
  while (world.handler.got.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal((await client.messages(0, message('auth'), message('b'))).status, 429);
  using socket = await client.webSocket({ turn: 1, from: 0 }, message('auth'), message('b'), message('c'));
  await socket.until((frames) => frames.length > 0);
  assert.deepEqual(world.handler.got, ['auth']);
  world.handler.socket.resume();
  assert.deepEqual((await posted).frames[0]?.type, 'ack');
  world.handler.say('x');
  await socket.until((frames) => texts(frames).length === 1);
  assert.deepEqual(world.handler.got, ['auth', 'b', 'c']);
});

test('CH-9: a POST whose body does not end gives way to the next', async () => {
  await using world = await start();
  const { client } = world;
  await client.open();
  const stuck = fetch(`${client.endpoint}/channel/messages?from=0`, {
    method: 'POST',
    headers: client.named(),
    body: new ReadableStream({ start: (controller) => controller.enqueue(encodeFrame(message('a'))) }),
    duplex: 'half',
  } as RequestInit);
  // Until it is there.
  await client.poll(1, 0);
  const posted = await client.messages(0, message('a'));
  assert.equal(posted.status, 200);
  await stuck.then(
    ({ status }) => assert.equal(status, 429),
    () => {},
  );
  assert.deepEqual(world.handler.got, ['a']);
});

test('CH-9: a WebSocket that says no hello is closed, whatever else it says', async () => {
  await using world = await start({ limits: { authenticateMs: 20 } });
  using silent = new TestWebSocket(world.client.endpoint.replace('http', 'ws'));
  assert.equal(await silent.ended, 4408);
  for (const frame of [message('a'), { ...world.client.hello(), version: 2 } as Frame]) {
    using socket = new TestWebSocket(world.client.endpoint.replace('http', 'ws'));
    await socket.opened;
    socket.send(frame);
    assert.equal(await socket.ended, 4400);
  }
  assert.equal(world.handlers.length, 0);
});

test('a channel is one connection of its address, with whatever carriers; too many are refused', async () => {
  await using world = await start({ limits: { connectionsPerAddress: 2 } });
  const second = world.other();
  const third = world.other();
  await world.client.open();
  await second.open();
  using socket = await second.webSocket({ turn: 1 });
  await socket.until((frames) => frames.length > 0);
  assert.equal((await third.open()).status, 429);
  using refused = await third.webSocket({ turn: 1 });
  assert.equal(await refused.ended, 1013);
  socket.send({ type: 'close', code: 1000, reason: '' });
  assert.equal(await socket.ended, 1000);
  assert.deepEqual(socket.frames.at(-1), { type: 'ack', received: 1 });
  assert.equal((await third.open()).status, 200);
});

test('CH-10: a server that drains answers newcomers with 503 and when to come back; others go on', async () => {
  await using world = await start();
  await world.client.open();
  world.listener.drain();
  const refused = await world.other().open();
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '5');
  assert.equal((await world.client.open()).status, 200);
  assert.equal((await world.client.messages(0, message('a'))).status, 200);
});

test('CH-7: a dead event stream is found out, and the channel waits for another', async () => {
  await using world = await start();
  const { client } = world;
  await client.open();
  await client.messages(0, message('a'));
  using stream = await client.stream(1, 0);
  world.pass(1);
  world.pass(25_000);
  await stream.ended;
  world.handler.say('x');
  using next = await client.stream(2, 0);
  await next.until((frames) => texts(frames).length === 1);
  assert.equal(world.handler.timesResumed, 1);
  assert.deepEqual(world.listener.channels.metrics(), {
    'sheaf_channels{carrier="websocket"}': 0,
    'sheaf_channels{carrier="sse"}': 1,
    'sheaf_channels{carrier="poll"}': 0,
    'sheaf_channels{carrier="none"}': 0,
    'sheaf_channel_takes_total{carrier="websocket"}': 0,
    'sheaf_channel_takes_total{carrier="sse"}': 2,
    'sheaf_channel_takes_total{carrier="poll"}': 0,
    sheaf_channel_resumes_total: 1,
  });
});

test('a message to many channels is encoded once, and made text once for all event streams', async () => {
  await using world = await start();
  const { channels } = world.listener;
  const clients = Array.from({ length: 12 }, () => world.other());
  const streams = await Promise.all(
    clients.map(async (client, index) => {
      await client.open();
      if (index % 3 === 0) return client.webSocket({ turn: 1 });
      return client.stream(1, 0);
    }),
  );
  for (const stream of streams) await stream.until((frames) => frames.length > 0);
  const [encoded, texted] = [channels.encoder.encoded, channels.events.encoded];
  const large = new Uint8Array(600_000).fill(65);
  for (const shared of [Buffer.from('to all'), large])
    for (const { socket } of world.handlers) socket.send(shared);
  await Promise.all(streams.map((stream) => stream.until((frames) => texts(frames).length === 4)));
  assert.equal(channels.encoder.encoded, encoded + 2);
  // Large texts are made when the network takes them, which may be in a later turn.
  assert.ok(channels.events.encoded >= texted + 4);
  for (const { socket } of world.handlers) socket.send(Buffer.from(`to one ${world.handlers.length}`));
  await Promise.all(streams.map((stream) => stream.until((frames) => texts(frames).length === 5)));
  for (const stream of streams) stream[Symbol.dispose]();
});

test('FAN-5: who asks and asks and never reads its event stream loses it', async () => {
  await using world = await start({ limits: { unreadBytes: 256 * 1024 } });
  await world.client.open();
  using stream = await world.client.stream(1, 0);
  stream.response.pause();
  for (let i = 0; i < 4_000; i++) {
    world.handler.socket.send(new Uint8Array(8 * 1024));
    if (i % 100 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    if (world.listener.channels.metrics()['sheaf_channels{carrier="none"}'] === 1) break;
  }
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal(world.listener.channels.metrics()['sheaf_channels{carrier="none"}'], 1);
  assert.ok(world.handler.socket.bufferedBytes <= 4 * 1024 * 1024);
});

test('FAN-5: a large message is larger than what may wait of small ones, and comes by an event stream', async () => {
  await using world = await start({ limits: { unreadBytes: 1024 * 1024 } });
  await world.client.open();
  using stream = await world.client.stream(1, 0);
  world.handler.socket.send(new Uint8Array(3_000_000).fill(65));
  await stream.until((frames) => frames.some(({ type }) => type === 'message'));
  assert.equal(world.listener.channels.metrics()['sheaf_channels{carrier="sse"}'], 1);
});

test('small messages are made text once for all event streams', async () => {
  await using world = await start();
  const clients = Array.from({ length: 8 }, () => world.other());
  const streams = await Promise.all(
    clients.map(async (client) => {
      await client.open();
      return client.stream(1, 0);
    }),
  );
  const { encoded } = world.listener.channels.events;
  for (const words of ['a', 'b', 'c']) {
    const shared = Buffer.from(words);
    for (const { socket } of world.handlers) socket.send(shared);
  }
  await Promise.all(streams.map((stream) => stream.until((frames) => texts(frames).length === 3)));
  assert.equal(world.listener.channels.events.encoded, encoded + 3);
  for (const stream of streams) stream[Symbol.dispose]();
});
