import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { compactDocument } from './compact.ts';
import { KeepError } from './keep-error.ts';
import type { KeepErrorCode } from './keep-error.ts';
import type { NewRow } from './offline-database.ts';
import type { OfflineStore } from './offline-store.ts';
import { freshName, fullDisk, openAsOther, storeForTests } from './store-for-tests.ts';

const NONE = { epoch: null, facts: {} };

/** Updates that type `words`, one for each, by a client of its own. */
function typed(words: string[], doc = new Y.Doc()): Uint8Array<ArrayBuffer>[] {
  const updates: Uint8Array<ArrayBuffer>[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(new Uint8Array(update)));
  for (const word of words) doc.getText('t').insert(doc.getText('t').length, word);
  return updates;
}

function row(update: Uint8Array<ArrayBuffer>, unsent = 0, page = 'page', to = unsent): NewRow {
  return { update, page, to, unsent };
}

async function text(store: OfflineStore, name: string): Promise<string> {
  const doc = new Y.Doc();
  for (const { update } of (await store.load(name))?.rows ?? []) Y.applyUpdate(doc, update);
  return doc.getText('t').toString();
}

async function rejects(work: Promise<unknown>, code: KeepErrorCode): Promise<void> {
  await assert.rejects(work, (thrown) => thrown instanceof KeepError && thrown.code === code);
}

test('KEEP-1: what an append resolved for is there for every later tab, in order, byte for byte', async () => {
  const name = freshName();
  const store = storeForTests(name);
  const updates = typed(['a', 'b', 'c']);
  assert.equal(await store.load('plan'), null);
  for (const update of updates) await store.append('plan', { ...NONE, row: row(update, 1) });
  const other = storeForTests(name);
  const loaded = await other.load('plan');
  assert.deepEqual(
    loaded?.rows.map(({ update }) => update),
    updates,
  );
  assert.equal(loaded?.record.unsent, 3);
  assert.equal(loaded?.record.rows, 3);
  assert.equal(await other.load('another'), null);
});

test('KEEP-1: a full disk is told, and leaves the copy as it was', async () => {
  const store = storeForTests();
  const [first, second] = typed(['a', 'b']);
  assert.ok(first && second);
  await store.append('plan', { ...NONE, row: row(first, 1) });
  const before = await store.document('plan');
  {
    using _disk = fullDisk();
    await rejects(store.append('plan', { ...NONE, row: row(second, 1) }), 'full');
  }
  assert.deepEqual(await store.document('plan'), before);
  assert.equal(await text(store, 'plan'), 'a');
  await store.append('plan', { ...NONE, row: row(second, 1) });
  assert.equal(await text(store, 'plan'), 'ab');
});

test('KEEP-1: a transaction that is aborted at its end has kept nothing', async () => {
  const store = storeForTests();
  const [first] = typed(['a']);
  assert.ok(first);
  await store.documents();
  const { prototype } = IDBObjectStore;
  const { put } = prototype;
  prototype.put = function (this: IDBObjectStore, ...given: Parameters<typeof put>) {
    const request = put.apply(this, given);
    request.addEventListener('success', () => this.transaction.abort());
    return request;
  };
  try {
    await rejects(store.append('plan', { ...NONE, row: row(first, 1) }), 'failed');
  } finally {
    prototype.put = put;
  }
  assert.equal(await store.load('plan'), null);
});

test('KEEP-2: only what an acknowledgement covers is marked as sent', async () => {
  const store = storeForTests();
  const updates = typed(['a', 'b', 'c', 'd']);
  for (const [at, update] of updates.entries())
    await store.append('plan', { ...NONE, row: row(update, 1, at < 3 ? 'one' : 'two', at + 1) });
  await store.mark('plan', new Map([['one', 2]]));
  assert.equal((await store.document('plan'))?.unsent, 2);
  await store.mark(
    'plan',
    new Map([
      ['one', 3],
      ['two', 4],
    ]),
  );
  assert.equal((await store.document('plan'))?.unsent, 0);
  assert.equal(await text(store, 'plan'), 'abcd');
});

