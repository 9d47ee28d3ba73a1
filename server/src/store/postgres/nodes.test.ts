import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { SheafError } from '../../error.ts';
import { parseDocumentName } from '../document-name.ts';
import type { DocumentName } from '../document-name.ts';
import { decodeEntries, encodeEntries } from '../entries.ts';
import { assertHolds, batch, rejects, snapshot } from '../sample.ts';
import type { Store, StoredDocument } from '../store.ts';
import { openPostgresStore } from './postgres-store.ts';
import type { PostgresStoreOptions } from './postgres-store.ts';
import { NO_POSTGRES, startTestServer } from './server-for-tests.ts';
import type { TestServer } from './server-for-tests.ts';

const server = await startTestServer();
const A = parseDocumentName('a');
const B = parseDocumentName('b');

/** Several nodes' stores on one new database. */
async function openNodes(
  context: TestContext,
  postgres: TestServer,
  count: number,
  limits: PostgresStoreOptions['limits'] = {},
): Promise<{ nodes: Store[]; url: string }> {
  const url = await postgres.createDatabase();
  const nodes = await Promise.all(
    Array.from({ length: count }, () => openPostgresStore({ url, fsync: 'full', limits })),
  );
  context.after(() => Promise.all(nodes.map((node) => node.close())));
  return { nodes, url };
}

function lastOf(stored: StoredDocument | null): number {
  return (stored?.snapshot?.through ?? 0) + (stored?.tail.flatMap(decodeEntries).length ?? 0);
}

function isStale(thrown: unknown): boolean {
  return thrown instanceof SheafError && thrown.code === 'stale';
}

/** Appends as a server does that shares a document: when another was there first, it reads and appends behind it. */
async function appendSomewhere(store: Store, name: DocumentName, author: string): Promise<number> {
  for (let met = 0; ; met += 1) {
    const first = lastOf(await store.log.load(name)) + 1;
    const entries = encodeEntries([{ update: new Uint8Array([1, 2, 3]), author, time: 1 }]);
    try {
      await store.log.append([{ document: name, first, count: 1, entries: [entries], owners: [] }]);
      return met;
    } catch (thrown) {
      if (!isStale(thrown)) throw thrown;
    }
  }
}

/** Every author of a document's updates, those in history too. */
async function allAuthors(store: Store, name: DocumentName): Promise<string[]> {
  const stored = await store.log.load(name);
  const history = await store.log.history(name, 1, Number.MAX_SAFE_INTEGER);
  const packed = [...history.map(({ entries }) => entries), ...(stored?.tail ?? [])];
  return packed.flatMap((part) => decodeEntries(part)).map(({ author }) => author);
}

