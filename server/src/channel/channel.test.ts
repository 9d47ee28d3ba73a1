import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHANNEL_VERSION, type Hello } from '@sheaf/proto/channel/frame';
import { BadAcknowledgement } from '@sheaf/proto/channel/outgoing';
import type { Limits } from '../limits.ts';
import type { ServerChannel } from './channel.ts';
import type { ChannelRequest } from './channels.ts';
import { MemoryCarrier } from './memory-carrier.ts';
import { PollCarrier } from './poll.ts';
import { Post } from './post.ts';
import { framesOf, TestChannels, type TestHandler } from './test-channel.ts';

const PEER = { address: '127.0.0.1', token: '', origin: null };
/** y-websocket's awareness of client 7, clock 1, state `{}`; and its removal. */
const PRESENCE = Uint8Array.of(1, 6, 1, 7, 1, 2, 0x7b, 0x7d);
const REMOVAL = Uint8Array.of(1, 8, 1, 7, 2, 4, 0x6e, 0x75, 0x6c, 0x6c);

function hello(id: number, fields: Partial<Hello> = {}): Hello {
  const bytes = new Uint8Array(16).fill(id);
  return {
    type: 'hello',
    version: CHANNEL_VERSION,
    id: bytes,
    key: bytes,
    turn: 0,
    received: 0,
    from: 0,
    ...fields,
  };
}

interface Begun {
  readonly server: TestChannels;
  readonly channel: ServerChannel;
  readonly handler: TestHandler;
}

function begin(limits: Partial<Limits> = {}, protocol: 'hocuspocus' | 'yjs' = 'hocuspocus'): Begun {
  const server = new TestChannels(limits);
  const meeting = server.channels.meet(hello(1), { endpoint: server.endpoint(protocol), peer: PEER });
  const handler = server.handlers[0];
  assert.ok(meeting.type === 'met' && handler);
  return { server, channel: meeting.channel, handler };
}

/** Brings messages as a POST does. */
async function bring(channel: ServerChannel, from: number, ...messages: readonly string[]): Promise<string> {
  const post = new Post(channel, from);
  const outcome = await post.bring(messages.flatMap(framesOf));
  post.giveUp();
  return outcome;
}

test('CH-3: what is sent without a carrier comes with the first one, and what was not acknowledged with the next', () => {
  const { channel, handler } = begin();
  handler.say('a', 'b');
  const first = new MemoryCarrier();
  assert.equal(channel.take(first, 1, 0), 'taken');
  handler.say('c');
  assert.deepEqual(first.texts, ['a', 'b', 'c']);
  assert.deepEqual(first.numbers, [1, 2, 3]);
  channel.lost(first);
  handler.say('d');
  const second = new MemoryCarrier();
  assert.equal(channel.take(second, 2, 1), 'taken');
  assert.deepEqual(second.texts, ['b', 'c', 'd']);
  assert.deepEqual(second.numbers, [2, 3, 4]);
  assert.deepEqual(first.texts, ['a', 'b', 'c']);
});

test('CH-3: a carrier whose wish was overtaken by an acknowledgement does not lose the channel', () => {
  const { channel, handler } = begin();
  const first = new MemoryCarrier();
  channel.take(first, 1, 0);
  handler.say('a', 'b', 'c');
  channel.acknowledge(2);
  // It was told before that 1 had come: 2 counts still, and 3 is repeated.
  const second = new MemoryCarrier();
  assert.equal(channel.take(second, 2, 1), 'taken');
  assert.deepEqual(second.texts, ['', 'c']);
  assert.deepEqual(second.numbers, [2, 3]);
});

test('CH-4: a carrier takes the channel only with a later turn, and ends the one before', () => {
  const { channel, handler } = begin();
  const [late, early, again] = [new MemoryCarrier(), new MemoryCarrier(), new MemoryCarrier()];
  assert.equal(channel.take(late, 5, 0), 'taken');
  assert.equal(channel.take(early, 4, 0), 'stale');
  assert.equal(channel.take(early, 0, 0), 'stale');
  handler.say('x');
  assert.deepEqual([late.texts, early.texts], [['x'], []]);
  assert.equal(late.over, false);
  // An EventSource that reconnects asks with the turn that it had.
  assert.equal(channel.take(again, 5, 0), 'taken');
  assert.deepEqual(late.ended, { code: 1000, reason: 'Another carrier took over.' });
  assert.deepEqual(again.texts, ['x']);
  // The end of one that was replaced is nobody's loss.
  channel.lost(late);
  handler.say('y');
  assert.deepEqual(again.texts, ['x', 'y']);
});

