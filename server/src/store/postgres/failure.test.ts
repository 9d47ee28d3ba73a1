import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { SheafError } from '../../error.ts';
import { parseDocumentName } from '../document-name.ts';
import type { DocumentName } from '../document-name.ts';
import { decodeEntries, encodeEntries } from '../entries.ts';
import { rejects, snapshot } from '../sample.ts';
import type { Store } from '../store.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import type { Cut } from './cutting-proxy.ts';
import { openPostgresStore } from './postgres-store.ts';
import type { PostgresStoreOptions } from './postgres-store.ts';
import { NO_POSTGRES, startTestServer } from './server-for-tests.ts';
import type { TestServer } from './server-for-tests.ts';

const server = await startTestServer();
const A = parseDocumentName('a');
const LOOK_MS = 5;

interface ThroughProxy {
  readonly store: Store;
  readonly proxy: CuttingProxy;
  /** Past the proxy. */
  readonly url: string;
}

/** A store whose connections go through a proxy. */
async function openThroughProxy(
  context: TestContext,
  postgres: TestServer,
  limits: PostgresStoreOptions['limits'] = {},
): Promise<ThroughProxy> {
  const url = await postgres.createDatabase();
  const proxy = new CuttingProxy(postgres.port);
  const port = await proxy.listen();
  const store = await openPostgresStore({
    url: url.replace(`:${postgres.port}/`, `:${port}/`),
    fsync: 'full',
    limits: { reconnectMs: LOOK_MS, probeMs: 20, ...limits },
  });
  context.after(async () => {
    proxy.refuse(false);
    proxy.release();
    await store.close();
    await proxy.close();
  });
  return { store, proxy, url };
}

async function untilHealthy(store: Store): Promise<void> {
  while (!store.healthy()) await wait(LOOK_MS);
}

/** The authors of a document's updates, in order: each append in these tests has one of its own. */
async function authorsIn(store: Store, name: DocumentName): Promise<string[]> {
  const stored = await store.log.load(name);
  return stored?.tail.flatMap(decodeEntries).map(({ author }) => author) ?? [];
}

function append(store: Store, number: number, author = `author ${number}`): Promise<void> {
  const entries = encodeEntries([{ update: new Uint8Array([number % 256]), author, time: number }]);
  return store.log.append([{ document: A, first: number, count: 1, entries: [entries], owners: [] }]);
}

function expected(last: number): string[] {
  return Array.from({ length: last }, (_, at) => `author ${at + 1}`);
}

