import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HocuspocusProvider } from '@hocuspocus/provider';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { Access, Grant } from '../access/access.ts';
import { SheafError } from '../error.ts';
import { Type } from './hocuspocus-types.ts';
import { TestServer, until } from './test-server.ts';

/** Tokens are `id:role`, with `:ms` behind them for how long they hold; 'nobody' is nobody's. */
class TokenAccess implements Access {
  authorize({ token }: { token: string }): Promise<Grant> {
    const [id = '', role, ms] = token.split(':');
    if (role !== 'read' && role !== 'write')
      return Promise.reject(new SheafError('unauthorized', 'That is no token.'));
    if (id === 'stranger') return Promise.reject(new SheafError('forbidden', 'Not for you.'));
    const expires = ms === undefined ? Infinity : Date.now() + Number(ms);
    return Promise.resolve({ principal: { id, name: id }, role, expires });
  }
}

const access = new TokenAccess();

/** A message of Hocuspocus's protocol. */
function message(address: string, type: number, ...words: string[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, address);
  encoding.writeVarUint(encoder, type);
  if (type === Type.auth) encoding.writeVarUint(encoder, 0);
  for (const word of words) encoding.writeVarString(encoder, word);
  return encoding.toUint8Array(encoder);
}

/** Presence that announces a client id. */
function claim(address: string, client: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [1, client, 1_000]) encoding.writeVarUint(encoder, number);
  encoding.writeVarString(encoder, '{}');
  const whole = encoding.createEncoder();
  encoding.writeUint8Array(whole, message(address, Type.awareness));
  encoding.writeVarUint8Array(whole, encoding.toUint8Array(encoder));
  return encoding.toUint8Array(whole);
}

test('HP-4: who has no token, or no right, is told so, and gets nothing', async () => {
  await using server = new TestServer({ access });
  const writer = server.hocuspocus('doc', { token: 'w:write' });
  writer.document.getText('text').insert(0, 'secret');
  await until(() => writer.synced, 'synced');
  for (const token of ['nobody', 'stranger:read']) {
    const provider = server.hocuspocus('doc', { token });
    let reason = '';
    provider.on('authenticationFailed', (event: { reason: string }) => (reason = event.reason));
    await until(() => reason !== '', 'refused');
    assert.equal(reason, 'permission-denied');
    assert.equal(provider.document.getText('text').length, 0);
  }
  const closed: number[] = [];
  for (const token of ['nobody', 'stranger:read']) {
    const provider = server.yWebSocket('doc', { token });
    provider.on('connection-close', (event: CloseEvent | null) => closed.push(event?.code ?? 0));
    await until(() => closed.length > 0, 'closed');
    assert.equal(provider.doc.getText('text').length, 0);
    closed.splice(0);
  }
});

test('HP-5: a reader cannot write by any message, and is not told that it has', async () => {
  await using server = new TestServer({ access });
  const writer = server.hocuspocus('doc', { token: 'w:write' });
  writer.document.getText('text').insert(0, 'given');
  await until(() => writer.synced && writer.unsyncedChanges === 0, 'saved');
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'by step 2 ');
  const reader = server.hocuspocus('doc', { token: 'r:read', doc });
  await until(() => reader.synced, 'synced');
  assert.equal(reader.authorizedScope, 'readonly');
  reader.document.getText('text').insert(0, 'by update ');
  const large = 'x'.repeat(100_000);
  reader.document.getText('text').insert(0, large);
  const other = server.yWebSocket('doc', { token: 'r:read' });
  await until(() => other.synced, 'the other reader is synced');
  other.doc.getText('text').insert(0, 'by y-websocket ');
  writer.document.getText('text').insert(0, 'more ');
  await until(() => writer.unsyncedChanges === 0, 'saved');
  await until(() => reader.document.getText('text').toString().includes('more '), 'readers go on reading');
  await server.turns(50);
  assert.ok(reader.unsyncedChanges > 0);
  assert.equal((await server.storedDoc('doc')).getText('text').toString(), 'more given');
  assert.equal(writer.document.getText('text').toString(), 'more given');
});

test('HP-6: a reader that has nothing of its own is synced and owes nothing', async () => {
  await using server = new TestServer({ access });
  const writer = server.hocuspocus('doc', { token: 'w:write' });
  writer.document.getText('text').insert(0, 'given');
  await until(() => writer.synced && writer.unsyncedChanges === 0, 'saved');
  const reader = server.hocuspocus('doc', { token: 'r:read' });
  await until(() => reader.synced && reader.unsyncedChanges === 0, 'synced');
});

test('HP-7: a token is asked for anew before it ends, and the stay goes on, with the new right', async () => {
  await using server = new TestServer({ access });
  const tokens = ['a:write:300', 'a:read'];
  const websocketProvider = server.hocuspocusSocket();
  const provider = new HocuspocusProvider({
    name: 'doc',
    websocketProvider,
    token: () => tokens.shift() ?? 'nobody',
  });
  provider.attach();
  await until(() => provider.synced, 'synced');
  assert.equal(provider.authorizedScope, 'read-write');
  await until(() => provider.authorizedScope === 'readonly', 'renewed');
  assert.equal(server.sockets.length, 1);
  provider.document.getText('text').insert(0, 'too late');
  await server.turns(20);
  assert.equal((await server.storedDoc('doc')).getText('text').length, 0);
  provider.destroy();
});

test('HP-8: a stay ends with its token when no newer one comes', async () => {
  await using server = new TestServer({ access });
  const provider = server.hocuspocus('doc', { token: 'a:write:200' });
  let denied = false;
  await until(() => provider.synced, 'synced');
  provider.configuration.token = () => new Promise<string>(() => {});
  provider.on('authenticationFailed', () => (denied = true));
  await until(() => denied, 'ended');
});

