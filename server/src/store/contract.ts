import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { parseDocumentName } from './document-name.ts';
import type { DocumentName } from './document-name.ts';
import { decodeEntries, encodeEntries } from './entries.ts';
import { sizeOf } from './own-bytes.ts';
import { assertHolds, batch, entry, mulberry32, plain, rejects, snapshot } from './sample.ts';
import type { StoreLimits } from './store-limits.ts';
import type { Compaction, Store } from './store.ts';

/** What a test gives to a store. */
export interface ContractOptions {
  readonly limits?: Partial<StoreLimits>;
  readonly now?: () => number;
}

/** A store under test. */
export interface Opened {
  readonly store: Store;
  /** Closes it and opens what it kept anew; absent where nothing is kept. */
  readonly reopen?: () => Promise<Store>;
}

/** Opens an empty store; whoever opens it puts its end in `context.after`. */
export type OpenForContract = (context: TestContext, options?: ContractOptions) => Promise<Opened>;

const A = parseDocumentName('a');
const B = parseDocumentName('b');

function compaction(document: DocumentName, base: number, through: number): Compaction {
  return { document, base, snapshot: snapshot(through) };
}

/** What every store keeps to: the rules LOG-1 to LOG-14 and CAT-1 to CAT-4 of SPEC.md. */
export function storeContract(name: string, open: OpenForContract): void {
  describe(`${name}: log`, () => appendContract(open));
  describe(`${name}: compaction and history`, () => compactionContract(open));
  describe(`${name}: catalogue`, () => catalogueContract(open));
  describe(`${name}: random use`, () => randomContract(open));
}

function appendContract(open: OpenForContract): void {
  test('LOG-1 what was appended is loaded, in order', async (context) => {
    const { store } = await open(context);
    assert.equal(await store.log.load(A), null);
    await store.log.append([batch(A, 1, 2), batch(B, 1)]);
    await store.log.append([batch(A, 3)]);
    assertHolds(await store.log.load(A), 0, 3);
    assertHolds(await store.log.load(B), 0, 1);
  });

  test('LOG-1 an update of any size comes back as it was', async (context) => {
    const { store } = await open(context);
    const sizes = [0, 1, 127, 128, 4_096, 65_535, 65_536, 200_000, 3_000_000];
    const sent = sizes.map((bytes, at) => entry(at + 1, bytes));
    for (const [at, one] of sent.entries())
      await store.log.append([batch(A, at + 1, 1, { entries: [encodeEntries([one])] })]);
    const loaded = await store.log.load(A);
    assert.deepEqual(loaded?.tail.flatMap(decodeEntries).map(plain), sent.map(plain));
  });

  test('LOG-2 LOG-3 a batch that does not continue its log refuses the whole append', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(A, 1)]);
    for (const first of [0, 1, 3]) {
      const owners = [[7, 'x']] as const;
      await rejects(
        store.log.append([batch(B, 1), batch(A, first, 1, { owners, pending: new Uint8Array(3) })]),
        'stale',
      );
    }
    await rejects(store.log.append([batch(B, 2)]), 'stale');
    assertHolds(await store.log.load(A), 0, 1);
    assert.equal((await store.log.load(A))?.pending, null);
    assert.equal(await store.log.load(B), null);
    assert.equal(await store.catalogue.get(B), null);
    await store.log.append([batch(A, 2), batch(B, 1)]);
    assert.equal(store.healthy(), true);
  });

  test('LOG-4 appends in flight keep their order, and one that is refused refuses those that follow it', async (context) => {
    const { store } = await open(context);
    await Promise.all(Array.from({ length: 50 }, (_, at) => store.log.append([batch(A, at + 1)])));
    assertHolds(await store.log.load(A), 0, 50);
    const settled = await Promise.allSettled(
      [52, 53, 51].map((first) => store.log.append([batch(A, first)])),
    );
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    );
    assertHolds(await store.log.load(A), 0, 51);
  });

  test('LOG-4 one append may continue a document twice', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(A, 1), batch(B, 1), batch(A, 2, 3)]);
    assertHolds(await store.log.load(A), 0, 4);
  });

  test('LOG-5 pending updates are replaced, left or removed', async (context) => {
    const { store } = await open(context);
    const pending = encodeEntries([entry(99)]);
    const nothing = new Uint8Array(0);
    await store.log.append([batch(A, 1, 0, { entries: [nothing], pending })]);
    assert.deepEqual(plain({ pending: (await store.log.load(A))?.pending ?? null }), plain({ pending }));
    await store.log.append([batch(A, 1)]);
    assert.deepEqual(plain({ pending: (await store.log.load(A))?.pending ?? null }), plain({ pending }));
    await store.log.append([batch(A, 2, 1, { pending: nothing })]);
    assert.equal((await store.log.load(A))?.pending, null);
    assertHolds(await store.log.load(A), 0, 2);
  });

  test('LOG-6 a client belongs to the author who brought it first', async (context) => {
    const { store } = await open(context);
    const large = 2 ** 53 - 1;
    await store.log.append([
      batch(A, 1, 1, {
        owners: [
          [large, 'Zoë'],
          [1, ''],
        ],
      }),
    ]);
    await store.log.append([
      batch(A, 2, 1, {
        owners: [
          [1, 'mallory'],
          [2, 'Zoë'],
        ],
      }),
    ]);
    const owners = new Map((await store.log.load(A))?.owners);
    assert.deepEqual([...owners].sort(), [
      [1, ''],
      [2, 'Zoë'],
      [large, 'Zoë'],
    ]);
  });

  test('LOG-7 a commit above the bound is too large, and the store goes on', async (context) => {
    const { store } = await open(context, { limits: { batchBytes: 100 } });
    await rejects(store.log.append([batch(A, 1, 20)]), 'too-large');
    await store.log.append([batch(A, 1)]);
    assertHolds(await store.log.load(A), 0, 1);
  });

  test('LOG-8 what was acknowledged is there after a restart', async (context) => {
    const { store, reopen } = await open(context);
    await store.log.append([batch(A, 1, 3, { owners: [[5, 'ann']] })]);
    await store.log.compact(compaction(A, 0, 2));
    if (reopen === undefined) return context.skip('it keeps nothing');
    const again = await reopen();
    assertHolds(await again.log.load(A), 2, 3);
    assert.deepEqual((await again.log.load(A))?.owners, [[5, 'ann']]);
    assert.equal((await again.log.history(A, 1, 9)).length, 1);
    await again.log.append([batch(A, 4)]);
  });
}

