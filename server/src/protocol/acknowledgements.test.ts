import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HocuspocusProvider } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { isUpdate, TestServer, until } from './test-server.ts';

/** What a stored document holds, as its text. */
async function storedText(server: TestServer, name: string): Promise<string> {
  const doc = await server.storedDoc(name);
  return doc.getText('text').toString();
}

/** Connected, and everything acknowledged. */
function saved(provider: HocuspocusProvider): boolean {
  return provider.synced && provider.unsyncedChanges === 0;
}

/** One acknowledgement too many would make the next change look saved at once. */
async function expectCountRight(server: TestServer, provider: HocuspocusProvider): Promise<void> {
  server.store.hold();
  provider.document.getText('text').insert(0, '!');
  await server.turns(30);
  assert.equal(provider.unsyncedChanges, 1);
  server.store.release();
  await until(() => saved(provider), 'the last one is acknowledged');
}

/** Fails when a provider says that all is saved while the disk lacks what `text` holds. */
function watchForLies(provider: HocuspocusProvider, isStored: () => boolean): string[] {
  const lies: string[] = [];
  provider.on('unsyncedChanges', ({ number }: { number: number }) => {
    if (number === 0 && !isStored()) lies.push(provider.document.getText('text').toString());
  });
  return lies;
}

test('ACK-1: nothing is acknowledged before the commit that holds it', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  await until(() => saved(a) && b.synced, 'the handshakes are over');
  server.store.hold();
  a.document.getText('text').insert(0, 'x');
  await until(() => b.document.getText('text').length === 1, 'others see it before it is durable');
  assert.equal(a.unsyncedChanges, 1);
  assert.equal(await storedText(server, 'doc'), '');
  server.store.release();
  await until(() => saved(a), 'it is acknowledged');
  assert.equal(await storedText(server, 'doc'), 'x');
});

test('ACK-2: what is known already is acknowledged only when the commit that holds it is durable', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  await until(() => saved(a) && saved(b), 'the handshakes are over');
  server.store.hold();
  a.document.getText('text').insert(0, 'x');
  await until(() => b.document.getText('text').length === 1, 'seen');
  // The same bytes again, by somebody else: known, and not on disk.
  b.configuration.websocketProvider.send(server.updateFrame('doc', Y.encodeStateAsUpdate(b.document)));
  b.incrementUnsyncedChanges();
  await server.turns(20);
  assert.equal(b.unsyncedChanges, 1);
  server.store.release();
  await until(() => saved(a) && saved(b), 'both are acknowledged');
});

test('ACK-3: a failed commit is taken back: connections close, come back, and nothing is lost', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  await until(() => saved(a), 'the handshake is over');
  let stored = '';
  const lies = watchForLies(a, () => stored === a.document.getText('text').toString());
  server.store.stop();
  a.document.getText('text').insert(0, 'kept');
  await until(() => server.sockets[0]?.readyState === 3, 'the connection has ended');
  assert.equal(server.sockets[0]?.closeCode, 1013);
  assert.ok(a.unsyncedChanges > 0);
  const append = server.store.log.append.bind(server.store.log);
  server.store.log.append = async (batches) => {
    await append(batches);
    stored = await storedText(server, 'doc');
  };
  server.store.resume();
  await until(() => saved(a), 'it is saved after all');
  assert.equal(await storedText(server, 'doc'), 'kept');
  assert.deepEqual(lies, []);
});

test('ACK-4: a message lost on the way is never covered by another, and a new handshake mends the count', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  await until(() => saved(a), 'the handshake is over');
  const text = a.document.getText('text');
  const lies: string[] = [];
  a.on('unsyncedChanges', ({ number }: { number: number }) => {
    if (number !== 0) return;
    void storedText(server, 'doc').then((stored) => {
      if (stored !== text.toString()) lies.push(stored);
    });
  });
  let dropped = 0;
  server.passesUp = (message) => {
    const drops = dropped === 0 && isUpdate(message);
    if (drops) dropped += 1;
    return !drops;
  };
  text.insert(0, 'a');
  text.insert(1, 'b');
  text.insert(2, 'c');
  await until(() => saved(a), 'all is saved');
  assert.equal(dropped, 1);
  assert.equal(await storedText(server, 'doc'), 'abc');
  assert.deepEqual(lies, []);
});

test('ACK-5: an update that waits for somebody else is not acknowledged until it is whole', async () => {
  await using server = new TestServer();
  // What A wrote reaches B by another way, and the server only through B's successor edits.
  const a = new Y.Doc();
  a.getText('text').insert(0, 'from A ');
  const b = server.hocuspocus('doc');
  await until(() => saved(b), 'the handshake is over');
  const before = Y.encodeStateVector(b.document);
  Y.applyUpdate(b.document, Y.encodeStateAsUpdate(a), b);
  b.document.getText('text').insert(7, 'and B');
  assert.notDeepEqual(before, Y.encodeStateVector(b.document));
  await until(() => saved(b), 'the server has asked for what it lacked, and acknowledged');
  assert.equal(await storedText(server, 'doc'), 'from A and B');
});

test('ACK-6: five updates that wait are paid by one resync, and not more than once', async () => {
  await using server = new TestServer();
  const a = new Y.Doc();
  a.getText('text').insert(0, 'A');
  const b = server.hocuspocus('doc');
  await until(() => saved(b), 'the handshake is over');
  Y.applyUpdate(b.document, Y.encodeStateAsUpdate(a), b);
  let least = Infinity;
  b.on('unsyncedChanges', ({ number }: { number: number }) => (least = Math.min(least, number)));
  for (let i = 0; i < 5; i++) b.document.getText('text').insert(b.document.getText('text').length, `${i}`);
  await until(() => saved(b), 'all are acknowledged');
  assert.equal(await storedText(server, 'doc'), 'A01234');
  // One acknowledgement too many would make the next change look saved at once.
  server.store.hold();
  b.document.getText('text').insert(6, '!');
  await server.turns(30);
  assert.equal(b.unsyncedChanges, 1);
  server.store.release();
  await until(() => saved(b), 'the last one is acknowledged');
});

