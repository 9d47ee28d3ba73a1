import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Access, Grant } from '../access/access.ts';
import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { Paced } from './paced.ts';
import type { MessageSocket, SocketHandler } from './socket.ts';

/** A socket whose client has sent more than anybody reads: delivers while it is not paused. */
class Flood implements MessageSocket {
  readonly bufferedBytes = 0;
  handler: SocketHandler | null = null;
  paused = false;
  waiting: Uint8Array[] = [];

  send(): void {}
  sendParts(): void {}
  onDrain(): void {}
  close(): void {}

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.deliver();
  }

  deliver(): void {
    while (!this.paused) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.handler?.message(next);
    }
  }
}

/** Somebody who counts what comes. */
class Reader implements SocketHandler {
  got = 0;
  isClosed = false;
  readonly socket: MessageSocket;
  readonly access: Access;

  constructor(socket: MessageSocket, access: Access) {
    this.socket = socket;
    this.access = access;
  }

  message(): void {
    this.got += 1;
  }

  closed(): void {
    this.isClosed = true;
  }
}

const document = parseDocumentName('doc');

/** Paces with a clock that stands until it is told, and whoever names himself in his token. */
function setUp(t: TestContext, changed: Partial<Limits>) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let clock = 0;
  const limits = { ...DEFAULT_LIMITS, ...changed };
  const access: Access = {
    authorize: async ({ token }): Promise<Grant> => ({
      principal: { id: token, name: token },
      role: 'write',
      expires: Infinity,
    }),
  };
  const paced = new Paced(limits, access, () => clock);
  const connect = (address: string): { flood: Flood; reader: Reader } => {
    const flood = new Flood();
    const readers: Reader[] = [];
    flood.handler = paced.connect(flood, { address, token: '', origin: null }, (socket, known) => {
      const reader = new Reader(socket, known);
      readers.push(reader);
      return reader;
    });
    return { flood, reader: readers[0] ?? assert.fail('nobody reads') };
  };
  const pass = (ms: number): void => {
    clock += ms;
    t.mock.timers.tick(ms);
  };
  return { paced, connect, pass };
}

const letters = (count: number): Uint8Array[] => Array.from({ length: count }, () => new Uint8Array(1));

test('RATE-1: what comes faster than allowed waits, and nothing of it is lost', (t) => {
  const { paced, connect, pass } = setUp(t, { messagesAtOnce: 10, messagesPerSecond: 1_000 });
  const { flood, reader } = connect('a');
  flood.waiting = letters(100);
  flood.deliver();
  assert.equal(reader.got, 10);
  assert.equal(paced.stops, 1);
  pass(20);
  assert.ok(reader.got >= 20 && reader.got <= 31, `${reader.got} after 20 ms`);
  for (let i = 0; i < 100; i += 1) pass(1);
  assert.equal(reader.got, 100);
  assert.equal(flood.paused, false);
});

test('RATE-1: at a pace that is allowed nobody is stopped', (t) => {
  const { paced, connect, pass } = setUp(t, { messagesAtOnce: 10, messagesPerSecond: 1_000 });
  const { flood, reader } = connect('a');
  for (let i = 0; i < 200; i += 1) {
    flood.waiting = letters(1);
    flood.deliver();
    pass(1);
  }
  assert.equal(reader.got, 200);
  assert.equal(paced.stops, 0);
});

test('RATE-1: the connections of an address share an allowance, others have their own', (t) => {
  const limits = { messagesAtOnce: 10, messagesPerSecond: 1_000, messagesPerSecondShared: 1_000 };
  const { connect } = setUp(t, limits);
  const [one, two, other] = [connect('a'), connect('a'), connect('b')];
  for (const { flood } of [one, two, other]) {
    flood.waiting = letters(10);
    flood.deliver();
  }
  assert.deepEqual([one.reader.got, two.reader.got, other.reader.got], [10, 1, 10]);
});

test('RATE-1: so do the connections of a person, from whatever address', async (t) => {
  const limits = { messagesAtOnce: 10, messagesPerSecond: 1_000, messagesPerSecondShared: 1_000 };
  const { connect } = setUp(t, limits);
  const [one, two, other] = [connect('a'), connect('b'), connect('c')];
  for (const [{ reader }, token] of [
    [one, 'ann'],
    [two, 'ann'],
    [other, 'bob'],
  ] as const)
    await reader.access.authorize({ token, document });
  for (const { flood } of [one, two, other]) {
    flood.waiting = letters(10);
    flood.deliver();
  }
  assert.deepEqual([one.reader.got, two.reader.got, other.reader.got], [10, 1, 10]);
});

test('RATE-1: while the protocol has paused, nothing comes when the wait is over', (t) => {
  const { connect, pass } = setUp(t, { messagesAtOnce: 10, messagesPerSecond: 1_000 });
  const { flood, reader } = connect('a');
  flood.waiting = letters(30);
  flood.deliver();
  reader.socket.pause();
  pass(50);
  assert.equal(reader.got, 10);
  reader.socket.resume();
  assert.equal(reader.got, 20);
  reader.socket.pause();
  reader.socket.resume();
  assert.equal(reader.got, 20);
});

test('RATE-1: a large message is the last of its turn', (t) => {
  const { paced, connect, pass } = setUp(t, {});
  const { flood, reader } = connect('a');
  flood.waiting = [1, 2, 3].map(() => new Uint8Array(64 * 1024));
  flood.deliver();
  assert.equal(reader.got, 1);
  pass(1);
  assert.equal(reader.got, 2);
  assert.equal(paced.stops, 0);
});

test('RATE-2: a person has so many connections, and may come back when one has gone', async (t) => {
  const { connect } = setUp(t, { connectionsPerPerson: 2 });
  const ask = ({ reader }: { reader: Reader }): Promise<Grant> =>
    reader.access.authorize({ token: 'ann', document });
  const [one, two, three] = [connect('a'), connect('b'), connect('c')];
  await ask(one);
  await ask(two);
  // Another document, or a newer token, on the same connection is none more.
  await ask(two);
  await assert.rejects(ask(three), (thrown) => thrown instanceof SheafError && thrown.code === 'too-many');
  await three.reader.access.authorize({ token: 'bob', document });
  one.flood.handler?.closed();
  assert.ok(one.reader.isClosed);
  await ask(three);
});