function sharing(postgres: TestServer): void {
  test('LOG-30 nodes that append to and compact the same documents lose nothing, and one of them compacts', async (context) => {
    const { nodes } = await openNodes(context, postgres, 3);
    const [observer] = nodes;
    assert.ok(observer !== undefined);
    const written = new Map<DocumentName, Set<string>>([
      [A, new Set()],
      [B, new Set()],
    ]);
    const tally = { writing: nodes.length, met: 0, compacted: 0, stale: 0, loads: 0 };
    const write = async (store: Store, node: number): Promise<void> => {
      for (let at = 0; at < 60; at += 1) {
        for (const name of [A, B]) {
          const author = `node ${node}, update ${at}`;
          tally.met += await appendSomewhere(store, name, author);
          written.get(name)?.add(author);
        }
      }
      tally.writing -= 1;
    };
    const compact = async (store: Store): Promise<void> => {
      while (tally.writing > 0) {
        const stored = await store.log.load(A);
        // What a load gives has no gap, whoever is writing: it would be `corrupt` else.
        tally.loads += 1;
        const base = stored?.snapshot?.through ?? 0;
        const through = lastOf(stored);
        if (through === base) continue;
        try {
          await store.log.compact({ document: A, base, snapshot: snapshot(through) });
          tally.compacted += 1;
        } catch (thrown) {
          assert.ok(isStale(thrown), String(thrown));
          tally.stale += 1;
        }
      }
    };
    await Promise.all(nodes.flatMap((store, node) => [write(store, node), compact(store)]));
    context.diagnostic(JSON.stringify(tally));
    assert.ok(tally.met > 0 && tally.compacted > 0 && tally.stale > 0, 'they met');
    for (const name of [A, B]) {
      const found = await allAuthors(observer, name);
      assert.equal(found.length, 180);
      assert.deepEqual(new Set(found), written.get(name));
    }
    assert.deepEqual(await observer.log.verify(), []);
  });

  test('LOG-30 commits of many documents of two nodes do not block each other for good', async (context) => {
    const { nodes } = await openNodes(context, postgres, 2);
    const names = Array.from({ length: 40 }, (_, at) => parseDocumentName(`document ${at}`));
    const outcomes = { there: 0, stale: 0 };
    const run = async (store: Store, order: DocumentName[]): Promise<void> => {
      for (let first = 1; first <= 30; first += 1) {
        try {
          await store.log.append(order.map((name) => batch(name, first)));
          outcomes.there += 1;
        } catch (thrown) {
          assert.ok(isStale(thrown), String(thrown));
          outcomes.stale += 1;
        }
      }
    };
    const [one, other] = nodes;
    assert.ok(one !== undefined && other !== undefined);
    await Promise.all([run(one, names), run(other, names.toReversed())]);
    assert.deepEqual(outcomes, { there: 30, stale: 30 });
    for (const name of names) assertHolds(await one.log.load(name), 0, 30);
  });

  test('LOG-31 of nodes that want to compact, one does, and a lease that ran out is taken', async (context) => {
    const { nodes, url } = await openNodes(context, postgres, 2, { leaseMs: 200 });
    const [one, other] = nodes;
    assert.ok(one !== undefined && other !== undefined);
    await one.log.append([batch(A, 1, 4)]);
    const outcomes = await Promise.allSettled(
      nodes.map((node) => node.log.compact({ document: A, base: 0, snapshot: snapshot(4) })),
    );
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await one.log.append([batch(A, 5, 2)]);
    // As a node does that took the lease and then died.
    const take = `UPDATE sheaf.leases SET epoch = epoch + 1, holder = gen_random_uuid(), until = clock_timestamp() + interval '0.2 s'`;
    await postgres.run(take, url);
    const compaction = { document: A, base: 4, snapshot: snapshot(6) };
    await assert.rejects(other.log.compact(compaction), /Another node is compacting "a"/);
    for (;;) {
      try {
        await other.log.compact(compaction);
        break;
      } catch (thrown) {
        assert.ok(isStale(thrown), String(thrown));
      }
    }
    assertHolds(await one.log.load(A), 6, 6);
  });

  test('LOG-31 a lease of a node that is gone is free at once', async (context) => {
    const { nodes, url } = await openNodes(context, postgres, 2);
    const [one, other] = nodes;
    assert.ok(one !== undefined && other !== undefined);
    await one.log.append([batch(A, 1, 4)]);
    await one.log.compact({ document: A, base: 0, snapshot: snapshot(2) });
    await postgres.run(`UPDATE sheaf.leases SET until = 'infinity'`, url);
    const compaction = { document: A, base: 2, snapshot: snapshot(4) };
    await assert.rejects(other.log.compact(compaction), /Another node is compacting/);
    await one.close();
    // The database notices the end of the connections in its own time.
    for (;;) {
      try {
        await other.log.compact(compaction);
        break;
      } catch (thrown) {
        assert.ok(isStale(thrown), String(thrown));
      }
    }
    assertHolds(await other.log.load(A), 4, 4);
  });

  test('LOG-31 a node that slept through the end of its lease writes nothing', async (context) => {
    const { nodes, url } = await openNodes(context, postgres, 1);
    const [one] = nodes;
    assert.ok(one !== undefined);
    await one.log.append([batch(A, 1, 4)]);
    // Whenever somebody takes the lease, it is taken from them at once, as if they had slept.
    await postgres.run(
      `CREATE FUNCTION public.robbed() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN UPDATE sheaf.leases SET epoch = epoch + 1, holder = gen_random_uuid(); RETURN NULL; END $$;
       CREATE TRIGGER robbed AFTER INSERT ON sheaf.leases FOR EACH ROW EXECUTE FUNCTION public.robbed()`,
      url,
    );
    await rejects(one.log.compact({ document: A, base: 0, snapshot: snapshot(4) }), 'stale');
    assertHolds(await one.log.load(A), 0, 4);
    assert.deepEqual(await one.log.history(A, 1, 4), []);
  });

  test('CAT-3 a document that one node deletes is deleted for the others, in the middle of anything', async (context) => {
    const { nodes } = await openNodes(context, postgres, 2);
    const [one, other] = nodes;
    assert.ok(one !== undefined && other !== undefined);
    for (let round = 0; round < 10; round += 1) {
      const name = parseDocumentName(`document ${round}`);
      await one.log.append([batch(name, 1, 20)]);
      const deletion = other.catalogue.delete(name, 500);
      const beside: PromiseSettledResult<void>[] = await Promise.allSettled([
        one.log.compact({ document: name, base: 0, snapshot: snapshot(20) }),
        one.log.append([batch(name, 21)]),
      ]);
      await deletion;
      for (const outcome of beside)
        if (outcome.status === 'rejected')
          assert.ok(
            ['deleted', 'stale'].includes(SheafError.from(outcome.reason).code),
            String(outcome.reason),
          );
      await rejects(one.log.load(name), 'deleted');
      await rejects(one.log.append([batch(name, 21)]), 'deleted');
      assert.deepEqual(await one.log.size(name), { snapshot: 0, tail: 0, history: 0 });
    }
  });
}

if (server === null) test('several nodes on one database', { skip: NO_POSTGRES });
else describe('postgres store: several nodes', () => sharing(server));