function compactionContract(open: OpenForContract): void {
  test('LOG-9 a compaction replaces the snapshot and the tail that went into it', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(A, 1, 3)]);
    await store.log.append([batch(A, 4, 2)]);
    await store.log.compact(compaction(A, 0, 3));
    assertHolds(await store.log.load(A), 3, 5);
    await store.log.append([batch(A, 6)]);
    await store.log.compact(compaction(A, 3, 6));
    assertHolds(await store.log.load(A), 6, 6);
    await store.log.append([batch(A, 7)]);
    assertHolds(await store.log.load(A), 6, 7);
    assert.deepEqual(await store.log.verify(A), []);
    assert.deepEqual(await store.log.verify(), []);
  });

  test('LOG-9 a row that reaches beyond the snapshot is split', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(A, 1, 10)]);
    for (const [base, through] of [
      [0, 4],
      [4, 5],
      [5, 10],
    ] as const) {
      await store.log.compact(compaction(A, base, through));
      assertHolds(await store.log.load(A), through, 10);
    }
    const kept = (await store.log.history(A, 1, 10)).flatMap(({ entries }) => decodeEntries(entries));
    assert.deepEqual(
      kept.map(plain),
      Array.from({ length: 10 }, (_, at) => plain(entry(at + 1))),
    );
    await store.log.append([batch(A, 11)]);
  });

  test('LOG-10 a compaction of another base, of nothing, or of what is not there yet is stale', async (context) => {
    const { store } = await open(context);
    await rejects(store.log.compact(compaction(A, 0, 1)), 'stale');
    await store.log.append([batch(A, 1, 4)]);
    await rejects(store.log.compact(compaction(A, 1, 4)), 'stale');
    await rejects(store.log.compact(compaction(A, 0, 5)), 'stale');
    const both = await Promise.allSettled(
      [3, 4].map((through) => store.log.compact(compaction(A, 0, through))),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await rejects(store.log.compact(compaction(A, 0, 4)), 'stale');
  });

  test('LOG-10 a snapshot can be made again at the same place', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(A, 1, 4)]);
    await store.log.compact(compaction(A, 0, 4));
    await store.log.compact(compaction(A, 4, 4));
    assertHolds(await store.log.load(A), 4, 4);
    assert.equal((await store.log.history(A, 1, 4)).length, 1);
  });

  test('LOG-9 the caller keeps the bytes of its snapshot', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(A, 1)]);
    const mine = snapshot(1);
    await store.log.compact({ document: A, base: 0, snapshot: mine });
    assert.deepEqual(plain(mine), plain(snapshot(1)));
  });

  test('LOG-11 history comes in bounded segments with times and hashes', async (context) => {
    const { store } = await open(context, { limits: { segmentBytes: 200 } });
    await store.log.append([batch(A, 1, 25)]);
    await store.log.append([batch(A, 26, 1, { entries: [encodeEntries([entry(26, 1_000)])] })]);
    await store.log.append([batch(A, 27, 5)]);
    await store.log.compact(compaction(A, 0, 30));
    const segments = await store.log.history(A, 1, 100);
    assert.ok(segments.length > 3, `${segments.length} segments`);
    let next = 1;
    for (const { first, last, from, to, hash, entries } of segments) {
      const decoded = decodeEntries(entries);
      assert.equal(first, next);
      assert.equal(decoded.length, last - first + 1);
      assert.ok(entries.length <= 200 || decoded.length === 1);
      assert.deepEqual([from, to], [1_000 + first, 1_000 + last]);
      assert.equal(Buffer.from(hash).toString('hex'), createHash('sha256').update(entries).digest('hex'));
      next = last + 1;
    }
    assert.equal(next, 31);
    const some = await store.log.history(A, 26, 27);
    assert.ok(some.length < segments.length && some.some(({ first, last }) => first <= 26 && last >= 26));
    assert.deepEqual(await store.log.history(B, 1, 9), []);
  });

  test('LOG-12 history expires, but for what stands behind the generation before', async (context) => {
    const { store } = await open(context);
    for (const [base, through] of [
      [0, 2],
      [2, 4],
      [4, 6],
    ] as const) {
      await store.log.append([batch(A, base + 1, 2)]);
      await store.log.compact(compaction(A, base, through));
    }
    const firsts = async (): Promise<number[]> =>
      (await store.log.history(A, 1, 9)).map(({ first }) => first);
    assert.equal(await store.log.expireHistory(1_002), 0);
    assert.equal(await store.log.expireHistory(1_003), 1);
    assert.deepEqual(await firsts(), [3, 5]);
    assert.equal(await store.log.expireHistory(Number.MAX_SAFE_INTEGER), 1);
    assert.deepEqual(await firsts(), [5]);
    assertHolds(await store.log.load(A), 6, 6);
    assert.deepEqual(await store.log.verify(), []);
  });

  test('LOG-13 the size of a document is told', async (context) => {
    const { store } = await open(context);
    assert.deepEqual(await store.log.size(A), { snapshot: 0, tail: 0, history: 0 });
    const sent = batch(A, 1, 3);
    const bytes = sizeOf(sent.entries);
    await store.log.append([sent]);
    assert.deepEqual(await store.log.size(A), { snapshot: 0, tail: bytes, history: 0 });
    await store.log.compact(compaction(A, 0, 3));
    const size = await store.log.size(A);
    assert.ok(size.snapshot > 0 && size.tail === 0 && size.history > 0 && size.history <= bytes);
  });
}

