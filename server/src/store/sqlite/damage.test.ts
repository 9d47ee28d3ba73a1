import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { parseDocumentName } from '../document-name.ts';
import { decodeEntries } from '../entries.ts';
import type { Store } from '../store.ts';
import { assertHolds, batch, entry, packed, rejects, snapshot } from '../sample.ts';
import { folderFor, withStore } from './appending-run.ts';

const A = parseDocumentName('a');
const B = parseDocumentName('b');

/** A folder with `a`, of 9 updates and snapshots through 3 and 6, and a sound `b`. */
async function filled(context: TestContext): Promise<string> {
  const folder = folderFor(context);
  await withStore(folder, async ({ log }) => {
    await log.append([batch(A, 1, 3, { owners: [[1, 'ann']], pending: packed(1) }), batch(B, 1, 2)]);
    await log.compact({ document: A, base: 0, snapshot: snapshot(3) });
    await log.append([batch(A, 4, 5)]);
    await log.compact({ document: A, base: 3, snapshot: snapshot(6) });
    await log.append([batch(A, 9, 1)]);
  });
  return folder;
}

/** Changes rows as no statement of the store would. */
function damage(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, 'sheaf.db'));
  try {
    assert.ok(Number(database.prepare(sql).run().changes) > 0, sql);
  } finally {
    database.close();
  }
}

/** SQL for the bytes of a column with one byte in the middle changed. */
function flipped(column: string): string {
  return `cast(substr(${column}, 1, 4) || x'ff' || substr(${column}, 6) AS BLOB)`;
}

const OF_A = `document = (SELECT id FROM documents WHERE name = 'a')`;

/** What load gives for `a`: where its snapshot ends and what lies behind, as authors' numbers. */
async function loaded(store: Store): Promise<{ through: number; entries: unknown[] }> {
  const stored = await store.log.load(A);
  const entries = stored?.tail.flatMap(decodeEntries) ?? [];
  return { through: stored?.snapshot?.through ?? 0, entries: entries.map(({ time }) => time - 1_000) };
}

