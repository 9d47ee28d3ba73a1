import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelSocket } from './channel-socket.ts';
import { World } from './test-world.ts';
import type { Opened } from './test-world.ts';

/** Both directions work. */
async function assertWorks(world: World, opened: Opened): Promise<void> {
  const [sent, got] = [world.server.channel.messages.length, opened.messages.length];
  opened.send(`up ${sent}`);
  world.server.channel.push(`down ${got}`);
  await world.run(200);
  assert.equal(world.server.channel.messages.at(-1), `up ${sent}`);
  assert.equal(opened.messages.at(-1), `down ${got}`);
}

const requested = (world: World): string[] => world.requests.map(({ what }) => what);

test('the best carrier is used, and a socket opens when it is proved', async () => {
  const world = new World();
  const opened = world.open();
  assert.equal(opened.socket.readyState, 0);
  assert.throws(() => opened.send('too early'), { name: 'InvalidStateError' });
  await world.run(12);
  assert.deepEqual(opened.events, []);
  await world.run(20);
  assert.deepEqual(opened.events, ['open']);
  assert.deepEqual(requested(world), ['websocket']);
  assert.equal(opened.socket.carrier, 'websocket');
  assert.equal(opened.socket.status.reason, null);
  await assertWorks(world, opened);
});

test('a refused WebSocket: the stream begins at once', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  const opened = world.open();
  await world.run(60);
  assert.deepEqual(opened.events, ['open']);
  assert.equal(opened.socket.carrier, 'sse');
  assert.equal(opened.socket.status.reason, 'websocket-refused');
  await assertWorks(world, opened);
});

for (const webSocket of ['hangs', 'silent'] as const)
  test(`a WebSocket that ${webSocket === 'hangs' ? 'never opens' : 'opens and moves nothing'}: the stream begins after 1 s`, async () => {
    const world = new World();
    world.network.webSocket = webSocket;
    const opened = world.open();
    await world.run(990);
    assert.deepEqual(requested(world), ['websocket']);
    await world.run(60);
    assert.equal(opened.socket.carrier, 'sse');
    assert.equal(opened.socket.status.reason, 'websocket-silent');
    await assertWorks(world, opened);
  });

test('a body that is held back: polls begin 1 s after the stream', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  world.network.stream = 'held';
  const opened = world.open();
  await world.run(950);
  assert.deepEqual(requested(world), ['websocket', 'open', 'events']);
  await world.run(150);
  assert.equal(opened.socket.carrier, 'poll');
  assert.equal(opened.socket.status.reason, 'stream-held');
  await assertWorks(world, opened);
  assert.deepEqual(opened.carriers, ['poll']);
});

test('everything hangs at once, and only polls come through: open within 2.5 s', async () => {
  const world = new World();
  world.network.webSocket = 'silent';
  world.network.stream = 'held';
  const opened = world.open();
  await world.run(2_500);
  assert.equal(opened.socket.carrier, 'poll');
  await assertWorks(world, opened);
});

for (const latencyMs of [450, 1_200])
  test(`a slow network, ${latencyMs} ms a way, is given as much time as its first round trip took`, async () => {
    const world = new World();
    world.network.webSocket = 'refused';
    world.network.latencyMs = () => latencyMs;
    const opened = world.open();
    // The stream's first event comes three ways after it was asked for.
    await world.run(9_000);
    assert.equal(opened.socket.carrier, 'sse');
    assert.deepEqual(requested(world), ['websocket', 'open', 'events']);
  });

test('CH-20: a page that was busy while the first event came does not take it for held back', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  world.network.stream = 'held';
  world.open();
  await world.run(500);
  world.sleep(1_300);
  await world.run(150);
  assert.deepEqual(requested(world), ['websocket', 'open', 'events'], 'a second more than its patience');
  await world.run(300);
  assert.ok(requested(world).includes('poll'));
});