function catalogueContract(open: OpenForContract): void {
  test('CAT-1 a document enters the list with its first commit, or when it is made', async (context) => {
    let time = 100;
    const { store } = await open(context, { now: () => time });
    await store.log.append([batch(A, 1)]);
    assert.deepEqual(await store.catalogue.get(A), { document: A, title: '', created: 100, updated: 100 });
    time = 200;
    await store.log.append([batch(A, 2)]);
    await store.catalogue.setTitle(A, 'Ä title');
    assert.deepEqual(await store.catalogue.get(A), {
      document: A,
      title: 'Ä title',
      created: 100,
      updated: 200,
    });
    assert.equal(await store.catalogue.create(B, 150), true);
    assert.equal(await store.catalogue.create(B, 160), false);
    assert.equal(await store.catalogue.create(A, 160), false);
    assertHolds(await store.log.load(B), 0, 0);
    assert.deepEqual(await store.catalogue.get(B), { document: B, title: '', created: 150, updated: 150 });
    await store.log.append([batch(B, 1)]);
    assert.equal(await store.catalogue.get(parseDocumentName('c')), null);
    await rejects(store.catalogue.setTitle(parseDocumentName('c'), 't'), 'not-found');
  });

  test('CAT-2 the list has the latest change first, page by page', async (context) => {
    const { store } = await open(context);
    const names = ['x', 'a', '😀', '\uffee', 'é', 'z', 'b'].map(parseDocumentName);
    for (const [at, name] of names.entries()) await store.catalogue.create(name, 10 + Math.floor(at / 3));
    const all = await store.catalogue.list({ limit: 100 });
    assert.deepEqual(
      all.map(({ document, updated }) => `${updated} ${document}`),
      ['12 b', '11 é', '11 z', '11 \uffee', '10 😀', '10 x', '10 a'].sort(listOrder),
    );
    const paged = [];
    let page = await store.catalogue.list({ limit: 2 });
    while (page.length > 0) {
      paged.push(...page);
      const after = page.at(-1);
      page = await store.catalogue.list({ limit: 2, after });
    }
    assert.deepEqual(paged, all);
  });

  test('CAT-3 a tombstone outranks everything', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(A, 1, 3, { owners: [[1, 'ann']], pending: new Uint8Array(4) })]);
    await store.log.compact(compaction(A, 0, 2));
    await store.catalogue.delete(A, 500);
    await store.catalogue.delete(A, 900);
    await store.catalogue.delete(B, 900);
    for (const name of [A, B]) {
      await rejects(store.log.load(name), 'deleted');
      await rejects(store.log.append([batch(name, 1)]), 'deleted');
      await rejects(store.log.append([batch(name, 4)]), 'deleted');
      await rejects(store.log.compact(compaction(name, 2, 3)), 'deleted');
      await rejects(store.log.history(name, 1, 3), 'deleted');
      await rejects(store.catalogue.create(name, 600), 'deleted');
      await rejects(store.catalogue.setTitle(name, 't'), 'deleted');
      assert.equal(await store.catalogue.get(name), null);
      assert.deepEqual(await store.log.size(name), { snapshot: 0, tail: 0, history: 0 });
    }
    assert.deepEqual(await store.catalogue.list({ limit: 9 }), []);
    assert.deepEqual(await store.log.verify(), []);
  });

  test('CAT-5 all names can be walked through, those of deleted documents too', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(B, 1)]);
    await store.catalogue.create(A, 100);
    await store.catalogue.delete(parseDocumentName('gone'), 500);
    const all = [
      { document: A, deleted: null },
      { document: B, deleted: null },
      { document: parseDocumentName('gone'), deleted: 500 },
    ].toSorted((a, b) => listOrder(b.document, a.document));
    const first = await store.catalogue.names({ after: '', limit: 2 });
    assert.deepEqual(first, all.slice(0, 2));
    assert.deepEqual(
      await store.catalogue.names({ after: first[1]?.document ?? '', limit: 9 }),
      all.slice(2),
    );
  });

  test('CAT-4 tombstones are forgotten when they are old, and nothing of the document comes back', async (context) => {
    const { store } = await open(context);
    await store.log.append([batch(A, 1, 3, { owners: [[1, 'ann']] })]);
    await store.catalogue.delete(A, 500);
    await store.catalogue.delete(A, 900);
    await store.catalogue.delete(B, 900);
    assert.equal(await store.catalogue.expireTombstones(500), 0);
    assert.equal(await store.catalogue.expireTombstones(501), 1);
    assert.equal(await store.log.load(A), null);
    await rejects(store.log.load(B), 'deleted');
    await store.log.append([batch(A, 1)]);
    assertHolds(await store.log.load(A), 0, 1);
    assert.deepEqual((await store.log.load(A))?.owners, []);
    assert.deepEqual(await store.log.history(A, 1, 9), []);
  });
}

