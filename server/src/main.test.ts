import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { SignJWT } from 'jose';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { JwtAccess } from './access/jwt.ts';
import { startServer, type Server } from './main.ts';

/** Resolves with the close code of the next connection that a y-websocket provider loses. */
function closeCodeOf(provider: WebsocketProvider): Promise<number> {
  return new Promise((resolve) => {
    provider.on('connection-close', (event) => {
      if (event) resolve(event.code);
    });
  });
}

/** Resolves when `holds` does; looked at each turn. */
async function until(holds: () => boolean, words: string): Promise<void> {
  const late = performance.now() + 10_000;
  while (!holds()) {
    assert.ok(performance.now() < late, `waited in vain: ${words}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

interface Client extends Disposable {
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  readonly provider: HocuspocusProvider;
}

/** A stock Hocuspocus provider. */
function hocuspocus(server: Server, name: string, token = 'none'): Client {
  const doc = new Y.Doc();
  const socket = new HocuspocusProviderWebsocket({
    url: `${server.url.replace('http', 'ws')}/hocuspocus`,
    delay: 10,
    minDelay: 10,
    maxDelay: 100,
  });
  const provider = new HocuspocusProvider({ name, document: doc, token, websocketProvider: socket });
  provider.attach();
  return {
    doc,
    text: doc.getText('text'),
    provider,
    [Symbol.dispose]() {
      provider.destroy();
      socket.destroy();
    },
  };
}

/** A stock y-websocket provider. */
function yWebSocket(
  server: Server,
  name: string,
  params: Record<string, string> = {},
): { text: Y.Text; provider: WebsocketProvider } & Disposable {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(`${server.url.replace('http', 'ws')}/yjs`, name, doc, {
    disableBc: true,
    params,
  });
  return {
    text: doc.getText('text'),
    provider,
    [Symbol.dispose]() {
      provider.destroy();
      // Its awareness has a timer that ends with the document alone.
      doc.destroy();
    },
  };
}

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'sheaf-main-'));
  t.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

test('stock clients of both protocols write into one document', async () => {
  await using server = await startServer();
  using ada = hocuspocus(server, 'team/plan');
  using ben = yWebSocket(server, encodeURIComponent('team/plan'));
  ada.text.insert(0, 'Hello');
  await until(() => ben.text.toString() === 'Hello', 'y-websocket reads');
  ben.text.insert(5, ' world');
  await until(() => ada.text.toString() === 'Hello world', 'Hocuspocus reads');
  await until(() => !ada.provider.hasUnsyncedChanges, 'saved');
});

test('what was acknowledged is there after a restart, and the document stands in the list', async (t) => {
  const data = await folder(t);
  {
    await using server = await startServer({ data });
    using ada = hocuspocus(server, 'notes');
    ada.text.insert(0, 'kept');
    await until(() => ada.provider.isSynced && !ada.provider.hasUnsyncedChanges, 'saved');
  }
  await using server = await startServer({ data });
  using ben = hocuspocus(server, 'notes');
  await until(() => ben.text.toString() === 'kept', 'read again');
  const response = await fetch(`${server.url}/sheaf.documents.v1.DocumentService/ListDocuments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  assert.match(await response.text(), /"name":"notes"/);
});

test('stop closes everybody with 1012, writes what was received, and leaves nothing behind', async (t) => {
  const data = await folder(t);
  const server = await startServer({ data });
  using ada = hocuspocus(server, 'notes');
  using ben = yWebSocket(server, 'notes');
  const codes: number[] = [];
  ada.provider.on('close', ({ event }: { event: { code: number } }) => codes.push(event.code));
  const told = closeCodeOf(ben.provider);
  await until(() => ada.provider.isSynced && ben.provider.synced, 'synced');
  ada.text.insert(0, 'last words');
  await until(() => ben.text.toString() === 'last words', 'received');
  const started = performance.now();
  await Promise.all([server.stop(), server.stop()]);
  assert.ok(performance.now() - started < 3_000, 'it took too long');
  assert.equal(await told, 1012);
  await until(() => codes.length > 0, 'closed');
  assert.equal(codes[0], 1012);
  await assert.rejects(fetch(`${server.url}/livez`));
  await using again = await startServer({ data });
  using cleo = hocuspocus(again, 'notes');
  await until(() => cleo.text.toString() === 'last words', 'read again');
});

test('a client comes back by itself when the server does', async (t) => {
  const data = await folder(t);
  const first = await startServer({ data });
  using ada = hocuspocus(first, 'notes');
  await until(() => ada.provider.isSynced, 'synced');
  await first.stop();
  ada.text.insert(0, 'offline');
  await using second = await startServer({ data, port: first.port });
  using ben = hocuspocus(second, 'notes');
  await until(() => ben.text.toString() === 'offline', 'sent again');
  await until(() => !ada.provider.hasUnsyncedChanges, 'saved');
});

test('a token decides who reads and who writes, over both protocols', async () => {
  const secret = new TextEncoder().encode('a secret of at least thirty-two bytes');
  const sign = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT({ sub: 'ada', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(secret);
  await using server = await startServer({ access: new JwtAccess({ secret, keys: null }) });
  using writer = hocuspocus(server, 'a', await sign({ doc: 'a', role: 'write' }));
  using reader = yWebSocket(server, 'a', { token: await sign({ sub: 'ben', doc: 'a' }) });
  writer.text.insert(0, 'mine');
  await until(() => reader.text.toString() === 'mine', 'the reader reads');
  reader.text.insert(0, 'not ');
  using other = hocuspocus(server, 'a', await sign({ sub: 'cleo', doc: 'b*', role: 'write' }));
  await new Promise<void>((resolve) => other.provider.on('authenticationFailed', resolve));
  using nobody = yWebSocket(server, 'a');
  assert.equal(await closeCodeOf(nobody.provider), 4401);
  assert.equal(writer.text.toString(), 'mine');
});

test('deleting a document by the API ends everybody’s stay in it', async () => {
  await using server = await startServer();
  using ben = yWebSocket(server, 'notes');
  await until(() => ben.provider.synced, 'synced');
  ben.text.insert(0, 'x');
  using ada = hocuspocus(server, 'notes');
  await until(() => ada.text.toString() === 'x', 'read');
  const closed = closeCodeOf(ben.provider);
  const response = await fetch(`${server.url}/sheaf.documents.v1.DocumentService/DeleteDocument`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'notes' }),
  });
  assert.equal(response.status, 200);
  assert.equal(await closed, 4410);
});

