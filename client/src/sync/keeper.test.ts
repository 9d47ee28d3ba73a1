import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { compactDocument } from './compact.ts';
import type { KeepLimits } from './keep-limits.ts';
import { Keeper } from './keeper.ts';
import type { OfflineStore } from './offline-store.ts';
import { freshName, fullDisk, storeForTests } from './store-for-tests.ts';

/** Quick enough for tests; what is tested is the order, not the wait. */
const QUICK: Partial<KeepLimits> = { retryMs: 1, longestRetryMs: 4, markMs: 1, ownMs: 1 };

let pages = 0;

/** A page with one document open, and a keeper of it. */
class TestPage {
  readonly doc = new Y.Doc();
  readonly keeper: Keeper;
  readonly loaded: { complete: boolean; unsent: number }[] = [];
  readonly compacted: string[] = [];
  madeRoom = 0;
  #changes = new Set<() => void>();

  constructor(store: OfflineStore, document = 'plan') {
    pages += 1;
    const updated = (update: Uint8Array, origin: unknown) => this.keeper.add(update, origin !== 'server');
    this.keeper = new Keeper({
      store,
      document,
      doc: this.doc,
      unheard: (change) => {
        this.doc.off('update', updated);
        const result = change();
        this.doc.on('update', updated);
        return result;
      },
      page: `page ${String(pages)}`,
      compact: async (name) => {
        await compactDocument(store, name);
        this.compacted.push(name);
      },
      makeRoom: () => Promise.resolve((this.madeRoom += 1)),
      onLoaded: (copy) => this.loaded.push(copy),
      onChange: () => {
        for (const changed of this.#changes) changed();
      },
    });
    this.doc.on('update', updated);
  }

  static async open(store: OfflineStore, document = 'plan'): Promise<TestPage> {
    const page = new TestPage(store, document);
    await page.keeper.load();
    return page;
  }

  type(words: string): void {
    for (const letter of words) this.doc.getText('t').insert(this.doc.getText('t').length, letter);
  }

  get text(): string {
    return this.doc.getText('t').toString();
  }

  /** Waits until `reached`, which is looked at whenever the keeper tells a change. */
  until(reached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!reached()) return;
        this.#changes.delete(look);
        resolve();
      };
      this.#changes.add(look);
      look();
    });
  }
}

test('KEEP-1 KEEP-2: what was kept is there for the next page, with the number of changes that the server lacks', async () => {
  const name = freshName();
  const first = await TestPage.open(storeForTests(name, QUICK));
  assert.equal(first.keeper.keeping, 'works');
  first.type('abc');
  assert.equal(first.keeper.keptChanges, 0);
  await first.until(() => first.keeper.keptChanges === 3);
  first.keeper.note({ synced: true, title: 'Abc' });
  await first.keeper.close();

  const second = await TestPage.open(storeForTests(name, QUICK));
  assert.equal(second.text, 'abc');
  assert.deepEqual(second.loaded, [{ complete: true, unsent: 3 }]);
  assert.equal(second.keeper.keptChanges, 3);
  second.type('d');
  await second.until(() => second.keeper.keptChanges === 4);
  second.keeper.cover();
  assert.equal(second.keeper.keptChanges, 0);
  await second.keeper.close();

  const store = storeForTests(name, QUICK);
  assert.equal((await store.document('plan'))?.unsent, 0);
  assert.equal((await store.document('plan'))?.title, 'Abc');
  assert.equal((await TestPage.open(store)).text, 'abcd');
});

test('KEEP-2: an acknowledgement that overtakes the store leaves nothing marked as unsent', async () => {
  const store = storeForTests(freshName(), QUICK);
  const page = await TestPage.open(store);
  page.type('abc');
  page.keeper.cover();
  page.type('d');
  await page.until(() => page.keeper.keptChanges === 1);
  await page.keeper.close();
  assert.equal((await store.document('plan'))?.unsent, 1);
});

