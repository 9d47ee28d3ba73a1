import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { WebSocket, type ClientOptions } from 'ws';
import type { Accept, PeerRequest } from '../protocol/accept.ts';
import type { MessageSocket } from '../protocol/socket.ts';
import { startListener, type TestListener } from './listener-for-tests.ts';

/** Keeps whom it was given, and answers nothing. */
class Knocks {
  readonly list: { endpoint: string; peer: PeerRequest; document: string | null; socket: MessageSocket }[] =
    [];
  readonly accept: Accept = {
    hocuspocus: (socket, peer) => this.#keep('hocuspocus', socket, peer, null),
    yjs: (socket, peer, document) => this.#keep('yjs', socket, peer, document),
  };

  #keep(endpoint: string, socket: MessageSocket, peer: PeerRequest, document: string | null) {
    this.list.push({ endpoint, peer, document, socket });
    return { message: () => {}, closed: () => {} };
  }
}

/** Connects; resolves with the open socket, or with the status of the refusal. */
async function knock(
  listener: TestListener,
  path: string,
  options: ClientOptions = {},
  protocols: string[] = [],
): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${listener.port}${path}`, protocols, options);
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

async function open(...wanted: Parameters<typeof knock>): Promise<WebSocket> {
  const socket = await knock(...wanted);
  assert.ok(typeof socket === 'object', `refused with ${String(socket)}`);
  return socket;
}

test('both endpoints open, with the name of the document percent-decoded', async () => {
  const knocks = new Knocks();
  await using listener = await startListener({ accept: knocks.accept });
  await open(listener, '/hocuspocus');
  await open(listener, '/hocuspocus?x=1');
  await open(listener, '/yjs/notes');
  await open(listener, '/yjs/team/plan%202026%2F%C3%BC');
  await open(listener, `/yjs/${encodeURIComponent('ü'.repeat(256))}?token=`);
  assert.deepEqual(
    knocks.list.map(({ endpoint, document }) => [endpoint, document]),
    [
      ['hocuspocus', null],
      ['hocuspocus', null],
      ['yjs', 'notes'],
      ['yjs', 'team/plan 2026/ü'],
      ['yjs', 'ü'.repeat(256)],
    ],
  );
});

test('an unknown path is 404, a bad name 400', async () => {
  await using listener = await startListener();
  for (const path of ['/', '/hocuspocus/', '/hocuspocus/x', '/yjs', '/d/notes', '/livez'])
    assert.equal(await knock(listener, path), 404, path);
  for (const path of ['/yjs/', '/yjs/%', '/yjs/%ff', '/yjs/a%00b', '/yjs/a%0Ab', `/yjs/${'a'.repeat(513)}`])
    assert.equal(await knock(listener, path), 400, path);
});

test('pages of other origins and rebound names are 403', async () => {
  const knocks = new Knocks();
  await using listener = await startListener({
    accept: knocks.accept,
    origins: { publicUrl: null, origins: ['https://wiki.example'], checkHost: true },
  });
  const host = `127.0.0.1:${listener.port}`;
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${listener.port + 1}`])
    assert.equal(await knock(listener, '/hocuspocus', { origin }), 403, origin);
  const rebound = { origin: 'http://evil.example', headers: { host: 'evil.example' } };
  assert.equal(await knock(listener, '/yjs/a', rebound), 403);
  await open(listener, '/hocuspocus', { origin: `http://${host}` });
  await open(listener, '/hocuspocus', { origin: 'https://wiki.example' });
  await open(listener, '/hocuspocus');
  assert.deepEqual(
    knocks.list.map(({ peer }) => peer.origin),
    [`http://${host}`, 'https://wiki.example', null],
  );
});

