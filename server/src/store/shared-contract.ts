import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { OpenForContract } from './contract.ts';
import { parseDocumentName } from './document-name.ts';
import type { DocumentName } from './document-name.ts';
import { decodeEntries } from './entries.ts';
import { assertHolds, batch, entry, plain, rejects, snapshot } from './sample.ts';
import type { SharedStore, Store } from './store.ts';

const A = parseDocumentName('a');
const B = parseDocumentName('b');
const EVER = 60_000;

/** What a store keeps to that several servers share: the rules SHARED-1 to SHARED-4 of SPEC.md. */
export function sharedContract(name: string, open: OpenForContract): void {
  const openShared = async (context: TestContext): Promise<{ store: Store; shared: SharedStore }> => {
    const { store } = await open(context);
    assert.ok(store.shared !== null);
    return { store, shared: store.shared };
  };
  describe(`${name}: shared log`, () => {
    appendContract(openShared);
    readContract(openShared);
  });
  describe(`${name}: members`, () => memberContract(openShared));
}

type OpenShared = (context: TestContext) => Promise<{ store: Store; shared: SharedStore }>;

function appendContract(open: OpenShared): void {
  test('SHARED-1 a batch gets the next numbers, wherever its writer believes the log to end', async (context) => {
    const { store, shared } = await open(context);
    assert.deepEqual(await shared.log.append([batch(A, 1, 2), batch(B, 1)]), [1, 1]);
    // The bytes say which numbers the writer believed in.
    assert.deepEqual(await shared.log.append([batch(A, 1, 3)]), [3]);
    assert.deepEqual(await shared.log.append([batch(B, 2), batch(A, 2)]), [2, 6]);
    const tail = (await store.log.load(A))?.tail.flatMap(decodeEntries).map(plain);
    assert.deepEqual(
      tail,
      [1, 2, 1, 2, 3, 2].map((number) => plain(entry(number))),
    );
    assert.deepEqual(await store.log.verify(), []);
    await store.log.append([batch(A, 7)]);
  });

  test('SHARED-1 one append may continue a document twice', async (context) => {
    const { shared } = await open(context);
    await shared.log.append([batch(A, 1, 4)]);
    assert.deepEqual(await shared.log.append([batch(A, 3, 2), batch(B, 1), batch(A, 5, 1)]), [5, 1, 7]);
  });

  test('SHARED-1 writers at once lose nothing and get numbers of their own', async (context) => {
    const { store, shared } = await open(context);
    const names = Array.from({ length: 5 }, (_, at) => parseDocumentName(`document ${at}`));
    const runs = Array.from({ length: 40 }, (_, at) =>
      shared.log.append(
        (at % 2 === 0 ? names : names.toReversed()).map((name) => batch(name, 1, 1 + (at % 3))),
      ),
    );
    const firsts = await Promise.all(runs);
    for (const [at, name] of names.entries()) {
      const taken = firsts.flatMap((found, run) => {
        const first = found[run % 2 === 0 ? at : names.length - 1 - at] ?? 0;
        return Array.from({ length: 1 + (run % 3) }, (_, offset) => first + offset);
      });
      const all = taken.toSorted((one, other) => one - other);
      assert.deepEqual(
        all,
        all.map((_, index) => index + 1),
        name,
      );
      assert.equal((await store.log.load(name))?.tail.flatMap(decodeEntries).length, all.length);
    }
  });

  test('SHARED-1 a log that ends before what its writer has read refuses the whole append', async (context) => {
    const { store, shared } = await open(context);
    await shared.log.append([batch(A, 1, 2)]);
    await rejects(shared.log.append([batch(B, 1), batch(A, 4)]), 'stale');
    await rejects(shared.log.append([batch(B, 2)]), 'stale');
    assert.equal(await store.log.load(B), null);
    assertHolds(await store.log.load(A), 0, 2);
    assert.deepEqual(await shared.log.append([batch(A, 3)]), [3]);
  });

  test('SHARED-1 a deleted document is refused as such', async (context) => {
    const { store, shared } = await open(context);
    await shared.log.append([batch(A, 1, 2)]);
    await store.catalogue.delete(A, 500);
    await rejects(shared.log.append([batch(A, 3)]), 'deleted');
    await rejects(shared.log.append([batch(A, 1)]), 'deleted');
    await rejects(shared.log.read(A, 0), 'deleted');
  });
}