test('KEEP-2: what came from the server is kept and is no change of ours', async () => {
  const store = storeForTests(freshName(), QUICK);
  const page = await TestPage.open(store);
  const other = new Y.Doc();
  other.getText('t').insert(0, 'hello');
  Y.applyUpdate(page.doc, Y.encodeStateAsUpdate(other), 'server');
  await page.keeper.close();
  assert.equal(page.keeper.keptChanges, 0);
  assert.equal((await store.document('plan'))?.unsent, 0);
  assert.equal((await TestPage.open(store)).text, 'hello');
});

test('KEEP-1: what others write gathers, and is kept with what is written here, before it', async () => {
  const store = storeForTests(freshName(), { ...QUICK, gatherMs: 1_000_000 });
  const page = await TestPage.open(store);
  const other = new Y.Doc();
  for (const word of ['one ', 'two ']) {
    other.getText('t').insert(other.getText('t').length, word);
    Y.applyUpdate(page.doc, Y.encodeStateAsUpdate(other), 'server');
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await store.document('plan'))?.rows ?? 0, 0);
  page.type('x');
  await page.until(() => page.keeper.keptChanges === 1);
  assert.equal((await store.document('plan'))?.rows, 1);
  assert.equal((await TestPage.open(store)).text, 'one two x');
  await page.keeper.close();
});

test('KEEP-1: what others write is kept when it has gathered for long enough', async () => {
  const store = storeForTests(freshName(), { ...QUICK, gatherMs: 1 });
  const page = await TestPage.open(store);
  const other = new Y.Doc();
  other.getText('t').insert(0, 'hello');
  Y.applyUpdate(page.doc, Y.encodeStateAsUpdate(other), 'server');
  let looks = 0;
  await page.until(() => (looks += 1) > 1);
  assert.equal((await TestPage.open(store)).text, 'hello');
});

test('KEEP-1: what is written here gathers too once the server has it, and is written as nothing unsent', async () => {
  const store = storeForTests(freshName(), {
    ...QUICK,
    ownMs: 1_000_000,
    gatherMs: 1_000_000,
    markMs: 1_000_000,
  });
  const page = await TestPage.open(store);
  for (const letter of 'abc') {
    page.type(letter);
    await new Promise((resolve) => setImmediate(resolve));
    page.keeper.cover();
  }
  assert.equal((await store.document('plan'))?.rows ?? 0, 0);
  await page.keeper.close();
  const kept = await store.document('plan');
  assert.deepEqual([kept?.rows, kept?.unsent], [1, 0]);
  assert.equal((await TestPage.open(store)).text, 'abc');
});

test('KEEP-1: what is written here and the server does not take is kept soon', async () => {
  const store = storeForTests(freshName(), { ...QUICK, gatherMs: 1_000_000 });
  const page = await TestPage.open(store);
  page.type('a');
  page.keeper.cover();
  page.type('b');
  await page.until(() => page.keeper.keptChanges === 1);
  const kept = await store.document('plan');
  assert.deepEqual([kept?.rows, kept?.unsent], [1, 1]);
  await page.keeper.close();
});

test('changes of one turn are one transaction', async () => {
  const store = storeForTests(freshName(), QUICK);
  const page = await TestPage.open(store);
  page.type('all at once');
  await page.until(() => page.keeper.keptChanges === 11);
  assert.equal((await store.document('plan'))?.rows, 1);
});

test('KEEP-7: a full disk is told, other copies may go, and nothing is missing when there is room again', async () => {
  const store = storeForTests(freshName(), QUICK);
  const page = await TestPage.open(store);
  page.type('a');
  await page.until(() => page.keeper.keptChanges === 1);
  {
    using _disk = fullDisk();
    page.type('bc');
    await page.until(() => page.keeper.keeping === 'full');
    assert.equal(page.keeper.keptChanges, 1);
    page.type('d');
    await page.until(() => page.madeRoom > 1);
    assert.equal(page.keeper.keeping, 'full');
  }
  await page.until(() => page.keeper.keptChanges === 4);
  assert.equal(page.keeper.keeping, 'works');
  await page.keeper.close();
  const again = await TestPage.open(store);
  assert.equal(again.text, 'abcd');
  assert.deepEqual(again.loaded, [{ complete: false, unsent: 4 }]);
});