test('CH-4: a probe takes nothing, not even from a channel that nobody carries', () => {
  const { channel } = begin();
  assert.equal(channel.take(new MemoryCarrier(), 0, 0), 'stale');
  assert.equal(channel.carrier, null);
});

test('CH-2: what comes is taken once and in order, whatever brings it', async () => {
  const { channel, handler } = begin();
  assert.equal(await bring(channel, 0, 'a', 'b'), 'taken');
  assert.equal(await bring(channel, 0, 'a', 'b', 'c'), 'taken');
  assert.equal(await bring(channel, 1, 'b'), 'taken');
  assert.equal(await bring(channel, 4, 'e'), 'gap');
  assert.equal(await bring(channel, 3, 'd', 'e'), 'taken');
  assert.deepEqual(handler.got, ['a', 'b', 'c', 'd', 'e']);
  assert.equal(channel.received, 5);
});

test('CH-3: a ring that ran over ends the channel, and everybody is told to begin anew', () => {
  const { channel, handler, server } = begin({ channelRingBytes: 1_000 });
  const first = new MemoryCarrier();
  channel.take(first, 1, 0);
  for (let i = 0; i < 20; i++) handler.say('x'.repeat(100));
  channel.lost(first);
  const second = new MemoryCarrier();
  assert.equal(channel.take(second, 2, 3), 'gone');
  assert.ok(channel.over);
  assert.equal(handler.timesClosed, 1);
  assert.equal(server.channels.size, 0);
});

test('CH-3: what was sent counts as kept while the newest are, however many were sent', () => {
  const { channel, handler } = begin({ channelRingBytes: 1_000 });
  const first = new MemoryCarrier();
  channel.take(first, 1, 0);
  for (let i = 0; i < 20; i++) handler.say('x'.repeat(100));
  const second = new MemoryCarrier();
  assert.equal(channel.take(second, 2, 18), 'taken');
  assert.deepEqual(second.numbers, [19, 20]);
});

test('CH-12: who acknowledges what was never sent is refused, and the channel ends', () => {
  const { channel, handler } = begin();
  handler.say('a');
  try {
    channel.take(new MemoryCarrier(), 1, 2);
    assert.fail('taken');
  } catch (thrown) {
    assert.ok(thrown instanceof BadAcknowledgement);
    assert.equal(channel.failed(thrown), 'malformed');
  }
  assert.ok(channel.over);
  assert.equal(handler.timesClosed, 1);
});

test('CH-5: presence is not counted, is lost without a carrier, and is asked for anew after a take', () => {
  const { channel, handler } = begin({}, 'yjs');
  handler.socket.send(PRESENCE);
  const first = new MemoryCarrier();
  channel.take(first, 1, 0);
  assert.equal(handler.timesResumed, 1, 'it was lost before the first carrier came');
  handler.socket.send(PRESENCE);
  handler.socket.send(REMOVAL);
  assert.deepEqual(
    first.frames.map(({ type }) => type),
    ['presence', 'message'],
  );
  assert.equal(channel.sent, 1);
  channel.take(new MemoryCarrier(), 2, 1);
  assert.equal(handler.timesResumed, 2);
});

test('CH-5: a first carrier asks for nothing if nothing was lost', () => {
  const { channel, handler } = begin({}, 'yjs');
  channel.take(new MemoryCarrier(), 1, 0);
  assert.equal(handler.timesResumed, 0);
});

test("CH-5: a client's presence is handed on and not counted", async () => {
  const { channel, handler } = begin({}, 'yjs');
  const post = new Post(channel, 0);
  assert.equal(await post.bring([{ type: 'presence', body: PRESENCE }, ...framesOf('a')]), 'taken');
  assert.deepEqual(handler.got, [Buffer.from(PRESENCE).toString(), 'a']);
  assert.equal(channel.received, 1);
});

