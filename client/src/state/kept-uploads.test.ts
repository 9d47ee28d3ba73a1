import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeForTests } from '../sync/store-for-tests.ts';
import { UploadMemory } from '../sync/uploads/upload-memory.ts';
import { withUploads } from './kept-uploads.ts';
import { Sessions } from './sessions.ts';

/** A storage in memory. */
function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    key: (index) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
  };
}

test('KEEP-6, KEEP-10: uploads that wait keep their document from going, and are listed where its copy is gone', async () => {
  const store = storeForTests('kept-uploads', { documents: 0 });
  const kept = storage();
  const uploads = new UploadMemory(() => kept);
  const sessions = new Sessions({
    url: 'ws://127.0.0.1:1',
    tokens: { get: () => Promise.resolve({ type: 'none' }), renew: () => Promise.resolve({ type: 'none' }) },
    carrier: null,
    early: null,
    store,
    persistence: { granted: null, ask: () => {} },
    compact: () => Promise.resolve(),
    uploads,
    randomId: () => 'page',
  });
  for (const name of ['waits', 'other']) await store.append(name, { epoch: null, row: null, facts: {} });
  uploads.set('waits', 2);
  uploads.set('gone', 1);
  assert.equal(await sessions.makeRoom(false), true);
  const copies = await store.documents();
  assert.deepEqual(
    copies.map(({ name }) => name),
    ['waits'],
  );
  const documents = withUploads(copies, sessions.waitingUploads);
  assert.deepEqual(
    documents.map(({ name, unsent }) => [name, unsent]),
    [
      ['waits', 2],
      ['gone', 1],
    ],
  );
});