test('KEEP-7: while nothing can be kept memory is bounded, and the whole document is written afterwards', async () => {
  const store = storeForTests(freshName(), { ...QUICK, queueBytes: 100 });
  const page = await TestPage.open(store);
  page.type('start ');
  await page.until(() => page.keeper.keptChanges === 6);
  {
    using _disk = fullDisk();
    page.type('x'.repeat(300));
    await page.until(() => page.keeper.keeping === 'full');
  }
  await page.until(() => page.keeper.keptChanges === 306);
  await page.keeper.close();
  assert.equal((await TestPage.open(store)).text, `start ${'x'.repeat(300)}`);
  assert.equal((await store.document('plan'))?.unsent, 306);
});

test('KEEP-4: a row that cannot be applied is set aside and told', async () => {
  const store = storeForTests(freshName(), QUICK);
  const row = { update: new Uint8Array([9, 9, 9]), page: 'p', to: 0, unsent: 0 };
  await store.append('plan', { epoch: null, row, facts: { synced: true } });
  const page = await TestPage.open(store);
  assert.equal(page.keeper.damaged, 1);
  assert.equal((await store.document('plan'))?.damaged, 1);
  assert.equal((await store.document('plan'))?.rows, 0);
});

test('KEEP-5: a copy that another tab removed is begun anew with all that is open here', async () => {
  const name = freshName();
  const page = await TestPage.open(storeForTests(name, QUICK));
  page.type('abc');
  await page.until(() => page.keeper.keptChanges === 3);
  const other = storeForTests(name, QUICK);
  await other.forget('plan', await other.document('plan'));
  page.type('d');
  await page.until(() => page.keeper.keptChanges === 4);
  assert.equal((await other.document('plan'))?.unsent, 4);
  assert.equal((await TestPage.open(other)).text, 'abcd');
});

test('KEEP-5: a document that the server has removed goes, unless it holds changes that are nowhere else', async () => {
  const store = storeForTests(freshName(), QUICK);
  const saved = await TestPage.open(store, 'saved');
  saved.type('a');
  saved.keeper.cover();
  await saved.until(() => saved.keeper.keeping === 'works');
  await saved.keeper.removed();
  saved.type('b');
  assert.equal(await store.document('saved'), undefined);
  assert.equal(saved.keeper.keeping, 'stopped');

  const unsent = await TestPage.open(store, 'unsent');
  unsent.type('a');
  await unsent.keeper.removed();
  await unsent.keeper.close();
  assert.equal((await store.document('unsent'))?.deleted, true);
  assert.equal((await TestPage.open(store, 'unsent')).text, 'a');
});

test('KEEP-3: many rows are compacted, and the page’s own changes stay counted', async () => {
  const store = storeForTests(freshName(), { ...QUICK, compactRows: 20 });
  const page = await TestPage.open(store);
  for (let at = 0; at < 30; at += 1) {
    page.type('x');
    await page.until(() => page.keeper.keptChanges === at + 1);
  }
  while (page.compacted.length === 0) await new Promise((turn) => setImmediate(turn));
  const record = await store.document('plan');
  assert.ok((record?.rows ?? 99) < 20);
  assert.equal(record?.unsent, 30);
  page.keeper.cover();
  await page.keeper.close();
  assert.equal((await store.document('plan'))?.unsent, 0);
});

test('two tabs of one document keep their own, and a third page has all of it', async () => {
  const name = freshName();
  const one = await TestPage.open(storeForTests(name, QUICK));
  const two = await TestPage.open(storeForTests(name, QUICK));
  one.type('one ');
  two.type('two ');
  await Promise.all([
    one.until(() => one.keeper.keptChanges === 4),
    two.until(() => two.keeper.keptChanges === 4),
  ]);
  one.keeper.cover();
  await Promise.all([one.keeper.close(), two.keeper.close()]);
  const third = await TestPage.open(storeForTests(name, QUICK));
  assert.match(third.text, /one /);
  assert.match(third.text, /two /);
  assert.deepEqual(third.loaded, [{ complete: false, unsent: 4 }]);
});