test('CH-7: a carrier is sent something every 10 s, and one that was silent for 25 s is lost', () => {
  const { channel, handler, server } = begin();
  void bring(channel, 0, 'a');
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  server.pass(9_000);
  handler.say('x');
  server.pass(10_000);
  assert.deepEqual(
    carrier.frames.map(({ type }) => type),
    ['message'],
  );
  server.pass(1_000);
  assert.equal(carrier.frames.at(-1)?.type, 'ping');
  server.pass(4_000);
  assert.equal(carrier.over, false);
  server.pass(2_000);
  assert.ok(carrier.over);
  assert.equal(channel.carrier, null);
  assert.equal(handler.timesClosed, 0);
});

test('CH-7: a carrier that is heard lives on', () => {
  const { channel, server } = begin();
  void bring(channel, 0, 'a');
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  for (let i = 0; i < 10; i++) {
    server.pass(20_000);
    channel.heard();
  }
  assert.equal(carrier.ended, null);
});

test('CH-7: whose polls wait for nothing may be silent for 60 s, and whose polls wait for 25 s', async () => {
  for (const [hold, ms] of [
    [false, 60_000],
    [true, 25_000],
  ] as const) {
    const { server, channel } = begin();
    await bring(channel, 0, 'x');
    const poll = new PollCarrier(channel, server.limits);
    poll.ask({ hold, answer: () => {} });
    assert.equal(channel.take(poll, 1, 0), 'taken');
    server.pass(1_000);
    server.pass(ms - 1_000);
    assert.equal(channel.carrier, poll);
    server.pass(1_000);
    assert.equal(channel.carrier, null);
    server.channels.terminateAll();
  }
});

test('CH-7: while the protocol has paused nobody is called silent', () => {
  const { channel, handler, server } = begin();
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  handler.socket.pause();
  server.pass(120_000);
  assert.equal(carrier.over, false);
  handler.socket.resume();
  server.pass(24_000);
  assert.equal(carrier.over, false);
  server.pass(2_000);
  assert.ok(carrier.over);
});

test('CH-7: without a carrier for 60 s it ends; one that comes back in time finds all', () => {
  const { channel, handler, server } = begin();
  void bring(channel, 0, 'a');
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  channel.lost(carrier);
  server.pass(59_000);
  handler.say('x');
  const second = new MemoryCarrier();
  assert.equal(channel.take(second, 2, 0), 'taken');
  assert.deepEqual(second.texts, ['x']);
  channel.lost(second);
  server.pass(60_000);
  assert.ok(channel.over);
  assert.equal(handler.timesClosed, 1);
  assert.equal(server.channels.size, 0);
  assert.equal(channel.take(new MemoryCarrier(), 3, 0), 'gone');
});

test('CH-9: a channel that brings nothing ends after authenticateMs', () => {
  const { channel, handler, server } = begin();
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  server.pass(10_000);
  assert.deepEqual(carrier.texts, ['close 4408']);
  channel.acknowledge(1);
  assert.ok(channel.over);
  assert.equal(handler.timesClosed, 1);
});

test('CH-9: the first message is bounded, also in parts; later ones may be long', async () => {
  const { channel, handler } = begin();
  assert.equal(await bring(channel, 0, 'a'.repeat(16 * 1024)), 'taken');
  assert.equal(await bring(channel, 1, 'b'.repeat(600 * 1024)), 'taken');
  assert.equal(handler.got[1]?.length, 600 * 1024);
  const stranger = begin();
  const carrier = new MemoryCarrier();
  stranger.channel.take(carrier, 1, 0);
  const parts = [...framesOf('a'.repeat(9_000)), ...framesOf('b'.repeat(9_000))].map((frame, index) =>
    index === 0 && frame.type === 'message' ? ({ type: 'part', body: frame.body } as const) : frame,
  );
  const post = new Post(stranger.channel, 0);
  assert.equal(await post.bring(parts), 'too-large');
  assert.deepEqual(carrier.texts, ['close 1009']);
  assert.deepEqual(stranger.handler.got, []);
});

test('CH-9: presence lifts no bound', async () => {
  const { channel } = begin({}, 'yjs');
  const post = new Post(channel, 0);
  const frames = [{ type: 'presence', body: PRESENCE } as const, ...framesOf('a'.repeat(17_000))];
  assert.equal(await post.bring(frames), 'too-large');
});

