import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Awareness } from 'y-protocols/awareness';
import { TestServer, until } from './test-server.ts';

function names(awareness: Awareness | null): unknown[] {
  return [...(awareness?.getStates().values() ?? [])].map((state) => state['name']).sort();
}

test('PRES-1: everybody sees everybody, by either protocol, and who leaves goes', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  const c = server.yWebSocket('doc');
  a.setAwarenessField('name', 'a');
  b.setAwarenessField('name', 'b');
  c.awareness.setLocalStateField('name', 'c');
  const all = ['a', 'b', 'c'];
  await until(
    () => [a.awareness, b.awareness, c.awareness].every((seen) => `${names(seen)}` === `${all}`),
    'everybody is seen',
  );
  c.destroy();
  await until(() => `${names(a.awareness)}` === 'a,b', 'c has left');
  // A lost connection says nothing: the server does.
  b.configuration.websocketProvider.shouldConnect = false;
  server.sockets[1]?.ended(1006, '');
  await until(() => `${names(a.awareness)}` === 'a', 'b is gone');
});

test('PRES-2: a state that its owner removes goes at once', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  a.setAwarenessField('name', 'a');
  b.setAwarenessField('name', 'b');
  await until(() => `${names(b.awareness)}` === 'a,b', 'seen');
  a.awareness?.setLocalState(null);
  await until(() => `${names(b.awareness)}` === 'b', 'gone');
});

test('PRES-3: who comes back under the same id is seen again at once', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  a.setAwarenessField('name', 'a');
  b.setAwarenessField('name', 'b');
  await until(() => `${names(b.awareness)}` === 'a,b', 'seen');
  a.configuration.websocketProvider.disconnect();
  await until(() => `${names(b.awareness)}` === 'b', 'gone');
  void a.configuration.websocketProvider.connect();
  await until(() => `${names(b.awareness)}` === 'a,b', 'back, though its own clock has not moved');
});

test('PRES-3: who comes back is seen at once also when the server has forgotten that they left', async () => {
  await using server = new TestServer({ limits: { presenceTombstoneMs: 0 } });
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  a.setAwarenessField('name', 'a');
  b.setAwarenessField('name', 'b');
  await until(() => `${names(b.awareness)}` === 'a,b', 'seen');
  a.configuration.websocketProvider.disconnect();
  await until(() => `${names(b.awareness)}` === 'b', 'gone');
  // Somebody else's presence is what makes the server look for what it may forget.
  const c = server.hocuspocus('doc');
  c.setAwarenessField('name', 'c');
  await until(() => `${names(b.awareness)}` === 'b,c', 'another one');
  void a.configuration.websocketProvider.connect();
  await until(() => `${names(b.awareness)}` === 'a,b,c', 'back, though its own clock has not moved');
});

test('PRES-4: what somebody says about somebody else is ignored', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  a.setAwarenessField('name', 'a');
  b.setAwarenessField('name', 'b');
  await until(() => `${names(b.awareness)}` === 'a,b' && `${names(a.awareness)}` === 'a,b', 'seen');
  const meta = b.awareness?.meta.get(a.document.clientID);
  assert.ok(meta);
  b.awareness?.states.delete(a.document.clientID);
  b.awareness?.meta.set(a.document.clientID, { ...meta, clock: meta.clock + 100 });
  b.awareness?.emit('update', [{ added: [], updated: [], removed: [a.document.clientID] }, 'local']);
  const c = server.hocuspocus('doc');
  c.setAwarenessField('name', 'c');
  await until(() => `${names(c.awareness)}` === 'a,b,c', 'a is still there');
});

test('PRES-5: hundreds of moves are sent as few messages, and the last one arrives', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  await until(() => a.synced && b.synced, 'synced');
  let messages = 0;
  b.on('awarenessUpdate', () => (messages += 1));
  for (let i = 0; i < 300; i++) {
    a.setAwarenessField('cursor', i);
    await server.turns(1);
  }
  await until(
    () => b.awareness?.getStates().get(a.document.clientID)?.['cursor'] === 299,
    'the last one has arrived',
  );
  assert.ok(messages < 150, `${messages} messages for 300 moves`);
});