test('a WebSocket cut soon after its beginning, thrice: it is demoted, and nothing is lost meanwhile', async () => {
  const world = new World();
  world.network.webSocket = 'cut';
  const opened = world.open();
  await world.run(100);
  opened.send('a word');
  await world.run(5_000);
  assert.equal(opened.socket.carrier, 'sse');
  assert.equal(opened.socket.status.reason, 'websocket-cut');
  assert.equal(requested(world).filter((what) => what === 'websocket').length, 3);
  assert.deepEqual(opened.events, ['open']);
  assert.deepEqual(world.server.channel.messages, ['a word']);
  await assertWorks(world, opened);

  // The next channel of this page goes around it at once.
  const next = world.open();
  const before = world.requests.length;
  await world.run(50);
  assert.deepEqual(requested(world).slice(before), ['open', 'events']);
  assert.equal(next.socket.carrier, 'sse');
});

test('CH-18: polls give way to a stream when the network lets events through, and nothing is lost on the way', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  world.network.stream = 'held';
  const opened = world.open();
  await world.run(3_000);
  assert.equal(opened.socket.carrier, 'poll');
  // Held: the trial beside the polls takes nothing from them.
  await world.run(5_000);
  world.server.channel.push('while it is tried');
  await world.run(500);
  assert.deepEqual(opened.messages, ['while it is tried']);
  await world.run(10_000);
  assert.equal(opened.socket.carrier, 'poll');
  world.network.stream = 'ok';
  world.signal('online');
  for (let at = 0; at < 20; at++) {
    world.server.channel.push(`down ${at}`);
    opened.send(`up ${at}`);
    await world.run(20);
  }
  await world.run(1_000);
  assert.equal(opened.socket.carrier, 'sse');
  assert.deepEqual(
    opened.messages.slice(1),
    Array.from({ length: 20 }, (_, at) => `down ${at}`),
  );
  assert.deepEqual(
    world.server.channel.messages,
    Array.from({ length: 20 }, (_, at) => `up ${at}`),
  );
  assert.deepEqual(opened.events, ['open']);
  await assertWorks(world, opened);
});

test('a machine without a network is offline, and no carrier is to blame', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  world.network.http = 'down';
  const opened = world.open();
  await world.run(100);
  assert.deepEqual(opened.events, ['error', 'close']);
  assert.deepEqual(opened.closed, { code: 1006, reason: '', wasClean: false });
  world.network.webSocket = 'ok';
  world.network.http = 'ok';
  const next = world.open();
  await world.run(50);
  assert.deepEqual(
    requested(world).filter((what) => what === 'events'),
    [],
  );
  assert.equal(next.socket.carrier, 'websocket');
});

test('losses while the server is away do not demote the WebSocket', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(50);
  for (let loss = 0; loss < 5; loss++) {
    world.network.webSocket = 'refused';
    world.network.http = 'down';
    world.cut();
    await world.run(3_000);
    assert.equal(opened.socket.status.state, 'resuming');
    world.network.webSocket = 'ok';
    world.network.http = 'ok';
    await world.run(6_000);
    assert.equal(opened.socket.carrier, 'websocket');
  }
  assert.deepEqual(opened.events, ['open']);
});

test('what worked is remembered for 30 minutes', async () => {
  const world = new World();
  world.network.webSocket = 'silent';
  const first = world.open();
  await world.run(1_200);
  first.socket.close();
  await world.run(100);
  let before = world.requests.length;
  const second = world.open();
  await world.run(50);
  assert.deepEqual(requested(world).slice(before), ['open', 'events']);
  second.socket.close();
  await world.run(50);
  // The other rungs are still there.
  world.network.http = 'down';
  world.network.webSocket = 'ok';
  const third = world.open();
  await world.run(100);
  assert.equal(third.socket.carrier, 'websocket');
  third.socket.close();
  await world.run(50);
  world.sleep(31 * 60_000);
  before = world.requests.length;
  world.open();
  await world.run(50);
  assert.deepEqual(requested(world).slice(before), ['websocket']);
});

