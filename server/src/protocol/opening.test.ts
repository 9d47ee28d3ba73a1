import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { parseDocumentName } from '../store/document-name.ts';
import { TestServer, until } from './test-server.ts';

const NAME = parseDocumentName('doc');

/** A document whose snapshot holds `snapshot` and whose tail holds `tail`. */
async function seed(server: TestServer, snapshot: string, tail: string): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const letter of snapshot) doc.getText('text').insert(doc.getText('text').length, letter);
  doc.getText('text').delete(0, 1);
  await server.append(NAME, updates.splice(0));
  await server.compact(NAME);
  for (const letter of tail) doc.getText('text').insert(doc.getText('text').length, letter);
  await server.append(NAME, updates.splice(0));
  return doc;
}

test('OPEN-1: a newcomer gets the snapshot, then the tail as step 2: synced means complete', async () => {
  await using server = new TestServer();
  const whole = await seed(server, 'snapshot', 'tail');
  const a = server.hocuspocus('doc');
  let atSynced = '';
  a.on('synced', () => (atSynced ||= a.document.getText('text').toString()));
  await until(() => a.synced, 'synced');
  assert.equal(atSynced, whole.getText('text').toString());
  assert.equal(atSynced, 'napshottail');
});

test('OPEN-2: opening a stored document decodes no update and starts no worker', async () => {
  await using server = new TestServer();
  await seed(server, 'snapshot', '');
  const before = server.documents.metrics();
  const providers = Array.from({ length: 20 }, () => server.hocuspocus('doc'));
  await until(() => providers.every((provider) => provider.synced), 'all are synced');
  assert.equal(server.documents.metrics()['sheaf_replica_tasks_total'], before['sheaf_replica_tasks_total']);
});

test('OPEN-3: a client that has the snapshot gets the delete set and the tail', async () => {
  await using server = new TestServer();
  const whole = await seed(server, 'snapshot', 'tail');
  const doc = new Y.Doc();
  const stored = await server.store.log.load(NAME);
  // It has all structs of the snapshot, and missed the delete.
  const structs = Y.diffUpdate(stored?.snapshot?.update ?? new Uint8Array(), new Uint8Array([0]));
  Y.applyUpdate(doc, structs);
  const a = server.hocuspocus('doc', { doc });
  await until(() => a.synced, 'synced');
  assert.equal(doc.getText('text').toString(), whole.getText('text').toString());
  assert.equal(server.documents.metrics()['sheaf_replica_tasks_total'], 0);
});

test('OPEN-4: a client that has something else gets a difference, and keeps what it has', async () => {
  await using server = new TestServer();
  const whole = await seed(server, 'snapshot', 'tail');
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'mine ');
  const a = server.hocuspocus('doc', { doc });
  await until(() => a.synced && a.unsyncedChanges === 0, 'synced and saved');
  assert.match(doc.getText('text').toString(), /mine /);
  Y.applyUpdate(whole, Y.encodeStateAsUpdate(doc));
  const b = server.hocuspocus('doc');
  await until(() => b.synced, 'another one');
  assert.equal(b.document.getText('text').toString(), whole.getText('text').toString());
});

test('OPEN-1, FAN-6: what an opening has brought is not sent again with the next round', async () => {
  await using server = new TestServer();
  const [a, b] = [server.hocuspocus('doc'), server.hocuspocus('doc')];
  await until(() => a.synced && b.synced, 'synced');
  const before = server.documents.metrics()['sheaf_deliveries_total'];
  assert.equal(typeof before, 'number');
  // Both reach the server in one turn: step 2 holds the letter, before anybody was sent it.
  a.document.getText('text').insert(0, 'x');
  b.forceSync();
  await until(() => b.document.getText('text').length === 1, 'the letter has come');
  await until(() => a.unsyncedChanges === 0, 'saved');
  await server.turns(20);
  assert.equal(server.documents.metrics()['sheaf_deliveries_total'], before);
});

test('OPEN-5: what is written while a difference is made is not missed', async () => {
  await using server = new TestServer();
  await seed(server, 'snapshot', 'tail');
  const writer = server.hocuspocus('doc');
  await until(() => writer.synced, 'the writer is in');
  const text = writer.document.getText('text');
  const doc = new Y.Doc();
  doc.getText('other').insert(0, 'mine');
  const a = server.hocuspocus('doc', { doc });
  for (let i = 0; i < 300; i++) {
    text.insert(0, 'x');
    await server.turns(1);
  }
  await until(() => a.synced && doc.getText('text').length === text.length, 'all has come', 20_000);
  assert.equal(doc.getText('text').toString(), text.toString());
});

