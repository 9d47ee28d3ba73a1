import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { earlierContract } from '../earlier-contract.ts';
import { storeContract, type OpenForContract } from '../contract.ts';
import { parseDocumentName } from '../document-name.ts';
import { assertHolds, batch, snapshot } from '../sample.ts';
import { folderFor } from './appending-run.ts';
import { openSqliteStore } from './sqlite-store.ts';

const openForContract: OpenForContract = async (context, options) => {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-store-'));
  const open = () => openSqliteStore({ folder, fsync: 'full', ...options });
  let store = await open();
  context.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const reopen = async () => {
    await store.close();
    store = await open();
    return store;
  };
  return { store, reopen };
};

storeContract('sqlite store', openForContract);
earlierContract('sqlite store', openForContract);

const A = parseDocumentName('a');

describe('sqlite store', () => {
  test('LOG-25 the write-ahead log stays short while commits go on', async (context) => {
    const folder = folderFor(context);
    const walPages = 40;
    const store = await openSqliteStore({ folder, fsync: 'normal', limits: { walPages } });
    const sizes = [];
    for (let first = 1; first <= 1_000; first += 1) {
      await store.log.append([batch(A, first)]);
      if (first % 100 === 0) sizes.push(statSync(join(folder, 'sheaf.db-wal')).size);
    }
    // A look comes every 16 commits, of some three pages each.
    const bound = (walPages + 16 * 4) * 4_200;
    assert.ok(Math.max(...sizes) < bound, `${sizes.join(', ')} bytes`);
    assertHolds(await store.log.load(A), 0, 1_000);
    await store.close();
    assert.throws(() => statSync(join(folder, 'sheaf.db-wal')), 'closing leaves one file');
  });

  test('LOG-12 history expires in several steps', async (context) => {
    const folder = folderFor(context);
    const store = await openSqliteStore({ folder, fsync: 'normal', limits: { segmentBytes: 1 } });
    await store.log.append([batch(A, 1, 150)]);
    await store.log.compact({ document: A, base: 0, snapshot: snapshot(150) });
    await store.log.append([batch(A, 151, 1)]);
    await store.log.compact({ document: A, base: 150, snapshot: snapshot(151) });
    assert.equal(await store.log.expireHistory(Number.MAX_SAFE_INTEGER), 150);
    assert.equal((await store.log.history(A, 1, 151)).length, 1);
    await store.close();
  });

  test('LOG-9 a snapshot in shared memory is compacted as it is', async (context) => {
    const folder = folderFor(context);
    const store = await openSqliteStore({ folder, fsync: 'normal' });
    const { update, ...rest } = snapshot(1);
    const shared = new Uint8Array(new SharedArrayBuffer(update.length));
    shared.set(update);
    await store.log.append([batch(A, 1)]);
    await store.log.compact({ document: A, base: 0, snapshot: { ...rest, update: shared } });
    assertHolds(await store.log.load(A), 1, 1);
    await store.close();
  });
});