test('a WebSocket is tried again beside the stream, every 5 minutes, and taken in mid-session', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  const opened = world.open();
  await world.run(100);
  beatEvery10s(world);
  await world.run(4 * 60_000);
  assert.equal(requested(world).filter((what) => what === 'websocket').length, 1);
  await world.run(61_000);
  assert.equal(requested(world).filter((what) => what === 'websocket').length, 2);
  assert.equal(opened.socket.carrier, 'sse');
  world.network.webSocket = 'ok';
  opened.send('before');
  await world.run(5 * 60_000);
  assert.equal(opened.socket.carrier, 'websocket');
  await assertWorks(world, opened);
  assert.deepEqual(opened.events, ['open']);
  assert.deepEqual(world.server.channel.takes, ['sse', 'websocket']);
});

for (const signal of ['online', 'visible'] as const)
  test(`a WebSocket is tried again when the page tells "${signal}"`, async () => {
    const world = new World();
    world.network.webSocket = 'refused';
    const opened = world.open();
    await world.run(100);
    world.network.webSocket = 'ok';
    world.signal(signal);
    await world.run(100);
    assert.equal(opened.socket.carrier, 'websocket');
  });

test('a WebSocket that stops working in mid-session gives way to the stream', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(7_000);
  world.network.webSocket = 'refused';
  opened.send('one');
  world.cut();
  opened.send('two');
  world.server.channel.push('three');
  await world.run(2_000);
  assert.equal(opened.socket.carrier, 'sse');
  assert.deepEqual(world.server.channel.messages, ['one', 'two']);
  assert.deepEqual(opened.messages, ['three']);
  assert.deepEqual(opened.events, ['open']);
});

for (const carrier of ['websocket', 'sse', 'poll'] as const)
  test(`a forced carrier is the only one: ${carrier}`, async () => {
    const world = new World();
    const opened = world.open({ carrier });
    await world.run(100);
    assert.equal(opened.socket.carrier, carrier);
    assert.equal(opened.socket.status.reason, carrier === 'websocket' ? null : 'forced');
    await assertWorks(world, opened);
    world.cut();
    await world.run(2_000);
    await assertWorks(world, opened);
    assert.deepEqual(opened.carriers, [carrier, carrier]);
  });

test('a channel can be moved to a carrier in mid-session, and back', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  for (const carrier of ['sse', 'poll', 'websocket', 'poll', 'sse'] as const) {
    opened.socket.force(carrier);
    opened.send(`to ${carrier}`);
    world.server.channel.push(`from ${carrier}`);
    await world.run(200);
    assert.equal(opened.socket.carrier, carrier);
    await assertWorks(world, opened);
  }
  opened.socket.force(null);
  await world.run(200);
  const expected = [
    'to sse',
    'up 1',
    'to poll',
    'up 3',
    'to websocket',
    'up 5',
    'to poll',
    'up 7',
    'to sse',
    'up 9',
  ];
  assert.deepEqual(world.server.channel.messages, expected);
  assert.deepEqual(opened.events, ['open']);
});

test('who is told that the server stops comes back at a random moment, and blames no carrier', async () => {
  const world = new World();
  world.random = () => 0.5;
  const opened = world.open();
  await world.run(100);
  world.server.channel.tell({ type: 'drain', afterMs: 4_000 });
  await world.run(100);
  assert.equal(opened.socket.status.drainUntil, world.now - 95 + 4_000);
  const drained = world.now;
  world.cut();
  const before = world.requests.length;
  await world.run(1_800);
  assert.equal(world.requests.length, before);
  await world.run(400);
  assert.equal(opened.socket.carrier, 'websocket');
  assert.ok((world.requests[before]?.at ?? 0) - drained >= 1_890);
  assert.equal(opened.socket.status.trouble.websocket, null);
});

test('a server that is about to stop is left alone for as long as it says', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  world.network.http = 'draining';
  const opened = world.open();
  await world.run(100);
  assert.equal(opened.closed?.code, 1006);
  const before = world.requests.length;
  world.open();
  await world.run(1_800);
  assert.equal(world.requests.length, before);
  world.network.http = 'ok';
  await world.run(300);
  assert.ok(world.requests.length > before);
});

