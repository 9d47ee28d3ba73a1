import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Limits } from '../limits.ts';
import type { MessageSocket } from '../protocol/socket.ts';
import { startListener, type TestListener } from './listener-for-tests.ts';

/** The server's end of one connection, recording what happens to it. */
class Server {
  socket: MessageSocket | null = null;
  readonly messages: Buffer[] = [];
  closings = 0;
  drains = 0;
  /** What to do with a message, after it is recorded. */
  onMessage: (socket: MessageSocket, data: Uint8Array) => void = () => {};
  onOpen: (socket: MessageSocket) => void = () => {};

  async listen(limits: Partial<Limits> = {}): Promise<TestListener> {
    return startListener({
      limits,
      accept: {
        yjs: () => assert.fail(),
        hocuspocus: (socket) => {
          this.socket = socket;
          this.onOpen(socket);
          socket.onDrain(() => (this.drains += 1));
          return {
            message: (data) => {
              this.messages.push(Buffer.from(data));
              this.onMessage(socket, data);
            },
            closed: () => (this.closings += 1),
          };
        },
      },
    });
  }

  /** Waits, turn by turn, for what must come. */
  async until(condition: () => boolean): Promise<void> {
    const late = Date.now() + 5_000;
    while (!condition()) {
      assert.ok(Date.now() < late, 'it did not come');
      await turn();
    }
  }

  get open(): MessageSocket {
    assert.ok(this.socket);
    return this.socket;
  }
}