test('a taken port and a host beyond loopback are bad settings, and leave nothing open', async (t) => {
  const data = await folder(t);
  await using server = await startServer();
  await assert.rejects(startServer({ port: server.port, data }), {
    code: 'bad-setting',
    message: /is taken/,
  });
  await assert.rejects(startServer({ host: '0.0.0.0' }), { code: 'bad-setting' });
  await using next = await startServer({ data });
  assert.match(next.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.notEqual(next.port, server.port);
});

test('metrics tell of the engine', async () => {
  await using server = await startServer();
  using ada = hocuspocus(server, 'a');
  ada.text.insert(0, 'x');
  await until(() => ada.provider.isSynced && !ada.provider.hasUnsyncedChanges, 'saved');
  const text = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(text, /^sheaf_connections 1$/m);
  assert.match(text, /^sheaf_documents_hot 1$/m);
  assert.match(text, /^sheaf_store_healthy 1$/m);
});

test('every address of a host serves WebSockets', async () => {
  await using server = await startServer({ host: 'localhost' });
  for (const { address, family } of await lookup('localhost', { all: true })) {
    const url = `http://${family === 6 ? `[${address}]` : address}:${server.port}`;
    using ada = hocuspocus({ ...server, url }, 'a');
    await until(() => ada.provider.isSynced, `${address} is synced`);
  }
});