test('HP-7: a token that is looked up while its session ends, and begins anew, is not taken for the new one', async () => {
  const waiting: (() => void)[] = [];
  let slow = false;
  await using server = new TestServer({
    access: {
      authorize: async (request) => {
        if (slow && request.token === 'a:write:30') await new Promise<void>((go) => waiting.push(go));
        return access.authorize(request);
      },
    },
  });
  const provider = server.hocuspocus('doc', { token: 'a:write' });
  await until(() => provider.synced, 'synced');
  slow = true;
  const say = (type: number, ...words: string[]): void =>
    provider.configuration.websocketProvider.send(message('doc', type, ...words));
  say(Type.auth, 'a:write:30');
  await until(() => waiting.length === 1, 'the newer token is looked up');
  say(Type.close, 'for a moment');
  say(Type.auth, 'a:write');
  await server.turns(20);
  for (const go of waiting) go();
  let denied = false;
  provider.on('authenticationFailed', () => (denied = true));
  provider.forceSync();
  const before = performance.now();
  await until(() => performance.now() > before + 60, 'the other token has ended');
  assert.equal(denied, false);
  provider.document.getText('text').insert(0, 'still here');
  await until(() => provider.unsyncedChanges === 0, 'saved');
});

test('JUDGE-5: a reader who takes the id of a writer in presence does not hold up what that one writes', async () => {
  await using server = new TestServer({ access });
  const writer = server.hocuspocus('doc', { token: 'w:write' });
  const reader = server.hocuspocus('doc', { token: 'r:read' });
  await until(() => writer.synced && reader.synced, 'synced');
  writer.awareness?.setLocalState(null);
  reader.awareness?.setLocalState(null);
  reader.configuration.websocketProvider.send(claim('doc', writer.document.clientID));
  await server.turns(20);
  writer.document.getText('text').insert(0, 'mine');
  await until(() => writer.unsyncedChanges === 0, 'saved');
});

test('HP-9: many documents and sessions share one socket; leaving one leaves the others', async () => {
  await using server = new TestServer();
  const socket = server.hocuspocusSocket();
  const names = Array.from({ length: 20 }, (_, i) => `doc ${i} ünïcode/with/slashes`);
  const providers = names.map((name) => server.hocuspocus(name, { socket }));
  await until(() => providers.every((provider) => provider.synced), 'all are synced');
  assert.equal(server.sockets.length, 1);
  providers.forEach((provider, i) => provider.document.getText('text').insert(0, `${i}`));
  await until(() => providers.every((provider) => provider.unsyncedChanges === 0), 'all is saved');
  for (const [i, name] of names.entries())
    assert.equal((await server.storedDoc(name)).getText('text').toString(), `${i}`);
  providers[0]?.destroy();
  providers[1]?.document.getText('text').insert(0, 'more');
  await until(() => providers[1]?.unsyncedChanges === 0, 'the others go on');
});

test('HP-10: two sessions of one document on one socket are told apart', async () => {
  await using server = new TestServer();
  const websocketProvider = server.hocuspocusSocket();
  const make = (): HocuspocusProvider => {
    const provider = new HocuspocusProvider({
      name: 'doc',
      websocketProvider,
      sessionAwareness: true,
      token: 't',
    });
    provider.attach();
    return provider;
  };
  const [a, b] = [make(), make()];
  await until(() => a.synced && b.synced, 'both are synced');
  a.setAwarenessField('name', 'a');
  a.document.getText('text').insert(0, 'from a');
  await until(() => b.document.getText('text').toString() === 'from a', 'b sees it');
  await until(() => b.awareness?.getStates().has(a.document.clientID) === true, 'and sees a');
  await until(() => a.unsyncedChanges === 0, 'saved');
  a.destroy();
  await until(() => b.awareness?.getStates().has(a.document.clientID) === false, 'a has left');
  b.destroy();
});

test('HP-11: stateless messages reach the server that wants them, and can be answered', async () => {
  const heard: string[] = [];
  await using server = new TestServer({
    stateless: ({ document, payload, reply }) => {
      heard.push(`${document}: ${payload}`);
      reply('heard');
    },
  });
  const provider = server.hocuspocus('doc');
  let answer = '';
  provider.on('stateless', ({ payload }: { payload: string }) => (answer = payload));
  await until(() => provider.synced, 'synced');
  provider.sendStateless('hello');
  await until(() => answer === 'heard', 'answered');
  assert.deepEqual(heard, ['doc: hello']);
});

test('HP-12: a socket that never authenticates is ended', async () => {
  await using server = new TestServer({ limits: { authenticateMs: 20 } });
  const socket = new server.WebSocket('ws://sheaf/hocuspocus');
  await until(() => socket.readyState === 3, 'ended');
  assert.equal(socket.closeCode, 4408);
});

test('a deleted document ends its stays, and can neither be opened nor written again', async () => {
  await using server = new TestServer();
  const provider = server.hocuspocus('doc');
  provider.document.getText('text').insert(0, 'words');
  await until(() => provider.synced && provider.unsyncedChanges === 0, 'saved');
  let closed = false;
  provider.on('close', () => (closed = true));
  await server.documents.delete(server.name('doc'));
  await until(() => closed, 'told');
  const again = server.hocuspocus('doc');
  let reason = '';
  again.on('authenticationFailed', (event: { reason: string }) => (reason = event.reason));
  await until(() => reason === 'deleted', 'refused');
});