async function join(listener: TestListener): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${listener.port}/hocuspocus`);
  await once(socket, 'open');
  return socket;
}

/** The next `count` messages. */
async function receive(socket: WebSocket, count: number): Promise<Buffer[]> {
  const messages: Buffer[] = [];
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer, isBinary) => {
      assert.ok(isBinary);
      messages.push(data);
      if (messages.length === count) resolve();
    });
  });
  return messages;
}

/** A client that speaks raw frames, after the handshake; `bytes` holds what came since. */
async function rawClient(listener: TestListener): Promise<{ socket: Socket; bytes: () => Buffer }> {
  const socket = connect(listener.port, '127.0.0.1');
  socket.write(
    'GET /hocuspocus HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1.1 101 /);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => socket.destroy()); // the server may cut it: what is tested here
  return { socket, bytes: () => Buffer.concat(chunks) };
}

/** A masked frame (with a mask of zeros) of up to 125 bytes. */
function masked(first: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(first, 0x80 | payload.length, 0, 0, 0, 0), payload]);
}

test('messages of every size arrive whole and in order, sent plain or in parts', async () => {
  const server = new Server();
  await using listener = await server.listen();
  const client = await join(listener);
  const sizes = [0, 1, 125, 126, 127, 16_383, 16_384, 16_385, 65_535, 65_536, 1_000_000];
  const arrived = receive(client, sizes.length * 2);
  sizes.forEach((size, index) => {
    server.open.send(new Uint8Array(size).fill(index));
    server.open.sendParts(Uint8Array.of(index, index), new Uint8Array(size).fill(100 + index));
  });
  const messages = await arrived;
  sizes.forEach((size, index) => {
    assert.ok(messages[index * 2]?.equals(Buffer.alloc(size, index)), `plain, ${size} bytes`);
    const parts = Buffer.concat([Buffer.of(index, index), Buffer.alloc(size, 100 + index)]);
    assert.ok(messages[index * 2 + 1]?.equals(parts), `in parts, ${size} bytes`);
  });
});

test('one message goes to many connections, and two of a turn do not mix', async () => {
  const sockets: MessageSocket[] = [];
  await using listener = await startListener({
    accept: {
      yjs: () => assert.fail(),
      hocuspocus: (socket) => {
        sockets.push(socket);
        return { message: () => {}, closed: () => {} };
      },
    },
  });
  const clients = [await join(listener), await join(listener), await join(listener)];
  const arrived = clients.map((client) => receive(client, 3));
  const [a, b] = [Buffer.from('a'), Buffer.from('bb')];
  for (const message of [a, b, a]) for (const socket of sockets) socket.send(message);
  for (const messages of await Promise.all(arrived)) assert.deepEqual(messages, [a, b, a]);
});

test('what the client sends comes as binary messages, also in fragments and many in a chunk', async () => {
  const server = new Server();
  await using listener = await server.listen();
  const { socket } = await rawClient(listener);
  socket.write(
    Buffer.concat([
      masked(0x82, Buffer.from('one')),
      masked(0x02, Buffer.from('tw')),
      masked(0x89, Buffer.from('ping in between')),
      masked(0x80, Buffer.from('o')),
      masked(0x82, Buffer.from('')),
    ]),
  );
  await server.until(() => server.messages.length === 3);
  assert.deepEqual(server.messages.map(String), ['one', 'two', '']);
  socket.destroy();
  await server.until(() => server.closings === 1);
});

test('a text message ends the connection with 1003', async () => {
  const server = new Server();
  await using listener = await server.listen();
  const client = await join(listener);
  client.send('words');
  client.send(Buffer.from('bytes'));
  const [code] = await once(client, 'close');
  assert.equal(code, 1003);
  await server.until(() => server.closings === 1);
  assert.equal(server.messages.length, 0);
});

test('bad frames end the connection with the code of RFC 6455, and nothing else', async () => {
  const cases: [string, Buffer, number][] = [
    ['unmasked', Buffer.of(0x82, 1, 65), 1002],
    ['reserved bits', Buffer.of(0xf2, 0x81, 0, 0, 0, 0, 65), 1002],
    ['an unknown opcode', masked(0x83, Buffer.of(1)), 1002],
    ['a continuation of nothing', masked(0x80, Buffer.of(1)), 1002],
    ['too large', Buffer.concat([Buffer.of(0x82, 0xff), Buffer.alloc(8, 1), Buffer.alloc(4)]), 1009],
    ['text that is no UTF-8', masked(0x81, Buffer.of(0xff)), 1007],
    ['a bad close code', masked(0x88, Buffer.of(0, 1)), 1002],
  ];
  const server = new Server();
  await using listener = await server.listen();
  for (const [what, frame, code] of cases) {
    const before = server.closings;
    const { socket, bytes } = await rawClient(listener);
    socket.write(frame);
    await once(socket, 'close');
    assert.equal(bytes()[0], 0x88, what);
    assert.equal(bytes().readUInt16BE(2), code, what);
    await server.until(() => server.closings === before + 1);
  }
  const client = await join(listener);
  client.send(Buffer.from('still there'));
  await server.until(() => server.messages.length === 1);
});

test('a message above the limit ends the connection with 1009', async () => {
  const server = new Server();
  await using listener = await server.listen({ messageBytes: 1_000 });
  const client = await join(listener);
  client.send(Buffer.alloc(1_000));
  client.send(Buffer.alloc(1_001));
  const [code] = await once(client, 'close');
  assert.equal(code, 1009);
  assert.equal(server.messages.length, 1);
});

test('a first message above 16 KiB is cut off before it is held, a later one is not', async () => {
  const server = new Server();
  await using listener = await server.listen({ closeMs: 100 });
  const rude = await join(listener);
  const closed = once(rude, 'close');
  rude.send(Buffer.alloc(10_000_000));
  assert.equal((await closed)[0], 1009);
  assert.equal(server.messages.length, 0);
  const polite = await join(listener);
  polite.send(Buffer.from('token'));
  polite.send(Buffer.alloc(1_000_000));
  await server.until(() => server.messages.length === 2);
});

test('the bound of the first message is lifted for a handler that pauses at once', async () => {
  const server = new Server();
  server.onOpen = (socket) => socket.pause();
  await using listener = await server.listen();
  const client = await join(listener);
  client.send(Buffer.alloc(1_000_000));
  await turn();
  server.open.resume();
  await server.until(() => server.messages.length === 1);
});

test('a pause holds also what had arrived already, and resume goes on in order', async () => {
  const server = new Server();
  server.onMessage = (socket, data) => {
    if (data[0] === 0x70) socket.pause(); // "p"
  };
  await using listener = await server.listen();
  const { socket } = await rawClient(listener);
  const frames = ['p1', '2', '3', 'p4', '5'].map((words) => masked(0x82, Buffer.from(words)));
  socket.write(Buffer.concat(frames));
  await server.until(() => server.messages.length === 1);
  await turn();
  assert.deepEqual(server.messages.map(String), ['p1']);
  socket.write(masked(0x82, Buffer.from('6')));
  server.open.resume();
  assert.deepEqual(server.messages.map(String), ['p1', '2', '3', 'p4']);
  server.open.resume();
  await server.until(() => server.messages.length === 6);
  assert.deepEqual(server.messages.map(String), ['p1', '2', '3', 'p4', '5', '6']);
});

test('close sends what was sent before, then code and reason, cut to 123 bytes', async () => {
  const server = new Server();
  await using listener = await server.listen();
  const client = await join(listener);
  const arrived = receive(client, 1);
  server.open.send(Buffer.from('last words'));
  server.open.close(4205, 'ü'.repeat(100));
  server.open.send(Buffer.from('too late'));
  server.open.close(4000, 'twice');
  assert.deepEqual((await arrived).map(String), ['last words']);
  const [code, reason] = await once(client, 'close');
  assert.equal(code, 4205);
  assert.equal(String(reason), 'ü'.repeat(61));
  await server.until(() => server.closings === 1);
});

test('sending after the peer has gone does nothing', async () => {
  const server = new Server();
  await using listener = await server.listen();
  const { socket } = await rawClient(listener);
  socket.resetAndDestroy();
  await server.until(() => server.closings === 1);
  server.open.send(Buffer.from('x'));
  server.open.sendParts(Buffer.from('x'), Buffer.alloc(100_000));
  server.open.pause();
  server.open.resume();
  server.open.close(1000, '');
  assert.equal(server.closings, 1);
  assert.equal(listener.upgrades.connections.size, 0);
});

test('a reader that does not read leaves bytes waiting, and a drain follows when it does', async () => {
  const server = new Server();
  await using listener = await server.listen();
  const { socket } = await rawClient(listener);
  socket.pause();
  const body = new Uint8Array(1_000_000);
  for (let times = 0; times < 20; times++) server.open.sendParts(Uint8Array.of(1), body);
  assert.ok(server.open.bufferedBytes > 1_000_000, String(server.open.bufferedBytes));
  await turn();
  assert.ok(server.open.bufferedBytes > 1_000_000, String(server.open.bufferedBytes));
  assert.equal(server.drains, 0);
  socket.resume();
  await server.until(() => server.drains === 1);
  assert.equal(server.open.bufferedBytes, 0);
});

test('FAN-5: who floods us with messages to answer, and reads nothing, is cut', async () => {
  const server = new Server();
  await using listener = await server.listen({ unreadBytes: 1024 * 1024 });
  server.onMessage = (socket) => socket.send(new Uint8Array(3));
  const { socket } = await rawClient(listener);
  socket.pause();
  const one = masked(0x82, Buffer.of(7));
  const flood = Buffer.concat(Array.from({ length: 10_000 }, () => one));
  while (server.closings === 0) {
    if (!socket.destroyed) socket.write(flood);
    await turn();
  }
  assert.match(listener.logged(), /reads nothing/);
  socket.destroy();
});

test('FAN-5: who reads is never cut, however much it asks', async () => {
  const server = new Server();
  await using listener = await server.listen({ unreadBytes: 64 * 1024 });
  server.onMessage = (socket) => socket.send(new Uint8Array(3));
  const client = await join(listener);
  for (let round = 0; round < 50; round++) {
    const answers = receive(client, 100);
    for (let i = 0; i < 100; i++) client.send(new Uint8Array([1]));
    await answers;
    client.removeAllListeners('message');
  }
  assert.equal(server.closings, 0);
  client.terminate();
});

test('a small bound has its drain too', async () => {
  const server = new Server();
  await using listener = await server.listen({ outboundBytes: 100 });
  await join(listener);
  server.open.send(new Uint8Array(200));
  await server.until(() => server.drains === 1);
});

test('a handler that throws costs its own connection alone: 1011, and a line in the log', async () => {
  const server = new Server();
  server.onMessage = () => {
    throw new Error('a bug');
  };
  await using listener = await server.listen();
  const client = await join(listener);
  client.send(Buffer.from('x'));
  assert.equal((await once(client, 'close'))[0], 1011);
  assert.match(listener.logged(), /a bug/);
  server.onMessage = () => {};
  server.onOpen = () => {
    throw new Error('another bug');
  };
  const next = await join(listener);
  assert.equal((await once(next, 'close'))[0], 1011);
  assert.match(listener.logged(), /another bug/);
});

test('every connection is pinged, and one that stays silent is ended', async () => {
  const server = new Server();
  await using listener = await server.listen({ deadMs: 45_000 });
  const { connections } = listener.upgrades;
  const { socket, bytes } = await rawClient(listener);
  await server.until(() => connections.size === 1);
  connections.beat(1_000);
  await server.until(() => bytes().length === 2);
  assert.deepEqual([...bytes()], [0x89, 0]);
  connections.beat(45_999);
  socket.write(masked(0x8a, Buffer.alloc(0)));
  socket.write(masked(0x82, Buffer.alloc(0)));
  await server.until(() => server.messages.length === 1);
  connections.beat(46_001);
  connections.beat(91_000);
  assert.equal(server.closings, 0);
  server.open.pause();
  connections.beat(200_000);
  server.open.resume();
  connections.beat(244_999);
  await turn();
  assert.equal(server.closings, 0);
  connections.beat(245_000);
  await server.until(() => server.closings === 1);
});
