import { once } from 'node:events';
import { createServer as createHttpServer, get } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { TcpProxy } from './tcp-proxy.ts';
import type { Treatment } from './tcp-proxy.ts';

/** What a socket has received, and how it ended. */
class Reader {
  readonly #socket: Socket;
  text = '';
  ending: 'open' | 'ended' | 'reset' = 'open';

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    socket.on('end', () => (this.ending = 'ended'));
    socket.on('error', () => (this.ending = 'reset'));
  }

  async until(fits: () => boolean): Promise<void> {
    while (!fits())
      await new Promise<void>((resolve) => {
        for (const event of ['data', 'end', 'close']) this.#socket.once(event, () => resolve());
      });
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on TCP.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy before a server that tells of its connections, and a client that has connected. */
async function lay(treatment: Treatment = {}) {
  const cleanUp = new AsyncDisposableStack();
  const connected = Promise.withResolvers<Socket>();
  const server = createServer((socket) => connected.resolve(socket));
  const upstream = await listen(server);
  cleanUp.defer(() => void server.close());
  const proxy = cleanUp.use(await TcpProxy.listen({ upstream, treatment }));
  const client = connect(proxy.port, '127.0.0.1');
  const far = await connected.promise;
  cleanUp.defer(() => {
    client.destroy();
    far.destroy();
  });
  const [near, there] = [new Reader(client), new Reader(far)];
  return { proxy, client, far, near, there, [Symbol.asyncDispose]: () => cleanUp.disposeAsync() };
}

const UPGRADE = 'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n';
const AGREED = 'HTTP/1.1 101 Switching Protocols\r\n\r\n';

test('bytes pass both ways, and so does each end', async () => {
  await using line = await lay();
  line.client.write('up');
  await line.there.until(() => line.there.text === 'up');
  line.far.end('down');
  await line.near.until(() => line.near.ending === 'ended');
  expect(line.near.text).toBe('down');
});

test('each direction has its own delay, and order is kept when it becomes shorter', async () => {
  await using line = await lay({ upMs: 80 });
  const begun = performance.now();
  line.client.write('slow ');
  line.far.write('quick');
  await line.near.until(() => line.near.text === 'quick');
  expect(performance.now() - begun).toBeLessThan(80);
  line.proxy.treat({ upMs: 1 });
  line.client.write('then');
  await line.there.until(() => line.there.text === 'slow then');
  expect(performance.now() - begun).toBeGreaterThanOrEqual(79);
});

test('a direction that is stopped waits, and the other goes on', async () => {
  await using line = await lay({ stopped: 'down' });
  line.far.write('held');
  line.client.write('up');
  await line.there.until(() => line.there.text === 'up');
  expect(line.near.text).toBe('');
  line.proxy.treat({});
  await line.near.until(() => line.near.text === 'held');
});

test('cut ends connections in order, reset does not', async () => {
  await using line = await lay();
  line.proxy.cut();
  await line.near.until(() => line.near.ending !== 'open');
  expect(line.near.ending).toBe('ended');
  await using other = await lay();
  other.proxy.reset();
  await other.near.until(() => other.near.ending !== 'open');
  expect(other.near.ending).toBe('reset');
});

test('what is idle is cut, and what moves is not', async () => {
  await using line = await lay({ idleMs: 120 });
  const begun = performance.now();
  line.client.write('a');
  await line.there.until(() => line.there.text === 'a');
  await line.near.until(() => line.near.ending === 'ended');
  expect(performance.now() - begun).toBeGreaterThanOrEqual(119);
});

test('a WebSocket is refused by a reset; other requests pass', async () => {
  await using line = await lay({ webSockets: 'refuse' });
  line.client.write('GET / HTTP/1.1\r\n\r\n');
  await line.there.until(() => line.there.text.endsWith('\r\n\r\n'));
  line.client.write(UPGRADE);
  await line.near.until(() => line.near.ending === 'reset');
  expect(line.there.text).not.toContain('Upgrade');
});

for (const kind of ['cut', 'reset'] as const) {
  test(`a WebSocket passes its 101 and is then ${kind}`, async () => {
    await using line = await lay({ webSockets: kind, afterMs: 20 });
    line.client.write(UPGRADE);
    await line.there.until(() => line.there.text === UPGRADE);
    line.far.write(AGREED);
    await line.near.until(() => line.near.ending !== 'open');
    if (kind === 'cut') expect(line.near.text).toBe(AGREED);
    expect(line.near.ending).toBe(kind === 'cut' ? 'ended' : 'reset');
  });
}

test('a WebSocket that is swallowed stays open and silent', async () => {
  await using line = await lay({ webSockets: 'swallow' });
  line.client.write(UPGRADE);
  await line.there.until(() => line.there.text === UPGRADE);
  line.far.write(AGREED);
  await line.near.until(() => line.near.text === AGREED);
  line.client.write('lost');
  line.far.write('lost');
  await expect.poll(() => line.proxy.swallowedBytes).toBe(8);
  line.proxy.treat({});
  line.client.write('found');
  await line.there.until(() => line.there.text.endsWith('found'));
  expect(line.there.text).toBe(`${UPGRADE}found`);
  expect(line.near.text).toBe(AGREED);
});

test('events are held to the end of their stream, other answers pass', async () => {
  const server = createHttpServer((request, response) => {
    if (request.url === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: first\n\n');
    response.on('close', () => response.end());
    if (request.url === '/end') response.end();
  });
  const upstream = await listen(server);
  await using proxy = await TcpProxy.listen({ upstream, treatment: { holdEvents: true } });
  const request = get({ host: '127.0.0.1', port: proxy.port, path: '/events' });
  // It ends by force.
  request.on('error', () => undefined);
  const [response] = await once(request, 'response');
  const held: string[] = [];
  response.on('data', (chunk: Buffer) => held.push(chunk.toString()));
  const [plain] = await once(get({ host: '127.0.0.1', port: proxy.port, path: '/end' }), 'response');
  let text = '';
  for await (const chunk of plain) text += String(chunk);
  expect(text).toBe('data: first\n\n');
  expect(held).toEqual([]);
  proxy.treat({});
  await expect.poll(() => held.join('')).toBe('data: first\n\n');
  server.closeAllConnections();
  server.close();
});

test('it counts its connections', async () => {
  await using line = await lay();
  expect(line.proxy.connections).toBe(1);
  line.client.destroy();
  line.far.on('end', () => line.far.end());
  await once(line.far, 'close');
  await expect.poll(() => line.proxy.connections).toBe(0);
});