/** By time, then by the name's UTF-8 bytes, both descending. */
function listOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(b), Buffer.from(a));
}

/** Seeds that once found something join this list. */
const SEEDS = [1, 2, 3];

function randomContract(open: OpenForContract): void {
  for (const seed of SEEDS) {
    test(`LOG-14 nothing is lost between log, snapshots and history (seed ${seed})`, async (context) => {
      const { store: opened, reopen } = await open(context, { limits: { segmentBytes: 300 } });
      await randomUse(opened, reopen, mulberry32(seed));
    });
  }
}

async function randomUse(opened: Store, reopen: Opened['reopen'], random: () => number): Promise<void> {
  let store = opened;
  const upTo = (bound: number): number => Math.floor(random() * bound);
  const documents = [A, B, parseDocumentName('c')].map((name) => ({ name, base: 0, last: 0 }));
  for (let step = 0; step < 150; step += 1) {
    const document = documents[upTo(documents.length)];
    assert.ok(document !== undefined);
    const { name, base, last } = document;
    const kind = upTo(20);
    if (kind < 13) {
      const count = 1 + upTo(6);
      document.last += count;
      await store.log.append([batch(name, last + 1, count)]);
    } else if (kind < 17 && last > base) {
      const through = base + 1 + upTo(last - base);
      await store.log.compact(compaction(name, base, through));
      document.base = through;
    } else if (kind === 17) {
      await store.log.expireHistory(1_000 + upTo(last + 1));
    } else if (kind === 18 && reopen !== undefined && step % 3 === 0) {
      store = await reopen();
    } else if (last > 0) {
      assertHolds(await store.log.load(name), base, last);
      const history = await store.log.history(name, 1, last);
      const kept = history.flatMap(({ entries }) => decodeEntries(entries));
      const first = history[0]?.first ?? base + 1;
      assert.deepEqual(
        kept.map(plain),
        Array.from({ length: base + 1 - first }, (_, at) => plain(entry(first + at))),
      );
    }
  }
  assert.deepEqual(await store.log.verify(), []);
}
