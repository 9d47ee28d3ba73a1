import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, type Frame } from '@sheaf/proto/channel/frame';
import { TestHandler } from '../channel/test-channel.ts';
import { message, TestChannel, texts, type TestWebSocket } from './channel-for-tests.ts';
import { startListener } from './listener-for-tests.ts';

const ROUNDS = 100;

/** mulberry32, from a seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Frames and damaged ones, some of which could even be meant. */
function randomRow(random: () => number, client: TestChannel): Buffer {
  const pick = (count: number): number => Math.floor(random() * count);
  const number = (): number => (pick(4) === 0 ? 2 ** 53 - 1 - pick(3) : pick(6));
  const bytes = (): Buffer => Buffer.from(Array.from({ length: pick(30) }, () => pick(256)));
  const frames: (() => Frame)[] = [
    () => client.hello({ turn: number(), received: number(), from: number() }),
    () => ({ type: 'welcome', resumed: true, received: number(), heartbeatMs: 0, resumeMs: 0 }),
    () => ({ type: 'take', turn: number(), received: number(), from: number() }),
    () => ({ type: 'message', body: bytes() }),
    () => ({ type: 'part', body: bytes() }),
    () => ({ type: 'presence', body: bytes() }),
    () => ({ type: 'close', code: number(), reason: 'x' }),
    () => ({ type: 'ack', received: number() }),
    () => ({ type: 'ping', nonce: number() }),
    () => ({ type: 'pong', nonce: number() }),
    () => ({ type: 'drain', afterMs: number() }),
  ];
  const row = Buffer.concat(
    Array.from({ length: pick(5) }, () => encodeFrame(frames[pick(frames.length)]?.() ?? message('x'))),
  );
  if (pick(3) > 0) return row;
  if (pick(2) === 0) return row.subarray(0, pick(row.length + 1));
  for (let i = 0; i < row.length / 8; i++) row[pick(row.length)] = pick(256);
  return row;
}

test('CH-12: hostile bytes and requests end their own channel at most, and disturb nobody', async () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const random = randomOf(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const handlers: TestHandler[] = [];
  const take = (...[socket, peer]: ConstructorParameters<typeof TestHandler>): TestHandler => {
    const handler = new TestHandler(socket, peer);
    handlers.push(handler);
    // A protocol does all that it may.
    handler.onMessage = () => {
      const what = pick(8);
      if (what === 0) socket.close(4000 + pick(100), 'by chance');
      if (what === 1) setImmediate(() => socket.resume());
      if (what === 1 || what === 2) socket.pause();
      if (what === 2) setTimeout(() => socket.resume(), pick(5));
      if (what === 3) handler.say('x'.repeat(pick(1_000)));
    };
    return handler;
  };
  // The clock stands: nobody is silent for too long on a slow machine.
  const clock = { now: () => 0 };
  await using listener = await startListener({ accept: { hocuspocus: take, yjs: take }, clock });
  const url = `http://127.0.0.1:${listener.port}`;
  const neighbour = new TestChannel(`${url}/yjs/neighbour`);
  using calm = await neighbour.webSocket({ turn: 1 });
  await calm.until((frames) => frames.length > 0);
  const quiet = handlers[0] ?? assert.fail('nobody came');
  quiet.onMessage = () => {};

  const attempt = async (): Promise<void> => {
    const client = new TestChannel(`${url}/${pick(2) === 0 ? 'hocuspocus' : 'yjs/a'}`);
    const opened: TestWebSocket[] = [];
    const requests: Promise<unknown>[] = [];
    await client.open();
    for (let step = 0; step < 8; step++) {
      const number = (): string =>
        ['0', '1', '2', '9007199254740991', '', '-1', '1e3', 'x', '%'][pick(9)] ?? '';
      const row = randomRow(random, client);
      const way = pick(6);
      if (way === 0) requests.push(client.post(`/channel/messages?from=${number()}`, row));
      if (way === 1) requests.push(client.post(`/channel/open`, row));
      if (way === 2)
        requests.push(client.post(`/channel/poll?turn=${number()}&received=${number()}&hold=0`, row));
      if (way === 3)
        requests.push(
          client.events(pick(4), pick(3), { 'last-event-id': number() }).then((stream) => {
            if (typeof stream === 'object') stream[Symbol.dispose]();
          }),
        );
      if (way === 4) {
        const socket = await client.webSocket({ turn: pick(4), received: pick(3), from: pick(3) });
        opened.push(socket);
        socket.socket.on('error', () => {});
        socket.socket.send(row);
      }
      if (way === 5) opened.at(-1)?.socket.send(row);
      if (pick(3) === 0) await Promise.all(requests.splice(0));
    }
    await Promise.all(requests);
    for (const socket of opened) socket[Symbol.dispose]();
  };
  try {
    for (let round = 0; round < ROUNDS / 10; round++) await Promise.all(Array.from({ length: 10 }, attempt));
    calm.send(message('still here'));
    quiet.say('so am I');
    await calm.until((frames) => texts(frames).length === 1);
    assert.deepEqual(quiet.got, ['still here']);
    const errors = listener
      .logged()
      .split('\n')
      .filter((line) => line.startsWith('{"level":50'));
    assert.deepEqual(errors, []);
    listener.channels.terminateAll();
    for (const handler of handlers) assert.equal(handler.timesClosed, 1);
    assert.equal(listener.channels.size, 0);
  } catch (thrown) {
    throw new Error(`SEED=${seed}`, { cause: thrown });
  }
});
