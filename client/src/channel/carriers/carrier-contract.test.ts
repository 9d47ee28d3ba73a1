import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFrames, encodeFrame, isCounted } from '@sheaf/proto/channel/frame';
import { encodeMessage } from '@sheaf/proto/channel/outgoing';
import { headersOf, readEndpoint } from '../endpoint.ts';
import type { Fetch } from '../http.ts';
import { TestServerSocket, join } from '../test-server.ts';
import { World } from '../test-world.ts';
import type { Carrier, CarrierContext, CarrierEvents } from './carrier.ts';
import { createCarrier } from './create.ts';
import { MemoryCarrier } from './memory.ts';

type Create = (world: World, context: CarrierContext, events: CarrierEvents) => Carrier;

const CARRIERS: Readonly<Record<string, Create>> = {
  websocket: (_world, context, events) => createCarrier('websocket', context, events),
  sse: (_world, context, events) => createCarrier('sse', context, events),
  poll: (_world, context, events) => createCarrier('poll', context, events),
  idle: (_world, context, events) => createCarrier('idle', context, events),
  memory: (world, context, events) =>
    new MemoryCarrier(
      ({ send, close }) =>
        new TestServerSocket(
          world.server,
          (row) => send(Uint8Array.from(row)),
          () => close('lost'),
        ),
      context,
      events,
    ),
};

/** A carrier, without a channel around it, and all that it reports. */
class Harness {
  readonly world = new World();
  readonly reports: string[] = [];
  /** Counted frames with their numbers, in words. */
  readonly came: string[] = [];
  /** What may give up each POST, in their order. */
  readonly posts: AbortSignal[] = [];
  readonly carrier: Carrier;
  received = 0;
  #turn = 0;
  #number = 0;

