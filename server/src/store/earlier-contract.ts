import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenForContract } from './contract.ts';
import { parseDocumentName } from './document-name.ts';
import { decodeEntries } from './entries.ts';
import { assertHolds, batch, entry, packed, plain, rejects, snapshot } from './sample.ts';
import { cutRows } from './segments.ts';

const A = parseDocumentName('a');
/** Entries of another server's history, and bytes of its segments. */
const COUNT = 30;
const SEGMENT_BYTES = 400;

/** What a store keeps to that takes other servers' history: the rule LOG-32 of SPEC.md. */
export function earlierContract(name: string, open: OpenForContract): void {
  test(`${name}: LOG-32 what another server kept of before stands below number 1, in order, and goes with the document`, async (context) => {
    const { store, reopen } = await open(context);
    const { earlier } = store;
    assert.ok(earlier !== null);
    const { segments } = cutRows(
      [{ first: 1, count: COUNT, entries: packed(1, COUNT) }],
      COUNT,
      SEGMENT_BYTES,
    );
    assert.ok(segments.length > 2);
    const latest = segments.at(-1);
    assert.ok(latest !== undefined);
    await rejects(earlier.prepend(A, latest), 'not-found');
    await store.log.append([batch(A, 1, 4)]);
    await earlier.prepend(A, latest);
    await store.log.compact({ document: A, base: 0, snapshot: snapshot(4) });
    for (const segment of segments.slice(0, -1).reverse()) await earlier.prepend(A, segment);
    const all = await store.log.history(A, -COUNT, COUNT);
    assert.deepEqual(
      all.flatMap(({ entries }) => decodeEntries(entries).map(plain)),
      [...Array.from({ length: COUNT }, (_, at) => at + 1), 1, 2, 3, 4].map((number) => plain(entry(number))),
    );
    let next = 1 - COUNT;
    for (const { first, last } of all) {
      assert.equal(first, next);
      next = last + 1;
    }
    assert.deepEqual(await store.log.verify(), []);
    assertHolds(await store.log.load(A), 4, 4);
    await store.log.append([batch(A, 5)]);
    const again = reopen === undefined ? store : await reopen();
    assert.equal((await again.log.history(A, -COUNT, 0)).length, segments.length);
    await again.catalogue.delete(A, 500);
    await rejects(again.log.history(A, -COUNT, 0), 'deleted');
    assert.ok(again.earlier !== null);
    await rejects(again.earlier.prepend(A, latest), 'deleted');
  });
}