test('OPER-9 a server that is dead is passed over, by who begins there as by who comes from one that drains', async () => {
  const world = new World();
  const { environment } = world;
  const others = ['ws://b.test', 'ws://c.test'];
  const Socket = ChannelSocket.with({ others, environment });
  const open = (): ChannelSocket => new Socket('ws://sheaf.test/hocuspocus');
  const host = ({ url }: ChannelSocket): string => new URL(url).host;
  const first = open();
  await world.run(100);
  assert.equal(first.readyState, 1);
  world.server.channel.tell({ type: 'drain', afterMs: 4_000 });
  await world.run(100);
  // Nobody answers any more, neither there nor at the next two.
  world.network.webSocket = 'refused';
  world.network.http = 'down';
  world.kill();
  for (const next of ['b.test', 'c.test', 'sheaf.test', 'b.test']) {
    await world.run(30_000);
    const socket = open();
    assert.equal(host(socket), next);
  }
  await world.run(100);
  // Who was told to close says nothing about its server.
  const left = open();
  const there = host(left);
  left.close();
  await world.run(100);
  assert.equal(host(open()), there);
});

test('a page that nobody sees lets its stream go and asks now and then', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  const opened = world.open();
  await world.run(100);
  world.signal('hidden');
  await world.run(100);
  assert.equal(opened.socket.carrier, 'poll');
  assert.equal(opened.socket.status.reason, 'hidden');
  world.server.channel.push('meanwhile');
  await world.run(10_000);
  assert.deepEqual(opened.messages, []);
  await world.run(5_000);
  assert.deepEqual(opened.messages, ['meanwhile']);
  const before = world.requests.length;
  await world.run(60_000);
  assert.deepEqual(requested(world).slice(before), ['poll', 'poll', 'poll', 'poll']);
  world.server.channel.push('at once');
  world.signal('visible');
  await world.run(50);
  assert.deepEqual(opened.messages, ['meanwhile', 'at once']);
  assert.equal(opened.socket.carrier, 'sse');
  assert.deepEqual(opened.events, ['open']);
});

test('a page that nobody sees keeps its WebSocket', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  world.signal('hidden');
  await world.run(1_000);
  assert.equal(opened.socket.carrier, 'websocket');
});

test('silence of 25 s is the end of a carrier; heartbeats keep it', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  beatEvery10s(world);
  await world.run(120_000);
  assert.equal(requested(world).length, 1);
  world.server.heartbeatMs = 10_000;
  beatEvery10s(world, false);
  await world.run(24_000);
  assert.equal(requested(world).length, 1);
  await world.run(3_000);
  assert.equal(requested(world).length, 2);
  assert.deepEqual(opened.events, ['open']);
});

test('a machine that slept sees at once that its carrier may be gone', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  await assertWorks(world, opened);
  // While it slept, the server lost patience, and the network forgot the connection.
  world.network.webSocket = 'silent';
  world.sleep(20_000);
  world.server.channels.clear();
  world.sleep(10_000);
  await world.run(0);
  assert.equal(opened.socket.status.state, 'resuming');
  world.network.webSocket = 'ok';
  await world.run(600);
  assert.equal(opened.closed?.code, 4205);
});

test('a short sleep costs a round trip, and no carrier', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  world.sleep(16_000);
  await world.run(100);
  assert.equal(requested(world).length, 1);
  await world.run(8_000);
  await assertWorks(world, opened);
  assert.equal(requested(world).length, 1);
});

test('a carrier that was lost without a word is found out 5 s after "online"', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(7_000);
  world.network.webSocket = 'silent';
  world.signal('online');
  await world.run(4_900);
  assert.equal(opened.socket.status.state, 'open');
  world.network.webSocket = 'ok';
  await world.run(700);
  assert.equal(requested(world).length, 2);
  await assertWorks(world, opened);
});

/** The server shows itself now and then. */
function beatEvery10s(world: World, on = true): void {
  beating.set(world, on);
  const beat = (): void => {
    if (beating.get(world) !== true) return;
    world.server.beat();
    world.timer(beat, 10_000);
  };
  if (on) world.timer(beat, 10_000);
}
const beating = new WeakMap<World, boolean>();

// Numbers, and the end.