  constructor(create: Create) {
    const endpoint = readEndpoint('ws://sheaf.test/hocuspocus', undefined);
    const [id, key] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
    const { environment } = this.world;
    const fetch: Fetch = (address, request) => {
      if (request.method === 'POST' && request.signal) this.posts.push(request.signal);
      return environment.fetch(address, request);
    };
    const context: CarrierContext = {
      environment: { ...environment, fetch },
      endpoint,
      headers: headersOf(endpoint, id, key),
      protocols: [],
      hello: () =>
        encodeFrame({ type: 'hello', version: 1, id, key, turn: 0, received: this.received, from: 0 }),
      opened: () => false,
      claim: () => ({ turn: (this.#turn += 1), received: this.received, from: 0 }),
      ask: () => this.received,
    };
    this.carrier = create(this.world, context, {
      opened: () => this.reports.push('opened'),
      frames: (bytes, start) => this.#frames(bytes, start),
      heard: () => undefined,
      answered: (bytes) => this.#read(bytes, 'answered'),
      writable: () => this.reports.push('writable'),
      unsent: () => this.reports.push('unsent'),
      tooLarge: (bytes) => this.reports.push(`too large ${bytes}`),
      gone: () => this.reports.push('gone'),
      plain: () => this.reports.push('plain'),
      died: (why) => this.reports.push(`died ${why}`),
    });
  }

  /** Until it is proved, and takes the channel. */
  async begin(): Promise<void> {
    await this.world.run(100);
    assert.ok(this.reports.includes('welcome'), this.reports.join());
    this.carrier.take();
    await this.world.run(20);
  }

  row(from: number, ...words: readonly string[]): { from: number; bytes: Uint8Array } {
    const frames = words.flatMap((text) => encodeMessage(new TextEncoder().encode(text)));
    return { from, bytes: Uint8Array.from(frames.flatMap((frame) => [...join(frame)])) };
  }

  #frames(bytes: Uint8Array, start: number | null): void {
    if (start !== null) this.#number = start;
    this.#read(bytes, '');
    this.received = Math.max(this.received, this.#number);
  }

  #read(bytes: Uint8Array, where: string): void {
    for (const frame of decodeFrames(bytes)) {
      if (isCounted(frame)) this.#number += 1;
      if (frame.type === 'message') this.came.push(`${this.#number}:${new TextDecoder().decode(frame.body)}`);
      else if (where === '') this.reports.push(frame.type);
    }
  }
}

for (const [name, create] of Object.entries(CARRIERS)) {
  test(`${name}: it opens, and is proved by a welcome`, async () => {
    const harness = new Harness(create);
    assert.deepEqual(harness.reports, []);
    await harness.world.run(100);
    assert.deepEqual(harness.reports.slice(0, 2), ['opened', 'welcome']);
  });

  test(`${name}: frames come behind the number that it asked from, in order`, async () => {
    const harness = new Harness(create);
    await harness.begin();
    const { channel } = harness.world.server;
    for (const word of ['a', 'b', 'c']) channel.push(word);
    await harness.world.run(16_000);
    channel.push('d');
    await harness.world.run(16_000);
    assert.deepEqual(harness.came, ['1:a', '2:b', '3:c', '4:d']);
  });

  test(`${name}: rows arrive in order, each given when it is writable`, async () => {
    const harness = new Harness(create);
    await harness.begin();
    for (let from = 0; from < 4; from += 2) {
      assert.equal(harness.carrier.writable, true);
      harness.carrier.send(harness.row(from, `${from}`, `${from + 1}`));
      await harness.world.run(50);
    }
    assert.deepEqual(harness.world.server.channel.messages, ['0', '1', '2', '3']);
    assert.ok(!harness.reports.includes('unsent'));
  });

  test(`${name}: after a stop it is silent, and leaves nothing behind`, async () => {
    const harness = new Harness(create);
    await harness.begin();
    harness.carrier.stop();
    const [reports, requests] = [harness.reports.length, harness.world.requests.length];
    harness.world.server.channel.push('late');
    harness.world.cut();
    await harness.world.run(60_000);
    assert.equal(harness.reports.length, reports);
    assert.equal(harness.world.requests.length, requests);
    assert.deepEqual(harness.came, []);
    harness.carrier.stop();
  });

  test(`${name}: a stop gives up the POSTs that are under way`, async () => {
    const harness = new Harness(create);
    await harness.begin();
    const before = harness.posts.length;
    harness.carrier.send(harness.row(0, 'a'));
    // The network takes longer than a turn.
    const posts = harness.posts.slice(before);
    const isPosted = name !== 'websocket' && name !== 'memory';
    assert.equal(posts.length, Number(isPosted));
    assert.ok(posts.every(({ aborted }) => !aborted));
    harness.carrier.stop();
    assert.ok(posts.every(({ aborted }) => aborted));
  });

  test(`${name}: a stop before it opened is silent as well`, async () => {
    const harness = new Harness(create);
    harness.carrier.stop();
    await harness.world.run(60_000);
    assert.deepEqual(harness.reports, []);
  });

  if (name === 'memory') continue;
  test(`${name}: the network's end is its own, told once`, async () => {
    const harness = new Harness(create);
    await harness.begin();
    harness.world.network.http = 'down';
    harness.world.cut();
    await harness.world.run(60_000);
    assert.equal(harness.reports.filter((report) => report.startsWith('died')).length, 1);
    assert.equal(harness.carrier.writable, false);
  });

  test(`${name}: nobody listens`, async () => {
    const harness = new Harness((world, context, events) => {
      world.network.webSocket = 'refused';
      world.network.http = 'down';
      return create(world, context, events);
    });
    await harness.world.run(1_000);
    assert.deepEqual(harness.reports, ['died unreachable']);
  });

  test(`${name}: a server that forgot the channel`, async () => {
    const harness = new Harness(create);
    await harness.begin();
    harness.received = 5;
    harness.world.kill();
    await harness.world.run(16_000);
    const last = harness.reports.at(-1) ?? '';
    assert.match(last, name === 'idle' ? /gone/ : /gone|died lost|died unreachable/);
  });
}

test('CH-14: a WebSocket that is proved has taken nothing until it is told to', async () => {
  const harness = new Harness((_world, context, events) => createCarrier('websocket', context, events));
  await harness.world.run(100);
  assert.deepEqual(harness.reports.slice(0, 2), ['opened', 'welcome']);
  assert.deepEqual(harness.world.server.channel.takes, []);
  harness.carrier.take();
  await harness.world.run(20);
  assert.deepEqual(harness.world.server.channel.takes, ['websocket']);
});
