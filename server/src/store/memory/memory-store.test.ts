import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type OpenForContract, storeContract } from '../contract.ts';
import { earlierContract } from '../earlier-contract.ts';
import { parseDocumentName } from '../document-name.ts';
import { assertHolds, batch, rejects } from '../sample.ts';
import { sharedContract } from '../shared-contract.ts';
import { openMemoryStore } from './memory-store.ts';

const A = parseDocumentName('a');

const openForContract: OpenForContract = async (context, options) => {
  const store = openMemoryStore(options);
  context.after(() => store.close());
  return { store };
};

storeContract('memory store', openForContract);
earlierContract('memory store', openForContract);
sharedContract('memory store', openForContract);

describe('memory store: a disk that fails', () => {
  test('LOG-15 a failed append refuses those in flight behind it and leaves nothing', async () => {
    const store = openMemoryStore();
    await store.log.append([batch(A, 1)]);
    store.failNextAppend();
    const failed = store.log.append([batch(A, 2)]);
    const behind = store.log.append([batch(A, 3)]);
    await rejects(failed, 'storage-unavailable');
    assert.equal(store.healthy(), false);
    await rejects(store.log.append([batch(A, 2)]), 'storage-unavailable');
    await rejects(behind, 'storage-unavailable');
    store.resume();
    assert.equal(store.healthy(), true);
    assertHolds(await store.log.load(A), 0, 1);
    await store.log.append([batch(A, 2)]);
    assertHolds(await store.log.load(A), 0, 2);
  });

  test('LOG-15 a stopped disk refuses appends at once, reads go on, and it comes back', async () => {
    const store = openMemoryStore();
    await store.log.append([batch(A, 1)]);
    store.hold();
    const held = store.log.append([batch(A, 2)]);
    store.stop();
    await rejects(held, 'storage-unavailable');
    assert.equal(store.healthy(), false);
    await rejects(store.log.append([batch(A, 2)]), 'storage-unavailable');
    assertHolds(await store.log.load(A), 0, 1);
    store.resume();
    assert.equal(store.healthy(), true);
    await store.log.append([batch(A, 2)]);
  });

  test('LOG-4 what a slow disk holds up goes on in order', async () => {
    const store = openMemoryStore();
    store.hold();
    let done = 0;
    const appends = [1, 2, 3].map((first) => store.log.append([batch(A, first)]).then(() => (done += 1)));
    assert.equal(await store.log.load(A), null);
    assert.equal(done, 0);
    store.release();
    await Promise.all(appends);
    assertHolds(await store.log.load(A), 0, 3);
  });

  test('LOG-15 a closed store takes nothing', async () => {
    const store = openMemoryStore();
    const begun = store.log.append([batch(A, 1)]);
    await store.close();
    await begun;
    await rejects(store.log.append([batch(A, 2)]), 'storage-unavailable');
  });
});