test('CH-3: a server that knows the channel no more closes it with 4205', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  await assertWorks(world, opened);
  world.kill();
  await world.run(1_000);
  assert.deepEqual(opened.closed, { code: 4205, reason: 'resync', wasClean: false });
  assert.deepEqual(opened.events, ['open', 'error', 'close']);
});

for (const carrier of ['sse', 'poll'] as const)
  test(`CH-3: as much by ${carrier}`, async () => {
    const world = new World();
    const opened = world.open({ carrier });
    await world.run(100);
    await assertWorks(world, opened);
    world.kill();
    await world.run(1_500);
    assert.equal(opened.closed?.code, 4205);
  });

test('CH-3: nothing was counted: a channel of a server that restarted is simply made anew', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  world.kill();
  await world.run(1_000);
  await assertWorks(world, opened);
  assert.deepEqual(opened.events, ['open']);
});

test('CH-3: a server that keeps too little cannot resume', async () => {
  const world = new World();
  world.server.ringBytes = 100;
  const opened = world.open();
  await world.run(7_000);
  await assertWorks(world, opened);
  world.network.webSocket = 'refused';
  world.network.http = 'down';
  world.cut();
  for (let count = 0; count < 20; count++) world.server.channel.push('twenty bytes, or so ');
  world.network.webSocket = 'ok';
  world.network.http = 'ok';
  await world.run(1_000);
  assert.equal(opened.closed?.code, 4205);
});

test('CH-7: a channel without a carrier ends after 60 s', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  world.network.webSocket = 'refused';
  world.network.http = 'down';
  world.cut();
  await world.run(59_000);
  assert.equal(opened.closed, null);
  await world.run(2_000);
  assert.deepEqual(opened.closed, { code: 1006, reason: '', wasClean: false });
});

test('CH-7: or as soon as the server would forget it', async () => {
  const world = new World();
  world.server.resumeMs = 20_000;
  const opened = world.open();
  await world.run(100);
  world.network.webSocket = 'refused';
  world.network.http = 'down';
  world.cut();
  await world.run(21_000);
  assert.equal(opened.closed?.code, 1006);
});

test('a provider hears something every 12 s while there is no carrier, which means nothing to it', async () => {
  for (const [url, words] of [
    ['ws://sheaf.test/hocuspocus', '\u0001\0\0'],
    ['ws://sheaf.test/yjs/plan', '\u0001\u0001\0'],
  ] as const) {
    const world = new World();
    const opened = world.open({}, url);
    await world.run(100);
    world.network.webSocket = 'refused';
    world.network.http = 'down';
    world.cut();
    await world.run(50_000);
    assert.deepEqual(opened.messages, Array(4).fill(words));
  }
});

for (const carrier of ['websocket', 'sse', 'poll'] as const) {
  test(`CH-11: the server's close comes behind what it sent, by ${carrier}`, async () => {
    const world = new World();
    const opened = world.open({ carrier });
    await world.run(100);
    const { channel } = world.server;
    channel.push('last words');
    channel.close(4401, 'Sign in again.');
    await world.run(200);
    assert.deepEqual(opened.messages, ['last words']);
    assert.deepEqual(opened.closed, { code: 4401, reason: 'Sign in again.', wasClean: true });
    // It was told that all came, and the carriers went.
    assert.equal(channel.outgoing.acknowledged, 2);
    await world.run(30_000);
    const before = world.requests.length;
    await world.run(60_000);
    assert.equal(world.requests.length, before);
  });

  test(`CH-11: a close arrives behind what was sent, by ${carrier}`, async () => {
    const world = new World();
    const opened = world.open({ carrier });
    await world.run(100);
    opened.send('last words');
    opened.socket.close(4000, 'Enough.');
    assert.equal(opened.socket.readyState, 2);
    opened.send('too late');
    await world.run(300);
    assert.deepEqual(world.server.channel.messages, ['last words']);
    assert.deepEqual(world.server.channel.closedWith, { code: 4000, reason: 'Enough.' });
    assert.deepEqual(opened.closed, { code: 4000, reason: 'Enough.', wasClean: true });
    assert.equal(opened.socket.readyState, 3);
    const before = world.requests.length;
    await world.run(60_000);
    assert.equal(world.requests.length, before);
  });
}