test('KEEP-3: a compaction leaves one row of what is sent and one of each page’s unsent, and every word', async () => {
  const store = storeForTests();
  const doc = new Y.Doc();
  const updates = typed('the quick brown fox'.split(''), doc);
  for (const [at, update] of updates.entries())
    await store.append('plan', { ...NONE, row: row(update, at < 10 ? 0 : 1, at % 2 ? 'one' : 'two', at) });
  await compactDocument(store, 'plan');
  const loaded = await store.load('plan');
  assert.equal(loaded?.rows.length, 3);
  assert.deepEqual([loaded?.record.rows, loaded?.record.unsent], [3, 9]);
  assert.equal(
    loaded?.record.bytes,
    loaded?.rows.reduce((sum, { update }) => sum + update.length, 0),
  );
  assert.equal(await text(store, 'plan'), 'the quick brown fox');
  await store.mark(
    'plan',
    new Map([
      ['one', 18],
      ['two', 18],
    ]),
  );
  assert.equal((await store.document('plan'))?.unsent, 0);
});

test('KEEP-3: a compaction replaces only what it has read, and gives way to marks and to another one', async () => {
  const name = freshName();
  const [store, tab] = [storeForTests(name), storeForTests(name)];
  const updates = typed(['a', 'b', 'c']);
  const [first, second, third] = updates;
  assert.ok(first && second && third);
  await store.append('plan', { ...NONE, row: row(first, 0) });
  await store.append('plan', { ...NONE, row: row(second, 1, 'one', 1) });
  const read = await store.load('plan');
  assert.ok(read);
  await tab.append('plan', { ...NONE, row: row(third, 1, 'two', 1) });
  const merged = new Uint8Array(Y.mergeUpdates([first, second]));
  await store.replace(read, [row(merged, 1, 'one', 1)]);
  assert.equal(await text(store, 'plan'), 'abc');
  assert.equal((await store.document('plan'))?.unsent, 2);

  await rejects(tab.replace(read, [row(merged)]), 'stale');
  const again = await store.load('plan');
  assert.ok(again);
  await tab.mark('plan', new Map([['two', 1]]));
  await rejects(store.replace(again, again.rows), 'stale');
  assert.equal((await store.document('plan'))?.unsent, 1);
  assert.equal(await text(store, 'plan'), 'abc');
});

test('KEEP-3: tabs that write and compact at once lose nothing', async () => {
  const name = freshName();
  const tabs = [storeForTests(name), storeForTests(name), storeForTests(name)];
  const words = tabs.map((_, tab) => Array.from({ length: 40 }, (__, at) => `${String(tab)}.${String(at)} `));
  await Promise.all(
    tabs.map(async (store, tab) => {
      for (const [at, update] of typed(words[tab] ?? []).entries()) {
        await store.append('plan', { ...NONE, row: row(update, at % 3 ? 1 : 0, `page ${String(tab)}`, at) });
        if (at % 7 === 0)
          await compactDocument(store, 'plan').catch((thrown: unknown) => {
            assert.equal(KeepError.from(thrown).code, 'stale');
          });
      }
    }),
  );
  const [store] = tabs;
  assert.ok(store);
  await compactDocument(store, 'plan');
  const all = await text(store, 'plan');
  for (const word of words.flat()) assert.ok(all.includes(word), word);
  assert.equal((await store.document('plan'))?.unsent, 3 * 26);
});

test('KEEP-4: a damaged row is set aside and counted, and never loaded', async () => {
  const name = freshName();
  const store = storeForTests(name);
  for (const update of typed(['a', 'b', 'c'])) await store.append('plan', { ...NONE, row: row(update) });
  const other = await openAsOther(name, 1);
  const updates = other.transaction('updates', 'readwrite').objectStore('updates');
  const damaged = (await store.load('plan'))?.rows[1];
  assert.ok(damaged);
  const bytes = damaged.update.slice();
  bytes[2] = (bytes[2] ?? 0) ^ 1;
  await new Promise((done) => {
    updates.transaction.db
      .transaction('updates', 'readwrite')
      .objectStore('updates')
      .put({ ...damaged, update: bytes })
      .addEventListener('success', done);
  });
  other.close();
  const loaded = await store.load('plan');
  assert.equal(loaded?.rows.length, 2);
  assert.equal(loaded?.record.damaged, 1);
  assert.equal((await store.load('plan'))?.record.damaged, 1);
  assert.equal(loaded?.record.rows, 2);
});

test('KEEP-4: a row that is no update is set aside by a compaction too', async () => {
  const store = storeForTests();
  const [first] = typed(['a']);
  assert.ok(first);
  await store.append('plan', { ...NONE, row: row(first) });
  await store.append('plan', { ...NONE, row: row(new Uint8Array([1, 2, 3, 4])) });
  await rejects(compactDocument(store, 'plan'), 'stale');
  await compactDocument(store, 'plan');
  assert.equal((await store.document('plan'))?.damaged, 1);
  assert.equal(await text(store, 'plan'), 'a');
});

