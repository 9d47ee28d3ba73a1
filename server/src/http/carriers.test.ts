import assert from 'node:assert/strict';
import { request } from 'node:http';
import { decodeFrames, type Frame } from '@sheaf/proto/channel/frame';
import type { ServerChannel } from '../channel/channel.ts';
import { testCarrier, type CarrierClient, type CarrierWorld } from '../channel/carrier-contract.ts';
import { TestHandler } from '../channel/test-channel.ts';
import { TestChannel } from './channel-for-tests.ts';
import { startListener } from './listener-for-tests.ts';

type Open = (client: TestChannel, turn: number, received: number) => Promise<CarrierClient>;

async function begin(outboundBytes: number, open: Open): Promise<CarrierWorld> {
  const handlers: TestHandler[] = [];
  const take = (...[socket, peer]: ConstructorParameters<typeof TestHandler>): TestHandler => {
    const handler = new TestHandler(socket, peer);
    handlers.push(handler);
    return handler;
  };
  const listener = await startListener({
    accept: { hocuspocus: take, yjs: take },
    limits: { outboundBytes, channelRingBytes: 64 * 1024 * 1024, unreadBytes: 1024 ** 3 },
  });
  const client = new TestChannel(`http://127.0.0.1:${listener.port}/hocuspocus`);
  await client.open();
  const handler = handlers[0] ?? assert.fail('nobody came');
  // A protocol is given its channel as the socket.
  const channel = handler.socket as ServerChannel;
  return {
    channel,
    handler,
    open: async (turn, received) => {
      const opened = await open(client, turn, received);
      while (channel.turn !== turn) await new Promise<void>((resolve) => setImmediate(resolve));
      return opened;
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

testCarrier('websocket', (outboundBytes) =>
  begin(outboundBytes, async (client, turn, received) => {
    const socket = await client.webSocket({ turn, received });
    let over = false;
    void socket.ended.then(() => (over = true));
    return {
      frames: socket.frames,
      get over() {
        return over;
      },
      stall: () => socket.socket.pause(),
      read: () => socket.socket.resume(),
      leave: () => socket.socket.terminate(),
    };
  }),
);

testCarrier('sse', (outboundBytes) =>
  begin(outboundBytes, async (client, turn, received) => {
    const stream = await client.stream(turn, received);
    let over = false;
    void stream.ended.then(() => (over = true));
    return {
      frames: stream.frames,
      get over() {
        return over;
      },
      stall: () => void stream.response.pause(),
      read: () => void stream.response.resume(),
      leave: () => void stream.response.destroy(),
    };
  }),
);

testCarrier('poll', (outboundBytes) =>
  begin(outboundBytes, async (client, turn, received) => {
    const polls = new Polls(client, turn, received);
    polls.ask();
    return polls;
  }),
);

/** Polls again and again; counts what came, as a client does, and acknowledges it with the next. */
class Polls implements CarrierClient {
  readonly frames: Frame[] = [];
  over = false;
  readonly #client: TestChannel;
  readonly #turn: number;
  #received: number;
  #request: ReturnType<typeof request> | null = null;
  #left = false;

  constructor(client: TestChannel, turn: number, received: number) {
    this.#client = client;
    this.#turn = turn;
    this.#received = received;
  }

  ask(): void {
    const { endpoint } = this.#client;
    const url = `${endpoint}/channel/poll?turn=${this.#turn}&received=${this.#received}`;
    this.#request = request(
      url,
      { method: 'POST', headers: this.#client.named(), agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => {});
        response.on('end', () => {
          if (response.statusCode === 200) this.#got(Buffer.concat(chunks));
          else this.over = true;
        });
      },
    );
    this.#request.on('error', () => (this.over = true));
    this.#request.end();
  }

  leave(): void {
    this.#left = true;
    this.#request?.destroy();
  }

  #got(bytes: Buffer): void {
    const frames = [...decodeFrames(bytes)];
    assert.equal(frames.shift()?.type, 'welcome');
    this.frames.push(...frames);
    this.#received += frames.filter(({ type }) => ['message', 'part', 'close'].includes(type)).length;
    if (!this.#left) this.ask();
  }
}