test('CH-9: while the protocol has paused nothing is delivered; then all of it, in order', async () => {
  const { channel, handler } = begin();
  handler.onMessage = (text) => {
    if (text === 'auth') handler.socket.pause();
  };
  const brought = bring(channel, 0, 'auth', 'b', 'c');
  await Promise.resolve();
  assert.deepEqual(handler.got, ['auth']);
  assert.equal(channel.received, 1);
  handler.socket.resume();
  assert.equal(await brought, 'taken');
  assert.deepEqual(handler.got, ['auth', 'b', 'c']);
});

test('CH-9: a POST that gives up while it waits leaves nothing behind, and can be made again', async () => {
  const { channel, handler } = begin();
  handler.onMessage = () => handler.socket.pause();
  const post = new Post(channel, 0);
  const brought = post.bring(['a', 'b'].flatMap(framesOf));
  post.giveUp();
  assert.equal(await brought, 'given-up');
  handler.onMessage = () => {};
  handler.socket.resume();
  assert.deepEqual(handler.got, ['a']);
  assert.equal(await bring(channel, 0, 'a', 'b', 'c'), 'taken');
  assert.deepEqual(handler.got, ['a', 'b', 'c']);
});

test('CH-10: a server that drains tells whoever is carried, takes nobody new, and lets the others come back', () => {
  const { server, channel } = begin();
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  server.draining = true;
  server.channels.drain(5_000);
  assert.deepEqual(carrier.frames.at(-1), { type: 'drain', afterMs: 5_000 });
  const request = { endpoint: server.endpoint(), peer: PEER };
  assert.equal(server.channels.meet(hello(2), request).type, 'draining');
  assert.equal(server.channels.meet(hello(1), request).type, 'met');
});

test('CH-11: a close comes behind everything else, also by a later carrier, and ends when it is acknowledged', () => {
  const { channel, handler } = begin();
  const first = new MemoryCarrier();
  channel.take(first, 1, 0);
  channel.lost(first);
  handler.say('a', 'b');
  handler.socket.close(4401, 'no');
  handler.say('c');
  assert.equal(handler.timesClosed, 0);
  const second = new MemoryCarrier();
  assert.equal(channel.take(second, 2, 0), 'taken');
  assert.deepEqual(second.texts, ['a', 'b', 'close 4401']);
  channel.acknowledge(2);
  assert.equal(channel.over, false);
  channel.acknowledge(3);
  assert.ok(channel.over);
  assert.deepEqual(second.ended, { code: 4401, reason: 'no' });
  assert.equal(handler.timesClosed, 1);
});

test('CH-11: a close that nobody acknowledges is over after closeMs', () => {
  const { channel, handler, server } = begin();
  handler.socket.close(1012, 'restart');
  server.pass(4_000);
  assert.equal(channel.over, false);
  server.pass(1_000);
  assert.ok(channel.over);
  assert.equal(handler.timesClosed, 1);
});

test('CH-11: nothing is delivered after a close, and what comes is still counted', async () => {
  const { channel, handler } = begin();
  handler.socket.close(1000, '');
  assert.equal(await bring(channel, 0, 'a', 'b'), 'taken');
  assert.deepEqual(handler.got, []);
  assert.equal(channel.received, 2);
});

test("CH-11: a client's close ends the channel behind its last message", async () => {
  const { channel, handler, server } = begin();
  const post = new Post(channel, 0);
  const frames = [...framesOf('a'), { type: 'close', code: 1000, reason: '' } as const];
  assert.equal(await post.bring(frames), 'taken');
  assert.deepEqual(handler.got, ['a']);
  assert.equal(handler.timesClosed, 1);
  assert.equal(channel.received, 2);
  assert.equal(server.channels.size, 0);
});

test('a protocol that throws costs its own channel alone', async () => {
  const { channel, handler, server } = begin();
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  handler.onMessage = () => {
    throw new Error('boom');
  };
  assert.equal(await bring(channel, 0, 'a'), 'taken');
  assert.deepEqual(carrier.texts, ['close 1011']);
  assert.deepEqual(server.logged, ['A channel ended by an error of the server']);
});