function outages(postgres: TestServer): void {
  for (const how of ['both', 'client-only'] as const satisfies Cut[]) {
    test(`LOG-27 a connection cut at any point of a commit neither loses nor doubles it (${how})`, async (context) => {
      const { store, proxy } = await openThroughProxy(context, postgres);
      // Prepares the statement, so that what follows is as long for each commit.
      await append(store, 1);
      const before = { ...proxy.forwarded };
      await append(store, 2);
      const asked = proxy.forwarded.client - before.client;
      const answered = proxy.forwarded.database - before.database;
      assert.ok(asked > 200 && answered > 30, `${asked} and ${answered} bytes`);
      let number = 2;
      const points = [
        ...Array.from({ length: Math.ceil(asked / 23) }, (_, at) => ['client', at * 23] as const),
        ['client', asked] as const,
        ...Array.from({ length: answered + 1 }, (_, at) => ['database', at] as const),
      ];
      for (const [side, bytes] of points) {
        // A new connection prepares the statement anew: another commit comes first.
        await append(store, (number += 1));
        proxy.cutAfter(side, bytes, how);
        await append(store, (number += 1));
        while (proxy.cutting) await append(store, (number += 1));
      }
      context.diagnostic(`cut at ${points.length} points of ${asked} bytes asked and ${answered} answered`);
      await untilHealthy(store);
      assert.deepEqual(await authorsIn(store, A), expected(number));
      assert.deepEqual(await store.log.verify(), []);
    });
  }

  test('LOG-26 commits wait out a short outage, then are refused, and go on when it is over', async (context) => {
    const { store, proxy } = await openThroughProxy(context, postgres, { outageMs: 300 });
    await append(store, 1);
    proxy.refuse(true);
    proxy.cutAll();
    while (store.healthy()) await wait(LOOK_MS);
    const waiting = append(store, 2);
    proxy.refuse(false);
    await waiting;

    proxy.refuse(true);
    proxy.cutAll();
    while (store.healthy()) await wait(LOOK_MS);
    const refused = [append(store, 3, 'refused'), append(store, 4, 'refused')];
    for (const one of refused) await rejects(one, 'storage-unavailable');
    assert.equal(store.healthy(), false);
    const started = performance.now();
    await rejects(append(store, 3, 'refused'), 'storage-unavailable');
    await rejects(store.catalogue.setTitle(A, 't'), 'storage-unavailable');
    await rejects(store.log.compact({ document: A, base: 0, snapshot: snapshot(2) }), 'storage-unavailable');
    assert.ok(performance.now() - started < 200, 'refused at once');
    await rejects(store.log.load(A), 'storage-unavailable');
    proxy.refuse(false);
    await untilHealthy(store);
    assert.deepEqual(await authorsIn(store, A), expected(2));
    await append(store, 3);
    assert.deepEqual(await authorsIn(store, A), expected(3));
  });

  test('LOG-26 a commit that was refused while its answer was lost is there once or not at all', async (context) => {
    const { store, proxy } = await openThroughProxy(context, postgres, { outageMs: 100 });
    for (const [side, bytes] of [
      ['client', 0],
      ['database', 0],
    ] as const) {
      const last = (await authorsIn(store, A)).length;
      await append(store, last + 1);
      proxy.cutAfter(side, bytes, 'both');
      const inDoubt = append(store, last + 2, 'in doubt');
      while (proxy.cutting) await wait(1);
      proxy.refuse(true);
      // On loopback the new connection may be faster than this line.
      const outcome = await inDoubt.then(
        () => 'there',
        (thrown: unknown) => SheafError.from(thrown).code,
      );
      assert.ok(['there', 'storage-unavailable'].includes(outcome), outcome);
      proxy.refuse(false);
      await untilHealthy(store);
      const found = await authorsIn(store, A);
      assert.ok(found.filter((author) => author === 'in doubt').length <= 2);
      if (outcome === 'there') assert.equal(found.length, last + 2);
      await append(store, found.length + 1);
      assert.equal((await authorsIn(store, A)).length, found.length + 1);
      assert.deepEqual(await store.log.verify(), []);
    }
  });

  test('LOG-26 an outage while nothing is written goes unnoticed', async (context) => {
    const { store, proxy } = await openThroughProxy(context, postgres);
    await append(store, 1);
    assert.deepEqual(await authorsIn(store, A), expected(1));
    proxy.cutAll();
    await append(store, 2);
    await untilHealthy(store);
    assert.deepEqual(await authorsIn(store, A), expected(2));
  });

  test('ACK-1 a slow database makes commits late, and nothing else', async (context) => {
    const { store, proxy } = await openThroughProxy(context, postgres);
    await append(store, 1);
    proxy.hold();
    let acknowledged = 0;
    const late = [2, 3].map((number) => append(store, number).then(() => (acknowledged += 1)));
    await wait(200);
    assert.equal(acknowledged, 0);
    assert.equal(store.healthy(), true);
    proxy.release();
    await Promise.all(late);
    assert.deepEqual(await authorsIn(store, A), expected(3));
  });

  test('LOG-27 a connection that has gone silent is given up, and the commit is done on another', async (context) => {
    const { store, proxy } = await openThroughProxy(context, postgres, { answerMs: 300, connectMs: 300 });
    await append(store, 1);
    proxy.hold();
    const late = append(store, 2);
    while (store.healthy()) await wait(LOOK_MS);
    proxy.release();
    await late;
    assert.deepEqual(await authorsIn(store, A), expected(2));
  });

  test('LOG-19 killing the database in the middle of commits loses nothing acknowledged, and doubles nothing', async (context) => {
    const { store } = await openThroughProxy(context, postgres, { outageMs: 300_000 });
    let number = 0;
    for (let round = 0; round < 5; round += 1) {
      const killed = wait(20 + round * 17).then(async () => {
        await postgres.kill();
        await postgres.start();
      });
      const state = { over: false };
      void killed.then(() => (state.over = true));
      while (!state.over) await append(store, (number += 1));
      await killed;
    }
    context.diagnostic(`${number} commits`);
    await untilHealthy(store);
    assert.deepEqual(await authorsIn(store, A), expected(number));
    assert.deepEqual(await store.log.verify(), []);
  });

  test('LOG-27 a writer whose row is gone begins a new one', async (context) => {
    const { store, url } = await openThroughProxy(context, postgres);
    await append(store, 1);
    await postgres.run('DELETE FROM sheaf.writers', url);
    await append(store, 2);
    assert.deepEqual(await authorsIn(store, A), expected(2));
  });

  test('LOG-15 a database that has become read-only refuses commits, and takes them again', async (context) => {
    const { store, url } = await openThroughProxy(context, postgres, { outageMs: 100 });
    await append(store, 1);
    const name = new URL(url).pathname.slice(1);
    await postgres.run(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await postgres.run(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
    );
    await rejects(append(store, 2), 'storage-unavailable');
    assert.equal(store.healthy(), false);
    await rejects(openPostgresStore({ url, fsync: 'full' }), 'storage-unavailable');
    await postgres.run(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await untilHealthy(store);
    await append(store, 2);
    assert.deepEqual(await authorsIn(store, A), expected(2));
  });
}

if (server === null) test('failures of a database', { skip: NO_POSTGRES });
else describe('postgres store: a database that fails', () => outages(server));
