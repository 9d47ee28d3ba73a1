import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Accept, PeerRequest } from '../protocol/accept.ts';
import type { MessageSocket } from '../protocol/socket.ts';
import { message, TestChannel, texts } from './channel-for-tests.ts';
import { startListener, type TestListener, type TestListenerOptions } from './listener-for-tests.ts';

/** A protocol that keeps what comes. */
class Protocol {
  readonly got: string[] = [];
  readonly sockets: MessageSocket[] = [];
  readonly peers: PeerRequest[] = [];
  closed = 0;
  resumed = 0;
  /** Called with each message, before the next. */
  onMessage: (text: string) => void = () => {};
  readonly accept: Accept = {
    hocuspocus: (socket, peer) => this.#take(socket, peer),
    yjs: (socket, peer) => this.#take(socket, peer),
  };

  get socket(): MessageSocket {
    return this.sockets[0] ?? assert.fail('nobody is here');
  }

  say(...words: readonly string[]): void {
    for (const text of words) this.socket.send(Buffer.from(text));
  }

  #take(socket: MessageSocket, peer: PeerRequest) {
    this.sockets.push(socket);
    this.peers.push(peer);
    return {
      message: (data: Uint8Array): void => {
        const text = Buffer.from(data).toString();
        this.got.push(text);
        this.onMessage(text);
      },
      resumed: (): void => void (this.resumed += 1),
      closed: (): void => void (this.closed += 1),
    };
  }
}

async function start(
  options: TestListenerOptions = {},
): Promise<{ protocol: Protocol; listener: TestListener; client: TestChannel }> {
  const protocol = new Protocol();
  const listener = await startListener({ accept: protocol.accept, ...options });
  const client = new TestChannel(`http://127.0.0.1:${listener.port}/hocuspocus`);
  return { protocol, listener, client };
}

test('a WebSocket: welcome, messages both ways', async () => {
  const { protocol, listener, client } = await start();
  await using _ = listener;
  using socket = await client.webSocket({ turn: 1 }, message('a'), message('b'));
  await socket.until((frames) => frames[0]?.type === 'welcome');
  protocol.say('x', 'y');
  await socket.until((frames) => texts(frames).length === 2);
  assert.deepEqual(texts(socket.frames), ['x', 'y']);
  assert.deepEqual(protocol.got, ['a', 'b']);
});

test('an event stream and POSTs', async () => {
  const { protocol, listener, client } = await start();
  await using _ = listener;
  const opened = await client.open();
  assert.equal(opened.status, 200, opened.words);
  assert.deepEqual(opened.frames, [
    { type: 'welcome', resumed: false, received: 0, heartbeatMs: 10_000, resumeMs: 60_000 },
  ]);
  using stream = await client.stream(1, 0);
  protocol.say('x', 'y');
  await stream.until((frames) => texts(frames).length === 2);
  assert.deepEqual(stream.ids, [0, 1, 2]);
  assert.deepEqual(texts(stream.frames), ['x', 'y']);
  const posted = await client.messages(0, message('a'), message('b'));
  assert.deepEqual(posted.frames, [{ type: 'ack', received: 2 }]);
  assert.deepEqual(protocol.got, ['a', 'b']);
});

test('polls', async () => {
  const { protocol, listener, client } = await start();
  await using _ = listener;
  await client.open();
  const first = await client.poll(1, 0);
  assert.deepEqual(
    first.frames.map(({ type }) => type),
    ['welcome'],
  );
  const hanging = client.poll(1, 0, 1);
  setImmediate(() => protocol.say('x', 'y'));
  assert.deepEqual(texts((await hanging).frames), ['x', 'y']);
  assert.deepEqual(texts((await client.poll(1, 1)).frames), ['y']);
});