describe('sqlite store: damage', () => {
  const current = `${OF_A} AND through = 6`;
  const mendable = {
    'bytes of the snapshot': `UPDATE snapshots SET content = ${flipped('content')} WHERE ${current}`,
    'bytes of its state vector': `UPDATE snapshots SET state_vector = ${flipped('state_vector')} WHERE ${current}`,
    'bytes of its delete set': `UPDATE snapshots SET delete_set = ${flipped('delete_set')} WHERE ${current}`,
    'a length': `UPDATE snapshots SET content = substr(content, 1, 5) WHERE ${current}`,
    'where it ends': `UPDATE snapshots SET through = 1000000 WHERE ${current}`,
  };
  for (const [what, sql] of Object.entries(mendable)) {
    test(`LOG-22 a damaged snapshot is mended from the generation before (${what})`, async (context) => {
      const folder = await filled(context);
      damage(folder, sql);
      await withStore(folder, async (store) => {
        assert.ok((await store.log.verify()).length > 0, 'verify finds it');
        assertHolds(await store.log.load(A), 3, 9);
        await store.log.append([batch(A, 10)]);
        assertHolds(await store.log.load(A), 3, 10);
        await store.log.compact({ document: A, base: 3, snapshot: snapshot(10) });
        assertHolds(await store.log.load(A), 10, 10);
        assert.deepEqual(await store.log.verify(), []);
      });
    });
  }

  test('LOG-22 a damaged first snapshot is mended from history alone', async (context) => {
    const folder = folderFor(context);
    await withStore(folder, async ({ log }) => {
      await log.append([batch(A, 1, 3)]);
      await log.compact({ document: A, base: 0, snapshot: snapshot(2) });
    });
    damage(folder, `UPDATE snapshots SET content = ${flipped('content')}`);
    await withStore(folder, async (store) => {
      assert.deepEqual(await loaded(store), { through: 0, entries: [1, 2, 3] });
      await store.log.compact({ document: A, base: 0, snapshot: snapshot(3) });
      assertHolds(await store.log.load(A), 3, 3);
      assert.deepEqual(await store.log.verify(), []);
    });
  });

  const fatal = {
    'bytes of the log': [`UPDATE updates SET entries = ${flipped('entries')} WHERE ${OF_A}`],
    'a number in the log': [`UPDATE updates SET first = first + 100 WHERE ${OF_A} AND first = 9`],
    'a row of another document': [
      `UPDATE updates SET document = 77 WHERE ${OF_A}`,
      `UPDATE updates SET document = (SELECT id FROM documents WHERE name = 'a') WHERE document <> 77`,
    ],
    'a missing row': [`DELETE FROM updates WHERE ${OF_A} AND first = 9`],
    'a missing first row': [`DELETE FROM updates WHERE ${OF_A} AND first = 7`],
    'pending updates': [`UPDATE pending SET entries = ${flipped('entries')} WHERE ${OF_A}`],
    'an owner': [`UPDATE owners SET author = 'eve' WHERE ${OF_A}`],
    'the name': [`UPDATE documents SET crc = crc + 1 WHERE name = 'a'`],
    'both snapshots': [`UPDATE snapshots SET content = ${flipped('content')} WHERE ${OF_A}`],
    'a snapshot and the history behind it': [
      `UPDATE snapshots SET content = ${flipped('content')} WHERE ${current}`,
      `UPDATE history SET entries = ${flipped('entries')} WHERE ${OF_A} AND first = 4`,
    ],
    'a snapshot, and history is missing': [
      `UPDATE snapshots SET content = ${flipped('content')} WHERE ${current}`,
      `DELETE FROM history WHERE ${OF_A} AND first = 4`,
    ],
    'a lost snapshot': [`DELETE FROM snapshots WHERE ${OF_A}`],
  };
  for (const [what, sql] of Object.entries(fatal)) {
    test(`LOG-23 a document that cannot be mended does not load and is not written (${what})`, async (context) => {
      const folder = await filled(context);
      for (const statement of sql) damage(folder, statement);
      await withStore(folder, async (store) => {
        await rejects(store.log.load(A), 'corrupt');
        await rejects(store.log.append([batch(A, 10)]), 'corrupt');
        await rejects(store.log.compact({ document: A, base: 6, snapshot: snapshot(9) }), 'corrupt');
        const findings = await store.log.verify();
        assert.ok(
          findings.some((finding) => finding.startsWith('a: ')),
          findings.join('; '),
        );
        assert.ok(store.healthy(), 'the others go on');
        if (what !== 'a row of another document') {
          assertHolds(await store.log.load(B), 0, 2);
          await store.log.append([batch(B, 3)]);
        }
      });
    });
  }

  test('LOG-24 damaged history is found and not given out, and the document goes on', async (context) => {
    for (const column of ['entries', 'hash']) {
      const folder = await filled(context);
      damage(folder, `UPDATE history SET ${column} = ${flipped(column)} WHERE ${OF_A} AND first = 1`);
      await withStore(folder, async (store) => {
        await rejects(store.log.history(A, 1, 3), 'corrupt');
        assert.equal((await store.log.history(A, 4, 9)).length, 1);
        assertHolds(await store.log.load(A), 6, 9);
        assert.equal((await store.log.verify(A)).length, 1);
      });
    }
  });

  test('LOG-22 what a checksum covers is what was sent', async (context) => {
    const folder = await filled(context);
    await withStore(folder, async (store) => {
      assert.deepEqual(await loaded(store), { through: 6, entries: [7, 8, 9] });
      assert.deepEqual((await store.log.load(A))?.tail.flatMap(decodeEntries)[0]?.author, entry(7).author);
      assert.deepEqual(await store.log.verify(), []);
    });
  });
});