function readContract(open: OpenShared): void {
  const numbers = async (shared: SharedStore, name: DocumentName, after: number): Promise<unknown> => {
    const rows = await shared.log.read(name, after);
    return rows?.flatMap(({ first, count, entries }) => {
      const decoded = decodeEntries(entries);
      assert.equal(decoded.length, count);
      return decoded.map((one, at) => {
        assert.deepEqual(plain(one), plain(entry(first + at)));
        return first + at;
      });
    });
  };

  test('SHARED-2 what stands behind a number is read, also when it was compacted meanwhile', async (context) => {
    const { store, shared } = await open(context);
    assert.deepEqual(await shared.log.read(A, 0), []);
    await shared.log.append([batch(A, 1, 2)]);
    await shared.log.append([batch(A, 3, 4)]);
    await shared.log.append([batch(A, 7)]);
    assert.deepEqual(await numbers(shared, A, 2), [3, 4, 5, 6, 7]);
    assert.deepEqual(await numbers(shared, A, 4), [3, 4, 5, 6, 7]);
    assert.deepEqual(await numbers(shared, A, 6), [7]);
    assert.deepEqual(await numbers(shared, A, 7), []);
    await store.log.compact({ document: A, base: 0, snapshot: snapshot(4) });
    assert.deepEqual(await numbers(shared, A, 4), [5, 6, 7]);
    assert.deepEqual(await numbers(shared, A, 3), [1, 2, 3, 4, 5, 6, 7]);
    await store.log.compact({ document: A, base: 4, snapshot: snapshot(7) });
    assert.deepEqual(await numbers(shared, A, 5), [5, 6, 7]);
    assert.deepEqual(await numbers(shared, A, 7), []);
  });

  test('SHARED-2 what is not kept as it came any more is told', async (context) => {
    const { store, shared } = await open(context);
    await shared.log.append([batch(A, 1, 4)]);
    await store.log.compact({ document: A, base: 0, snapshot: snapshot(2) });
    await store.log.compact({ document: A, base: 2, snapshot: snapshot(4) });
    await store.log.expireHistory(1_000_000);
    assert.equal(await shared.log.read(A, 0), null);
    assert.deepEqual(await numbers(shared, A, 2), [3, 4]);
    assert.deepEqual(await shared.log.read(A, 4), []);
  });

  test('SHARED-3 where logs end is told in one answer', async (context) => {
    const { store, shared } = await open(context);
    const gone = parseDocumentName('gone');
    await shared.log.append([batch(A, 1, 3), batch(gone, 1)]);
    await store.catalogue.create(B, 100);
    await store.catalogue.delete(gone, 500);
    const ends = await shared.log.ends([A, B, gone, parseDocumentName('never')]);
    assert.deepEqual(
      ends,
      new Map([
        [A, 3],
        [B, 0],
        [gone, null],
      ]),
    );
    assert.deepEqual(await shared.log.ends([]), new Map());
  });
}

function memberContract(open: OpenShared): void {
  const member = (node: string, life = '1'): { node: string; incarnation: string; address: string } => ({
    node,
    incarnation: life,
    address: `${node}:1`,
  });

  test('SHARED-4 who says that it lives is told of the others, and nobody of who has left or was silent', async (context) => {
    const { members } = (await open(context)).shared;
    assert.deepEqual(await members.beat(member('a'), EVER), []);
    assert.deepEqual(await members.beat(member('b'), EVER), [member('a')]);
    assert.deepEqual(await members.beat(member('a', '2'), EVER), [member('b')]);
    assert.deepEqual(await members.beat(member('b'), EVER), [member('a', '2')]);
    // A life before does not take the present one along.
    await members.leave(member('a'));
    assert.deepEqual(await members.beat(member('b'), EVER), [member('a', '2')]);
    await members.leave(member('a', '2'));
    assert.deepEqual(await members.beat(member('c'), EVER), [member('b')]);
    let found = await members.beat(member('c'), 1);
    for (let tries = 0; found.length > 0 && tries < 1_000; tries += 1)
      found = await members.beat(member('c'), 1);
    assert.deepEqual(found, []);
  });

  test('SHARED-4 all are of the cluster that was proposed first', async (context) => {
    const { members } = (await open(context)).shared;
    const proposals = [1, 2, 3].map((created) => ({ id: `${created}`.repeat(32), created }));
    const [first, ...others] = await Promise.all(proposals.map((proposed) => members.cluster(proposed)));
    assert.ok(first !== undefined && proposals.some(({ id }) => id === first.id));
    for (const other of others) assert.deepEqual(other, first);
  });
}