test('a token comes in a header, in the address, or as a subprotocol, and reaches no log', async () => {
  const knocks = new Knocks();
  await using listener = await startListener({ accept: knocks.accept });
  await open(listener, '/hocuspocus', { headers: { authorization: 'Bearer secret.1' } });
  await open(listener, '/yjs/a?x=1&token=secret.2');
  const socket = await open(listener, '/yjs/a', {}, ['sheaf.token.secret.3']);
  assert.equal(socket.protocol, 'sheaf.token.secret.3');
  await open(listener, '/yjs/a');
  assert.equal(await knock(listener, '/nowhere?token=secret.4'), 404);
  assert.equal(await knock(listener, '/yjs/%00?token=secret.5'), 400);
  assert.deepEqual(
    knocks.list.map(({ peer }) => peer.token),
    ['secret.1', 'secret.2', 'secret.3', ''],
  );
  assert.match(listener.logged(), /A WebSocket was refused/);
  assert.doesNotMatch(listener.logged(), /secret/);
});

test('a subprotocol that the server does not speak is not chosen', async () => {
  const knocks = new Knocks();
  await using listener = await startListener({ accept: knocks.accept });
  await assert.rejects(open(listener, '/yjs/a', {}, ['chat']), /no subprotocol/i);
});

test('behind a trusted proxy the address is the one that it names', async () => {
  const knocks = new Knocks();
  await using listener = await startListener({ accept: knocks.accept });
  await open(listener, '/hocuspocus');
  await open(listener, '/hocuspocus', { headers: { 'x-forwarded-for': '6.6.6.6, 203.0.113.7' } });
  await open(listener, '/hocuspocus', { headers: { 'x-forwarded-for': '203.0.113.7, 127.0.0.2' } });
  assert.deepEqual(
    knocks.list.map(({ peer }) => peer.address),
    ['127.0.0.1', '203.0.113.7', '203.0.113.7'],
  );
});

test('too many connections of one address are 429, until one has ended', async () => {
  const knocks = new Knocks();
  await using listener = await startListener({ accept: knocks.accept, limits: { connectionsPerAddress: 2 } });
  const first = await open(listener, '/hocuspocus');
  await open(listener, '/yjs/a');
  assert.equal(await knock(listener, '/hocuspocus'), 429);
  await open(listener, '/hocuspocus', { headers: { 'x-forwarded-for': '203.0.113.7' } });
  assert.equal(listener.upgrades.connections.size, 3);
  first.close();
  await once(first, 'close');
  await open(listener, '/hocuspocus');
});

test('a server that drains takes nobody new, and closes the others in order', async () => {
  const knocks = new Knocks();
  await using listener = await startListener({ accept: knocks.accept });
  const sockets = [await open(listener, '/hocuspocus'), await open(listener, '/yjs/a')];
  listener.drain();
  assert.equal(await knock(listener, '/hocuspocus'), 503);
  const closed = sockets.map((socket) => once(socket, 'close'));
  const ended = listener.upgrades.connections.ended();
  listener.upgrades.connections.closeAll(1012, 'The server restarts.');
  for (const [code, reason] of await Promise.all(closed)) {
    assert.equal(code, 1012);
    assert.equal(String(reason), 'The server restarts.');
  }
  await ended;
  assert.equal(listener.upgrades.connections.size, 0);
});

test('a handshake that is none is refused, and a peer that vanishes in it disturbs nobody', async () => {
  const knocks = new Knocks();
  await using listener = await startListener({ accept: knocks.accept });
  const ask = (lines: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(listener.port, '127.0.0.1', () => socket.write(`${lines}\r\n\r\n`));
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  const start = 'GET /hocuspocus HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket';
  assert.match(await ask(start), /^HTTP\/1.1 400 /);
  assert.match(
    await ask(`${start}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short`),
    /^HTTP\/1.1 400 /,
  );
  for (let times = 0; times < 10; times++) {
    const socket = connect(listener.port, '127.0.0.1', () => {
      socket.write(
        'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
      socket.resetAndDestroy();
    });
    await once(socket, 'close');
  }
  await open(listener, '/hocuspocus');
  assert.equal(knocks.list.length, 1);
});