test('OPEN-6: a client that is up to date is recognised, and its delete set is not logged again', async () => {
  await using server = new TestServer();
  const a = server.hocuspocus('doc');
  for (let i = 0; i < 50; i++) {
    a.document.getText('text').insert(0, 'xy');
    a.document.getText('text').delete(1, 1);
  }
  await until(() => a.synced && a.unsyncedChanges === 0, 'saved');
  const before = await server.store.log.size(NAME);
  const updates = server.documents.metrics()['sheaf_updates_total'];
  for (let i = 0; i < 10; i++) {
    a.forceSync();
    await until(() => a.unsyncedChanges === 0, 'acknowledged');
  }
  assert.deepEqual(await server.store.log.size(NAME), before);
  assert.equal(server.documents.metrics()['sheaf_updates_total'], updates);
});

test('OPEN-7: a compaction under way loses nothing, and what follows goes on', async () => {
  await using server = new TestServer({ limits: { compactUpdates: 50, compactEveryMs: 0 } });
  const a = server.hocuspocus('doc');
  const b = server.hocuspocus('doc');
  await until(() => a.synced && b.synced, 'synced');
  const text = a.document.getText('text');
  for (let i = 0; i < 400; i++) {
    text.insert(0, `${i % 10}`);
    if (i % 7 === 0) text.delete(0, 1);
    await server.turns(2);
  }
  await until(() => a.unsyncedChanges === 0, 'saved');
  while ((await server.store.log.load(NAME))?.snapshot === null) await server.turns(1);
  a.document.getText('text').insert(0, 'after');
  await until(() => a.unsyncedChanges === 0, 'saved again');
  await until(() => b.document.getText('text').toString() === text.toString(), 'seen by the other');
  const stored = await server.storedDoc('doc');
  assert.equal(stored.getText('text').toString(), text.toString());
  const history = await server.store.log.history(NAME, 1, Number.MAX_SAFE_INTEGER);
  assert.ok(history.length > 0);
  assert.equal(history[0]?.first, 1);
  assert.deepEqual(server.reports, []);
});

test('OPEN-12: a long tail waits while the server is busy, but no longer than until it is four times as long', async () => {
  let load = 0.95;
  const limits = { compactUpdates: 50, compactEveryMs: 0 };
  await using server = new TestServer({ limits, load: () => load });
  const a = server.hocuspocus('doc');
  await until(() => a.synced, 'synced');
  const compactions = (): number => server.documents.metrics()['sheaf_compactions_total'] ?? 0;
  const write = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) a.document.getText('text').insert(0, 'x');
    await until(() => a.unsyncedChanges === 0, 'saved');
  };
  await write(60);
  assert.equal(compactions(), 0);
  load = 0.5;
  await write(1);
  assert.equal(compactions(), 1);
  await until(() => server.documents.metrics()['sheaf_updates_total'] === 61, 'taken');
  while ((await server.store.log.load(NAME))?.snapshot === null) await server.turns(1);
  load = 0.95;
  await write(190);
  assert.equal(compactions(), 1);
  await write(20);
  assert.equal(compactions(), 2);
  assert.deepEqual(server.reports, []);
});

test('OPEN-8: a document that leaves memory comes back as it was', async () => {
  await using server = new TestServer({ limits: { idleMs: 1 } });
  const a = server.hocuspocus('doc');
  a.document.getText('text').insert(0, 'kept');
  await until(() => a.synced && a.unsyncedChanges === 0, 'saved');
  a.destroy();
  await until(() => server.documents.metrics()['sheaf_documents_hot'] === 0, 'it has left');
  const b = server.hocuspocus('doc');
  await until(() => b.synced, 'synced');
  assert.equal(b.document.getText('text').toString(), 'kept');
});

test('OPEN-9: while the disk takes nothing, documents do not open, and they do when it is back', async () => {
  await using server = new TestServer();
  server.store.stop();
  const a = server.hocuspocus('doc');
  await until(() => server.sockets.length > 1, 'it tries again');
  assert.equal(server.sockets[0]?.closeCode, 1013);
  assert.equal(a.synced, false);
  server.store.resume();
  await until(() => a.synced, 'synced');
});