test('a close while it connects is an abnormal one, and later', async () => {
  const world = new World();
  for (const ms of [0, 7]) {
    const opened = world.open();
    await world.run(ms);
    opened.socket.close();
    assert.equal(opened.socket.readyState, 2);
    assert.ok(!opened.events.includes('close'));
    await world.run(50);
    assert.equal(opened.closed?.code, 1006);
  }
});

test('a close without a network is given up after 5 s', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  world.network.webSocket = 'refused';
  world.network.http = 'down';
  world.cut();
  opened.socket.close();
  await world.run(4_900);
  assert.deepEqual(opened.events, ['open']);
  await world.run(200);
  assert.equal(opened.closed?.code, 1006);
});

test('what is sent and closed before a network returns still arrives', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  world.network.webSocket = 'refused';
  world.network.http = 'down';
  world.cut();
  opened.send('words');
  opened.socket.close();
  await world.run(1_000);
  world.network.webSocket = 'ok';
  world.network.http = 'ok';
  await world.run(3_000);
  assert.deepEqual(world.server.channel.messages, ['words']);
  assert.equal(opened.closed?.wasClean, true);
});

// A page that goes.

for (const carrier of ['websocket', 'sse', 'poll'] as const)
  test(`what is unsent when the page goes travels by a request that outlives it, by ${carrier}`, async () => {
    const world = new World();
    const opened = world.open({ carrier });
    await world.run(100);
    const before = world.requests.length;
    opened.send('the last word');
    world.signal('end');
    // The page is gone: nothing of it runs any more.
    const farewell = world.requests.slice(before).filter(({ init }) => init?.keepalive === true);
    assert.equal(farewell.length, 1);
    await world.run(50);
    assert.deepEqual(world.server.channel.messages, ['the last word']);
    assert.deepEqual(world.server.channel.closedWith, { code: 1001, reason: '' });
  });

test('more than 64 KiB does not travel so', async () => {
  const world = new World();
  const opened = world.open({ carrier: 'sse' });
  await world.run(100);
  opened.send('x'.repeat(70_000));
  world.signal('end');
  assert.equal(world.requests.filter(({ init }) => init?.keepalive === true).length, 0);
});

test('a page that the browser keeps sends what is unsent, and goes on when it returns', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(100);
  opened.send('a word');
  world.signal('leave');
  await world.run(20);
  assert.deepEqual(world.server.channel.messages, ['a word']);
  world.cut();
  world.sleep(40_000);
  world.signal('return');
  await world.run(600);
  await assertWorks(world, opened);
  assert.deepEqual(world.server.channel.messages, ['a word', 'up 1']);
});

// Presence.

test('CH-5: presence may be lost, the latest wins, and it is told again on another carrier', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(7_000);
  const state = (clock: number, json: string): Uint8Array => awareness('plan', [[7, clock, json]]);
  opened.socket.send(state(1, '{"a":1}'));
  await world.run(50);
  const { channel } = world.server;
  assert.deepEqual(channel.presence, [decode(state(1, '{"a":1}'))]);
  assert.equal(channel.incoming.received, 0);

  world.cut();
  opened.socket.send(state(2, '{"a":2}'));
  opened.socket.send(state(3, '{"a":3}'));
  await world.run(1_000);
  assert.deepEqual(channel.presence.slice(1), [decode(state(3, '{"a":3}'))]);

  opened.socket.force('sse');
  await world.run(200);
  assert.deepEqual(channel.presence.slice(2), [decode(state(3, '{"a":3}'))]);

  // A removal is counted, and nothing of it is told again.
  opened.socket.send(state(4, 'null'));
  await world.run(200);
  assert.equal(channel.incoming.received, 1);
  opened.socket.force('poll');
  await world.run(200);
  assert.equal(channel.presence.length, 3);
});

test('CH-5: presence does not overtake what was sent before', async () => {
  const world = new World();
  const opened = world.open({ carrier: 'sse' });
  await world.run(100);
  opened.socket.send(new TextEncoder().encode('x'.repeat(400_000)));
  opened.socket.send(awareness('plan', [[7, 1, '{"a":1}']]));
  await world.run(12);
  assert.deepEqual(world.server.channel.presence, []);
  await world.run(200);
  assert.equal(world.server.channel.messages.length, 1);
  assert.equal(world.server.channel.presence.length, 1);
});

