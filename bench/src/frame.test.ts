import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { Connection } from './connection.ts';
import { FrameReader } from './frame.ts';
import type { Frame } from './frame.ts';

function message(...bytes: number[]): Frame {
  return { kind: 'message', data: Buffer.from(bytes) };
}

test('frames are read in whatever pieces they come', () => {
  const stream = Buffer.from([0x82, 2, 7, 8, 0x89, 1, 9, 0x82, 126, 0, 3, 1, 2, 3]);
  const expected: Frame[] = [message(7, 8), { kind: 'ping', data: Buffer.from([9]) }, message(1, 2, 3)];
  for (let size = 1; size <= stream.length; size += 1) {
    const reader = new FrameReader();
    const frames: Frame[] = [];
    for (let at = 0; at < stream.length; at += size)
      frames.push(...reader.push(stream.subarray(at, at + size)));
    assert.deepEqual(frames, expected, `pieces of ${size}`);
  }
});

test('fragments become one message, with a ping between them', () => {
  const reader = new FrameReader();
  const frames = reader.push(Buffer.from([0x02, 1, 1, 0x89, 0, 0x00, 1, 2, 0x80, 1, 3]));
  assert.deepEqual(frames, [{ kind: 'ping', data: Buffer.alloc(0) }, message(1, 2, 3)]);
});

test('a close frame says why', () => {
  const reader = new FrameReader();
  const frames = reader.push(Buffer.from([0x88, 4, 0x10, 0x69, 0x6e, 0x6f]));
  assert.deepEqual(frames, [{ kind: 'close', code: 4201, reason: 'no' }]);
});

test('ws echoes messages of every length of head, and what only counts counts every byte', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data, { binary: true })));
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const connection = await Connection.open({ port: address.port, path: '/' });
  try {
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
      const sent = Buffer.alloc(size, size % 251);
      const received = new Promise<Uint8Array>((resolve) => {
        connection.onMessage = resolve;
      });
      connection.send(sent);
      assert.deepEqual(Buffer.from(await received), sent);
    }
    connection.count();
    const before = connection.bytes;
    connection.send(Buffer.alloc(1_000));
    connection.send(Buffer.alloc(10));
    while (connection.bytes - before < 4 + 1_000 + 2 + 10) {
      connection.resume();
      await new Promise(setImmediate);
    }
    assert.equal(connection.bytes - before, 4 + 1_000 + 2 + 10);
  } finally {
    connection.destroy();
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});
