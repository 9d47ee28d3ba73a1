import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { parseDocumentName } from '../document-name.ts';
import { decodeEntries } from '../entries.ts';
import { assertHolds, batch, packed, rejects, snapshot } from '../sample.ts';
import type { Store } from '../store.ts';
import { openPostgresStore } from './postgres-store.ts';
import { NO_POSTGRES, startTestServer } from './server-for-tests.ts';
import type { TestServer } from './server-for-tests.ts';

const server = await startTestServer();
const A = parseDocumentName('a');
const B = parseDocumentName('b');

/** SQL for the bytes of a column with one byte changed. */
function flipped(column: string): string {
  return `set_byte(${column}, 4, 255 - get_byte(${column}, 4))`;
}

const OF_A = `document = (SELECT id FROM sheaf.documents WHERE name = 'a')`;
const CURRENT = `${OF_A} AND through = 6`;

const MENDABLE = {
  'bytes of the snapshot': `UPDATE sheaf.snapshots SET content = ${flipped('content')} WHERE ${CURRENT}`,
  'bytes of its state vector': `UPDATE sheaf.snapshots SET state_vector = ${flipped('state_vector')} WHERE ${CURRENT}`,
  'bytes of its delete set': `UPDATE sheaf.snapshots SET delete_set = ${flipped('delete_set')} WHERE ${CURRENT}`,
  'a length': `UPDATE sheaf.snapshots SET content = substr(content, 1, 5) WHERE ${CURRENT}`,
  'where it ends': `UPDATE sheaf.snapshots SET through = 1000000 WHERE ${CURRENT}`,
};

const FATAL = {
  'bytes of the log': [`UPDATE sheaf.updates SET entries = ${flipped('entries')} WHERE ${OF_A}`],
  'a number in the log': [`UPDATE sheaf.updates SET first = first + 100 WHERE ${OF_A} AND first = 9`],
  'a row of another document': [
    `DELETE FROM sheaf.updates WHERE ${OF_A} AND first = 9`,
    `UPDATE sheaf.updates SET first = 9, document = (SELECT id FROM sheaf.documents WHERE name = 'a') WHERE first = 1`,
  ],
  'a missing row': [`DELETE FROM sheaf.updates WHERE ${OF_A} AND first = 9`],
  'a missing first row': [`DELETE FROM sheaf.updates WHERE ${OF_A} AND first = 7`],
  'pending updates': [`UPDATE sheaf.pending SET entries = ${flipped('entries')} WHERE ${OF_A}`],
  'an owner': [`UPDATE sheaf.owners SET author = 'eve' WHERE ${OF_A}`],
  'the name': [`UPDATE sheaf.documents SET crc = crc + 1 WHERE name = 'a'`],
  'both snapshots': [`UPDATE sheaf.snapshots SET content = ${flipped('content')} WHERE ${OF_A}`],
  'a snapshot and the history behind it': [
    `UPDATE sheaf.snapshots SET content = ${flipped('content')} WHERE ${CURRENT}`,
    `UPDATE sheaf.history SET entries = ${flipped('entries')} WHERE ${OF_A} AND first = 4`,
  ],
  'a snapshot, and history is missing': [
    `UPDATE sheaf.snapshots SET content = ${flipped('content')} WHERE ${CURRENT}`,
    `DELETE FROM sheaf.history WHERE ${OF_A} AND first = 4`,
  ],
  'a lost snapshot': [`DELETE FROM sheaf.snapshots WHERE ${OF_A}`],
};