// Servers that know no channels.

for (const webSocket of ['first', 'none'] as const)
  test(`a server that knows no channels, and ${webSocket === 'first' ? 'takes the first subprotocol that it is offered' : 'refuses those that it does not know'}`, async () => {
    const world = new World();
    world.network.webSocket = webSocket;
    world.network.http = 'html';
    const opened = world.open({}, 'ws://stock.test/room');
    await world.run(200);
    assert.deepEqual(opened.events, ['open']);
    assert.equal(opened.socket.status.plain, true);
    assert.equal(opened.socket.carrier, 'websocket');
    opened.send('echo');
    await world.run(50);
    assert.deepEqual(opened.messages, ['echo']);
    const before = world.requests.length;
    world.cut();
    await world.run(60_000);
    assert.deepEqual(opened.closed, { code: 1006, reason: '', wasClean: false });
    assert.equal(opened.socket.status.state, 'closed');
    assert.equal(world.requests.length, before);
  });

test('a server that once spoke of channels is not asked for a plain WebSocket', async () => {
  const world = new World();
  const first = world.open();
  await world.run(100);
  first.socket.close();
  await world.run(100);
  world.network.webSocket = 'none';
  world.network.http = 'down';
  const next = world.open();
  await world.run(500);
  assert.equal(next.closed?.code, 1006);
});

test('a portal that answers everything with its own page is no server', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  world.network.http = 'html';
  const opened = world.open();
  await world.run(1_000);
  assert.equal(opened.closed?.code, 1006);
});

// What the standard says of a WebSocket.

test('addresses, and what may be sent', async () => {
  const world = new World();
  const tokens = world.open({ carrier: 'sse' }, 'https://sheaf.test/yjs/plan?token=secret&x=1');
  assert.equal(tokens.socket.url, 'wss://sheaf.test/yjs/plan?token=secret&x=1');
  await world.run(100);
  const [request] = world.requests;
  assert.equal(new Headers(request?.init?.headers).get('authorization'), 'Bearer secret');
  assert.throws(() => world.open({}, 'ftp://sheaf.test/'), SyntaxError);
  assert.throws(() => world.open({}, 'nowhere'), SyntaxError);
  assert.throws(() => tokens.socket.send('text'), TypeError);
  assert.throws(() => tokens.socket.close(1001), { name: 'InvalidAccessError' });
  assert.throws(() => tokens.socket.close(4000, 'ü'.repeat(62)), { name: 'SyntaxError' });
  const letters = Uint8Array.from([1, 2, 3, 4]);
  tokens.socket.send(letters.subarray(1, 3));
  tokens.socket.send(letters.buffer);
  tokens.socket.send(new DataView(letters.buffer, 3));
  letters.fill(9);
  assert.ok(tokens.socket.bufferedAmount > 7);
  await world.run(100);
  assert.equal(tokens.socket.bufferedAmount, 0);
  assert.deepEqual(world.server.channel.messages, ['\u0002\u0003', '\u0001\u0002\u0003\u0004', '\u0004']);
});

test('`with` makes a class that providers can be given', async () => {
  const world = new World();
  const Forced = ChannelSocket.with({ carrier: 'poll', environment: world.environment });
  assert.equal(Forced.OPEN, 1);
  const socket = new Forced('ws://sheaf.test/hocuspocus');
  assert.ok(socket instanceof ChannelSocket);
  await world.run(100);
  assert.equal(socket.readyState, socket.OPEN);
  assert.equal(socket.carrier, 'poll');
});