test('what waits is what the carrier holds, or all that is not acknowledged without one; a drain is told', () => {
  const { channel, handler } = begin({ outboundBytes: 1_000 });
  const word = 'x'.repeat(100);
  let stalled = true;
  const carrier = new MemoryCarrier(
    (drained) => channel.drained(drained),
    () => stalled,
  );
  channel.take(carrier, 1, 0);
  for (let i = 0; i < 12; i++) handler.say(word);
  assert.ok(handler.socket.bufferedBytes > 1_000);
  const before = handler.timesDrained;
  stalled = false;
  carrier.drain();
  assert.equal(handler.socket.bufferedBytes, 0);
  assert.equal(handler.timesDrained, before + 1);
  channel.lost(carrier);
  for (let i = 0; i < 12; i++) handler.say(word);
  assert.ok(handler.socket.bufferedBytes > 1_000);
  // What a protocol sends when it hears of room stands behind what was sent before.
  handler.socket.onDrain(() => handler.say('behind'));
  const next = new MemoryCarrier();
  channel.take(next, 2, 12);
  assert.deepEqual(
    next.numbers,
    Array.from(next.numbers, (_, index) => 13 + index),
  );
  assert.equal(next.texts[12], 'behind');
  assert.equal(handler.socket.bufferedBytes, 0);
});

test('CH-1: a channel is found by its key, its endpoint and its origin alone', () => {
  const { server, channel } = begin();
  const own = hello(1);
  const request: ChannelRequest = {
    endpoint: server.endpoint(),
    peer: { ...PEER, origin: 'https://a.example' },
  };
  const meet = (changed: Partial<Hello>, at: Partial<ChannelRequest>) =>
    server.channels.meet({ ...own, ...changed }, { ...request, ...at }).type;
  assert.equal(meet({}, {}), 'met', 'the first Origin that is named binds it');
  assert.equal(meet({ key: new Uint8Array(16) }, {}), 'forbidden');
  assert.equal(meet({}, { endpoint: server.endpoint('yjs') }), 'forbidden');
  assert.equal(meet({}, { peer: { ...PEER, origin: 'https://b.example' } }), 'forbidden');
  assert.equal(server.channels.find(own.id, new Uint8Array(16), request), 'forbidden');
  assert.equal(server.channels.find(own.id, own.key, request), channel);
  assert.equal(server.channels.find(new Uint8Array(16), own.key, request), 'gone');
  assert.equal(channel.over, false);
  assert.equal(server.handlers.length, 1);
});

test('CH-3: who goes on with a channel that is not there is told so, and none is made', () => {
  const { server } = begin();
  const request = { endpoint: server.endpoint(), peer: PEER };
  for (const counted of [{ from: 3 }, { received: 3 }]) {
    const meeting = server.channels.meet(hello(2, counted), request);
    assert.ok(meeting.type === 'gone' && !meeting.welcome.resumed);
  }
  assert.equal(server.channels.size, 1);
});

test('a channel is one connection of its address, until it ends', () => {
  const { server, channel } = begin({ connectionsPerAddress: 1 });
  const request = { endpoint: server.endpoint(), peer: PEER };
  assert.equal(server.channels.meet(hello(2), request).type, 'no-room');
  channel.terminate();
  assert.equal(server.channels.meet(hello(2), request).type, 'met');
});

test('carriers that only prove themselves are bounded, in number and time', () => {
  const { server, channel } = begin({ channelWebSockets: 3 });
  void bring(channel, 0, 'a');
  const probes = Array.from({ length: 4 }, () => new MemoryCarrier());
  for (const probe of probes) channel.prove(probe);
  assert.deepEqual(
    probes.map(({ ended }) => ended !== null),
    [true, true, false, false],
  );
  server.pass(25_000);
  assert.ok(probes.every(({ ended }) => ended !== null));
});

test('CH-3: a message in parts that is larger than the ring waits whole for a carrier', () => {
  const { channel, handler } = begin({ channelRingBytes: 64 * 1024 });
  const first = new MemoryCarrier();
  channel.take(first, 1, 0);
  handler.socket.send(new Uint8Array(1_000_000));
  handler.say('behind it');
  assert.deepEqual(first.numbers, [1, 2, 3, 4, 5]);
  channel.lost(first);
  assert.ok(handler.socket.bufferedBytes > 1_000_000, 'the engine sees what waits');
  // It broke behind the first part.
  const second = new MemoryCarrier();
  assert.equal(channel.take(second, 2, 1), 'taken');
  assert.deepEqual(second.numbers, [2, 3, 4, 5]);
  assert.equal(second.texts.at(-1), 'behind it');
});