/** A store with `a`, of 9 updates and snapshots through 3 and 6, and a sound `b`. */
async function filled(
  context: TestContext,
  postgres: TestServer,
): Promise<{ store: Store; damage: (sql: string) => Promise<void> }> {
  const url = await postgres.createDatabase();
  const store = await openPostgresStore({ url, fsync: 'full' });
  context.after(() => store.close());
  const { log } = store;
  const pending = packed(1);
  await log.append([batch(A, 1, 3, { owners: [[1, 'ann']], pending }), batch(B, 1, 2)]);
  await log.compact({ document: A, base: 0, snapshot: snapshot(3) });
  await log.append([batch(A, 4, 5)]);
  await log.compact({ document: A, base: 3, snapshot: snapshot(6) });
  await log.append([batch(A, 9, 1)]);
  const damage = async (sql: string): Promise<void> => {
    const changed = await postgres.run(`WITH changed AS (${sql} RETURNING 1) SELECT FROM changed`, url);
    assert.ok(changed.length > 0, sql);
  };
  return { store, damage };
}

function damages(postgres: TestServer): void {
  for (const [what, sql] of Object.entries(MENDABLE)) {
    test(`LOG-22 a damaged snapshot is mended from the generation before (${what})`, async (context) => {
      const { store, damage } = await filled(context, postgres);
      await damage(sql);
      assert.ok((await store.log.verify()).length > 0, 'verify finds it');
      assertHolds(await store.log.load(A), 3, 9);
      await store.log.append([batch(A, 10)]);
      assertHolds(await store.log.load(A), 3, 10);
      await store.log.compact({ document: A, base: 3, snapshot: snapshot(10) });
      assertHolds(await store.log.load(A), 10, 10);
      assert.deepEqual(await store.log.verify(), []);
    });
  }

  test('LOG-22 a damaged first snapshot is mended from history alone', async (context) => {
    const url = await postgres.createDatabase();
    const store = await openPostgresStore({ url, fsync: 'full' });
    context.after(() => store.close());
    await store.log.append([batch(A, 1, 3)]);
    await store.log.compact({ document: A, base: 0, snapshot: snapshot(2) });
    await postgres.run(`UPDATE sheaf.snapshots SET content = ${flipped('content')}`, url);
    const loaded = await store.log.load(A);
    assert.equal(loaded?.snapshot, null);
    assert.deepEqual(
      loaded?.tail.flatMap(decodeEntries).map(({ time }) => time - 1_000),
      [1, 2, 3],
    );
    await store.log.compact({ document: A, base: 0, snapshot: snapshot(3) });
    assertHolds(await store.log.load(A), 3, 3);
    assert.deepEqual(await store.log.verify(), []);
  });

  for (const [what, sql] of Object.entries(FATAL)) {
    test(`LOG-23 a document that cannot be mended does not load and is not written (${what})`, async (context) => {
      const { store, damage } = await filled(context, postgres);
      for (const statement of sql) await damage(statement);
      await rejects(store.log.load(A), 'corrupt');
      await rejects(store.log.append([batch(A, 10)]), 'corrupt');
      await rejects(store.log.compact({ document: A, base: 6, snapshot: snapshot(9) }), 'corrupt');
      const findings = await store.log.verify();
      assert.ok(
        findings.some((finding) => finding.startsWith('a: ')),
        findings.join('; '),
      );
      assert.ok(store.healthy(), 'the others go on');
      if (what === 'a row of another document') return;
      assertHolds(await store.log.load(B), 0, 2);
      await store.log.append([batch(B, 3)]);
    });
  }

  test('LOG-24 damaged history is found and not given out, and the document goes on', async (context) => {
    for (const column of ['entries', 'hash']) {
      const { store, damage } = await filled(context, postgres);
      await damage(`UPDATE sheaf.history SET ${column} = ${flipped(column)} WHERE ${OF_A} AND first = 1`);
      await rejects(store.log.history(A, 1, 3), 'corrupt');
      assert.equal((await store.log.history(A, 4, 9)).length, 1);
      assertHolds(await store.log.load(A), 6, 9);
      assert.equal((await store.log.verify(A)).length, 1);
    }
  });
}

if (server === null) test('damage in a database', { skip: NO_POSTGRES });
else describe('postgres store: damage', () => damages(server));