function awareness(
  document: string,
  people: readonly (readonly [number, number, string])[],
): Uint8Array<ArrayBuffer> {
  const text = (letters: string): number[] => [letters.length, ...new TextEncoder().encode(letters)];
  const body = [people.length, ...people.flatMap(([client, clock, json]) => [client, clock, ...text(json)])];
  return Uint8Array.from([...text(document), 1, body.length, ...body]);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

test('a box that answers each poll at once makes nobody spin', async () => {
  const world = new World();
  const { fetch } = world.environment;
  const impatient: typeof fetch = (address, request) =>
    fetch(address.replace('/poll?', '/poll?hold=0&'), request);
  const Forced = ChannelSocket.with({
    carrier: 'poll',
    environment: { ...world.environment, fetch: impatient },
  });
  const socket = new Forced('ws://host/yjs/a');
  await world.run(200);
  assert.equal(socket.readyState, 1);
  const before = world.requests.length;
  await world.run(10_000);
  const polls = world.requests.length - before;
  assert.ok(polls <= 100, `${polls} requests in 10 s`);
});

test('a clock that is set back while there is no carrier delays nothing', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(50);
  world.cut();
  await world.run(10);
  world.setBack(3_600_000);
  await world.run(2_000);
  assert.equal(opened.socket.carrier, 'websocket');
  assert.deepEqual(opened.events, ['open']);
  await assertWorks(world, opened);
});

test('a clock that is set back does not make a carrier that is silent last for ever', async () => {
  const world = new World();
  const opened = world.open();
  await world.run(50);
  world.setBack(3_600_000);
  world.network.webSocket = 'silent';
  await world.run(60_000);
  assert.equal(opened.socket.carrier, 'sse');
});

test('a hidden page that hears of a network asks at once, and does not take its silence for a loss', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  const opened = world.open();
  await world.run(100);
  world.signal('hidden');
  await world.run(5_000);
  const before = requested(world).filter((what) => what === 'poll').length;
  const statuses = opened.statuses.length;
  world.signal('online');
  await world.run(100);
  assert.equal(requested(world).filter((what) => what === 'poll').length, before + 1);
  await world.run(9_000);
  assert.ok(opened.statuses.slice(statuses).every(({ state }) => state !== 'resuming'));
});

test('POSTs that are told of a gap for ever end in a resync, not in a loop', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  const opened = world.open();
  await world.run(100);
  world.network.http = 'forgets';
  opened.send('a word');
  await world.run(10_000);
  assert.equal(opened.closed?.code, 4205);
  assert.equal(requested(world).filter((what) => what === 'messages').length, 5);
});

test('a network that takes no long POSTs gets shorter ones, and so does the next channel', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  world.network.bodyBytes = 100_000;
  const opened = world.open();
  await world.run(100);
  // Many messages in one row; then one that is cut by what was learned.
  for (let index = 0; index < 60; index++) opened.send(`${index} ${'x'.repeat(5_000)}`);
  await world.run(3_000);
  assert.equal(world.server.channel.messages.length, 60);
  opened.send('y'.repeat(1_000_000));
  await world.run(3_000);
  assert.equal(world.server.channel.messages.at(-1)?.length, 1_000_000);
  assert.deepEqual(opened.events, ['open']);
  assert.deepEqual(opened.carriers, ['sse']);
  const posts = requested(world).filter((what) => what === 'messages').length;
  assert.ok(posts < 40, `${posts} POSTs`);
});

test('a frame that is longer than what the network takes: the channel begins anew with shorter ones', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  world.network.bodyBytes = 140_000;
  const opened = world.open();
  await world.run(100);
  opened.send('y'.repeat(1_000_000));
  await world.run(1_000);
  assert.equal(opened.closed?.code, 4205);
  world.server.channels.clear();
  const next = world.open();
  await world.run(100);
  for (let again = 0; again < 2 && next.closed === null; again++) next.send('z'.repeat(1_000_000));
  await world.run(3_000);
  assert.equal(next.closed, null);
  assert.equal(world.server.channel.messages.length, 2);
});

test('a network that takes no POST at all is left alone', async () => {
  const world = new World();
  world.network.webSocket = 'refused';
  const opened = world.open();
  await world.run(100);
  world.network.bodyBytes = 100;
  opened.send('x'.repeat(1_000));
  await world.run(30_000);
  const posts = requested(world).filter((what) => what === 'messages').length;
  assert.ok(posts < 12, `${posts} POSTs`);
});