test('CH-9: a message whose end does not come ends the channel 60 s after its last part', () => {
  const { server, channel, handler } = begin();
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  channel.receive({ type: 'message', body: Buffer.from('hello') }, 1);
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 10_000) {
      server.pass(Math.min(left, 10_000));
      channel.heard();
    }
  };
  pass(100_000);
  channel.receive({ type: 'part', body: Buffer.from('a') }, 2);
  pass(50_000);
  channel.receive({ type: 'part', body: Buffer.from('b') }, 3);
  // Repeating what has come is no progress.
  pass(50_000);
  channel.receive({ type: 'part', body: Buffer.from('b') }, 3);
  assert.deepEqual(
    carrier.texts.filter((text) => text.startsWith('close')),
    [],
  );
  pass(11_000);
  assert.equal(carrier.texts.at(-1), 'close 4408');
  assert.deepEqual(handler.got, ['hello']);
});

test('CH-19: an address whose channels acknowledge nothing of what they ask for is kept so much, and shared bytes once', () => {
  const MIB = 1024 * 1024;
  const server = new TestChannels({ channelLargePerAddress: 8 * MIB });
  const open = (id: number, address = PEER.address): Begun => {
    const peer = { ...PEER, address };
    const meeting = server.channels.meet(hello(id), { endpoint: server.endpoint(), peer });
    const handler = server.handlers.at(-1);
    assert.ok(meeting.type === 'met' && handler);
    meeting.channel.take(new MemoryCarrier(), 1, 0);
    return { server, channel: meeting.channel, handler };
  };
  const ask = ({ handler }: Begun, body: Uint8Array): void =>
    handler.socket.sendParts(Uint8Array.of(0), body);
  const snapshot = new Uint8Array(5 * MIB);
  const office = Array.from({ length: 20 }, (_, at) => open(1 + at));
  for (const person of office) ask(person, snapshot);
  assert.ok(office.every(({ channel }) => !channel.over));
  const [hoarder, other] = [open(30), open(31, '192.0.2.1')];
  ask(hoarder, new Uint8Array(2 * MIB));
  assert.equal(hoarder.channel.over, false);
  ask(hoarder, new Uint8Array(2 * MIB));
  assert.equal(hoarder.channel.over, true);
  assert.equal(hoarder.handler.timesClosed, 1);
  // Nobody pays for it: not who was there before, not other addresses; and its room is free again.
  assert.ok(office.every(({ channel }) => !channel.over));
  ask(other, new Uint8Array(2 * MIB));
  for (const { channel } of office) channel.acknowledge(channel.sent);
  const again = open(32);
  ask(again, new Uint8Array(7 * MIB));
  assert.equal(again.channel.over, false);
});

test('CH-10: a server that stops waits for the clients that are there to hear it, and for no other', async () => {
  const { server, channel } = begin();
  const carrier = new MemoryCarrier();
  channel.take(carrier, 1, 0);
  const away = server.channels.meet(hello(2), { endpoint: server.endpoint('hocuspocus'), peer: PEER });
  assert.ok(away.type === 'met');
  server.channels.closeAll(1012, 'The server restarts.');
  assert.ok(away.channel.over);
  assert.ok(!channel.over);
  const ended = server.channels.ended();
  channel.acknowledge(1);
  await ended;
  assert.ok(channel.over);

  // Who goes before having heard it is away as well.
  const other = begin();
  const lost = new MemoryCarrier();
  other.channel.take(lost, 1, 0);
  other.server.channels.closeAll(1012, 'The server restarts.');
  assert.ok(!other.channel.over);
  other.channel.lost(lost);
  assert.ok(other.channel.over);

  // And so is who goes after the protocol, whose documents end first, has closed.
  const third = begin();
  const gone = new MemoryCarrier();
  third.channel.take(gone, 1, 0);
  third.channel.close(1012, 'The server restarts.');
  third.server.channels.closeAll(1012, 'The server restarts.');
  assert.ok(!third.channel.over);
  third.channel.lost(gone);
  assert.ok(third.channel.over);
});
