import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Subscriber } from '../document/subscriber.ts';
import { TestServer, until } from './test-server.ts';

/** Somebody who follows a document and listens to nothing. */
function person(): Subscriber {
  const ignore = (): void => {};
  return {
    author: '',
    writable: true,
    frameKey: '',
    frameUpdate: (update) => update,
    framePresence: (entries) => entries,
    bufferedBytes: 0,
    send: ignore,
    sendStepOne: ignore,
    sendSnapshot: ignore,
    sendStepTwo: ignore,
    acknowledge: ignore,
    refuse: ignore,
    close: ignore,
  };
}

test('COMMIT-3: updates of a document that is being deleted fail nobody else', async () => {
  await using server = new TestServer();
  const doomed = server.hocuspocus('doomed');
  const other = server.hocuspocus('other');
  await until(() => doomed.synced && other.synced, 'synced');
  const closed: number[] = [];
  for (const socket of server.sockets)
    socket.addEventListener('close', ({ code }) => void closed.push(code ?? 0));
  const { catalogue } = server.store;
  const remove = catalogue.delete.bind(catalogue);
  catalogue.delete = async (...args) => {
    await remove(...args);
    doomed.document.getText('text').insert(0, 'too late');
    other.document.getText('text').insert(0, 'kept');
    await server.turns(50);
  };
  await server.documents.delete(server.name('doomed'));
  await until(() => other.unsyncedChanges === 0, 'the other one is saved');
  assert.deepEqual(closed, []);
  assert.deepEqual(server.reports, []);
  await assert.rejects(server.store.log.load(server.name('doomed')), { code: 'deleted' });
});

test('a deletion that the disk does not take ends the stay, and what was written before is there', async () => {
  await using server = new TestServer();
  const author = server.hocuspocus('doc');
  author.document.getText('text').insert(0, 'kept');
  await until(() => author.synced && author.unsyncedChanges === 0, 'saved');
  server.store.stop();
  await assert.rejects(server.documents.delete(server.name('doc')), { code: 'storage-unavailable' });
  server.store.resume();
  author.document.getText('text').insert(4, ' and more');
  await until(() => author.synced && author.unsyncedChanges === 0, 'saved after all');
  assert.equal((await server.storedDoc('doc')).getText('text').toString(), 'kept and more');
});

test('who waits for a document that is deleted is told so', async () => {
  await using server = new TestServer();
  const name = server.name('doc');
  server.store.hold();
  const edit = (): Promise<void> =>
    server.documents.edit(name, '', (doc) => doc.getText('text').insert(0, 'x'));
  const first = edit();
  await server.turns(3);
  // Behind the commit that is under way.
  const second = assert.rejects(edit(), { code: 'deleted' });
  await server.turns(1);
  const deletion = server.documents.delete(name);
  server.store.release();
  await Promise.all([first, second, deletion]);
  await assert.rejects(edit(), { code: 'deleted' });
});

test('a document that opens while the server ends is not left behind', async () => {
  const server = new TestServer();
  const { log } = server.store;
  const load = log.load.bind(log);
  const { promise, resolve } = Promise.withResolvers<void>();
  log.load = async (name) => {
    await promise;
    return load(name);
  };
  const joining = assert.rejects(server.documents.join(server.name('doc'), person()), { code: 'draining' });
  await server.turns(1);
  await server[Symbol.asyncDispose]();
  resolve();
  await joining;
});