test('ACK-7: a client that begins anew is owed its handshake and nothing of before', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  await until(() => saved(a), 'the handshake is over');
  server.store.hold();
  for (let i = 0; i < 5; i++) a.document.getText('text').insert(i, `${i}`);
  await server.turns(20);
  a.forceSync();
  await server.turns(20);
  assert.equal(a.unsyncedChanges, 1);
  server.store.release();
  await until(() => saved(a), 'the handshake is acknowledged');
  a.document.getText('text').insert(5, '5');
  server.store.hold();
  a.document.getText('text').insert(6, '6');
  await server.turns(30);
  assert.ok(a.unsyncedChanges > 0);
  server.store.release();
  await until(() => saved(a), 'all is acknowledged');
  assert.equal(await storedText(server, 'doc'), '0123456');
});

test('ACK-8: a delete alone is acknowledged once it is durable', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  a.document.getText('text').insert(0, 'abc');
  await until(() => saved(a), 'saved');
  server.store.hold();
  a.document.getText('text').delete(1, 1);
  await server.turns(20);
  assert.equal(a.unsyncedChanges, 1);
  server.store.release();
  await until(() => saved(a), 'acknowledged');
  assert.equal(await storedText(server, 'doc'), 'ac');
});

test('ACK-9: a client that holds something parked is acknowledged for the rest, at each resync', async () => {
  await using server = new TestServer();
  const a = new Y.Doc();
  a.getText('text').insert(0, 'first');
  const missing = Y.encodeStateVector(a);
  a.getText('text').insert(5, ' second');
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(a, missing));
  const b = server.hocuspocus('doc', { doc });
  b.document.getMap('map').set('own', 'typing');
  await until(() => saved(b), 'its own typing is saved');
  assert.equal((await server.storedDoc('doc')).getMap('map').get('own'), 'typing');
  b.forceSync();
  await until(() => saved(b), 'again');
  const c = server.hocuspocus('doc');
  await until(() => c.synced, 'another one is there');
  Y.applyUpdate(c.document, Y.encodeStateAsUpdate(a));
  await until(() => saved(c), 'what was missing has come');
  await until(() => b.document.getText('text').toString() === 'first second', 'and completes the rest');
});

/*
 * A provider answers a server's step 1 also when its connection has just been lost: that step 2 waits in a queue, and is sent
 * behind the next step 1, perhaps to a server that has lost what the one before had only received.
 */
for (const { what, typed } of [
  { what: 'holds nothing', typed: '' },
  { what: 'holds what depends on what was lost', typed: ' and more' },
])
  test(`ACK-12: a step 2 for a server that is gone pays nothing (it ${what})`, async () => {
    await using server = new TestServer();
    const a = server.hocuspocus('doc');
    const text = a.document.getText('text');
    text.insert(0, 'kept');
    await until(() => saved(a), 'the beginning is saved');
    server.store.hold();
    text.insert(4, ' lost');
    const known = Y.encodeStateVector(a.document);
    await server.turns(20);
    text.insert(9, typed);
    const stale = server.stepTwoFrame('doc', Y.encodeStateAsUpdate(a.document, known));
    let lost = 0;
    a.configuration.websocketProvider.on('close', () => {
      lost += 1;
      if (lost === 1) a.configuration.websocketProvider.send(stale);
    });
    server.store.failNextAppend();
    server.store.release();
    await until(() => !a.synced, 'the server has lost what it had received');
    server.store.resume();
    server.store.hold();
    await until(() => a.synced && server.sockets.length > 1, 'it is back');
    await server.turns(50);
    assert.equal(await storedText(server, 'doc'), 'kept');
    assert.equal(a.unsyncedChanges, 1);
    server.store.release();
    await until(() => saved(a), 'all is saved');
    assert.equal(await storedText(server, 'doc'), `kept lost${typed}`);
    assert.equal(lost, 1);
    await expectCountRight(server, a);
  });

/* The client does not count what stands in its queue behind such a step 2, and nothing in a deletion tells its age. */
test('ACK-13: a deletion that stood in a queue behind a complete step 2 is on disk before anything is said to be saved', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  const { websocketProvider } = a.configuration;
  const text = a.document.getText('text');
  text.insert(0, 'kept and gone');
  await until(() => saved(a), 'the beginning is saved');
  const stale = server.stepTwoFrame('doc', Y.encodeStateAsUpdate(a.document));
  let lost = false;
  websocketProvider.on('close', () => {
    if (lost) return;
    lost = true;
    websocketProvider.send(stale);
    text.delete(4, 9);
  });
  // The network is slow behind the first of them.
  const behind: Uint8Array[] = [];
  let state: 'before' | 'held' | 'open' = 'before';
  server.passesUp = (message) => {
    if (state === 'held') behind.push(message.slice());
    else if (Buffer.compare(message, stale) === 0) state = 'held';
    else return true;
    return behind.length === 0;
  };
  server.sockets[0]?.close();
  await until(
    () => behind.some(({ length }) => length === 1),
    'a deletion, a step 2 and a pong are on their way',
  );
  await server.turns(30);
  assert.equal(a.unsyncedChanges, 1);
  assert.equal(await storedText(server, 'doc'), 'kept and gone');
  state = 'open';
  for (const message of behind.splice(0)) websocketProvider.send(message);
  await until(() => saved(a), 'all is saved');
  assert.equal(await storedText(server, 'doc'), 'kept');
  await expectCountRight(server, a);
});