test('KEEP-5: copies with changes that the server lacks go only by the choice of who saw them', async () => {
  const store = storeForTests();
  const [first, second] = typed(['a', 'b']);
  assert.ok(first && second);
  await store.append('plan', { ...NONE, row: row(first, 1) });
  const seen = await store.document('plan');
  assert.ok(seen);
  await rejects(store.forget('plan'), 'unsent');
  await store.append('plan', { ...NONE, row: row(second, 1) });
  await rejects(store.forget('plan', seen), 'unsent');
  const now = await store.document('plan');
  assert.ok(now);
  await store.forget('plan', now);
  assert.equal(await store.load('plan'), null);
  assert.deepEqual(await store.documents(), []);
  await rejects(store.append('plan', { epoch: now.epoch, facts: {}, row: row(second) }), 'gone');
});

test('KEEP-6: beyond the limits the longest unopened copies go, never those with unsent changes or open ones', async () => {
  const store = storeForTests(freshName(), { documents: 3 });
  const [update] = typed(['a']);
  assert.ok(update);
  for (const name of ['unsent', 'open', 'old', 'newer', 'newest'])
    await store.append(name, {
      ...NONE,
      facts: { opened: true },
      row: row(update, name === 'unsent' ? 1 : 0),
    });
  assert.equal(await store.makeRoom(new Set(['open']), false), true);
  assert.deepEqual((await store.documents()).map(({ name }) => name).sort(), ['newest', 'open', 'unsent']);
  assert.equal(await store.makeRoom(new Set(['open']), false), false);
  assert.equal(await store.makeRoom(new Set(['open']), true), true);
  assert.equal(await store.makeRoom(new Set(['open']), true), false);
});

test('KEEP-6: a document above its limit is not kept further, and told', async () => {
  const store = storeForTests(freshName(), { documentBytes: 40 });
  const [first, second] = typed(['a'.repeat(20), 'b'.repeat(20)]);
  assert.ok(first && second);
  await store.append('plan', { ...NONE, row: row(first) });
  await rejects(store.append('plan', { ...NONE, row: row(second) }), 'too-large');
  assert.equal(await text(store, 'plan'), 'a'.repeat(20));
});

test('KEEP-7: a newer layout, an older tab and a browser without a store are told apart', async () => {
  const name = freshName();
  const store = storeForTests(name);
  await store.documents();
  // A newer version of the page opens: this one makes way, and says so.
  const newer = await openAsOther(name, 2);
  await rejects(store.documents(), 'outdated');
  newer.close();
  await rejects(storeForTests(name).documents(), 'outdated');

  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = () => {
    throw new DOMException('Not here.', 'SecurityError');
  };
  try {
    await rejects(storeForTests().documents(), 'unavailable');
  } finally {
    IDBFactory.prototype.open = open;
  }
  const { indexedDB } = globalThis;
  Reflect.deleteProperty(globalThis, 'indexedDB');
  try {
    await rejects(storeForTests().documents(), 'unavailable');
  } finally {
    Object.defineProperty(globalThis, 'indexedDB', { value: indexedDB, configurable: true, writable: true });
  }
});

test('KEEP-7: an older tab that does not make way blocks a new layout; that is told, and ends with that tab', async () => {
  const name = freshName();
  const first = storeForTests(name);
  await first.documents();
  first.close();
  const holder = await openAsOther(name, 1);
  const newer = storeForTests(name, {}, 2);
  await rejects(newer.documents(), 'blocked');
  await rejects(newer.documents(), 'blocked');
  holder.close();
  for (;;) {
    try {
      assert.deepEqual(await newer.documents(), []);
      break;
    } catch (thrown) {
      assert.equal(KeepError.from(thrown).code, 'blocked');
      await new Promise((turn) => setImmediate(turn));
    }
  }
});

test('a database that the browser closed by itself is opened again', async () => {
  const store = storeForTests();
  const opened: IDBDatabase[] = [];
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given: Parameters<typeof transaction>) {
    opened.push(this);
    return transaction.apply(this, given);
  };
  try {
    await store.documents();
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
  const [database] = opened;
  assert.ok(database);
  database.close();
  assert.deepEqual(await store.documents(), []);
  opened[0]?.close();
});
