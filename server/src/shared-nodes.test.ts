import { Code } from '@connectrpc/connect';
import { FetchUpdatesResponse_Outcome, type LocateDocumentResponse } from '@sheaf/proto/replication';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as Y from 'yjs';
import { openRemote } from './cluster/remote.ts';
import { isSaved, metric, Nodes } from './cluster-for-tests.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { startNodeProcesses } from './node-process-for-tests.ts';
import { open, type Person, until } from './nodes-for-tests.ts';
import { NO_POSTGRES, startTestServer, type TestServer } from './store/postgres/server-for-tests.ts';

/* Nodes on one PostgreSQL, over real links, with stock providers. */

const postgres = await startTestServer();

const textOf = ({ text }: Person): string => text.toJSON();
const same = (people: readonly Person[]): boolean => new Set(people.map(textOf)).size === 1;
const seen = ({ provider }: Person): number => provider.awareness?.getStates().size ?? 0;

/** What somebody reads who opens the document where nobody has it open, without any node's help. */
async function stored(url: string, name: string, expected: string): Promise<number> {
  const reader = open(url, name);
  try {
    return await until(() => textOf(reader) === expected, 'it is in the log');
  } finally {
    reader[Symbol.dispose]();
  }
}

async function call(url: string, method: string, body: object): Promise<Response> {
  return fetch(`${url}/sheaf.documents.v1.DocumentService/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function onOneDatabase(database: TestServer): void {
  test('SHARED-5 people on two nodes write into one document, at once, and nobody is disconnected', async (context) => {
    await using nodes = await Nodes.make(3, { database: await database.createDatabase(), start: 2 });
    const people = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
    await until(() => people.every(isSaved), 'both are in');
    let lost = 0;
    for (const { provider } of people) provider.on('close', () => (lost += 1));
    people.forEach(({ provider }, at) => provider.awareness?.setLocalStateField('name', `p${at}`));
    for (let round = 0; round < 40; round += 1) {
      for (const [at, { text }] of people.entries()) text.insert(0, `[${at}:${round}]`);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await until(() => people.every(isSaved) && same(people), 'all is saved, and the same');
    await until(() => people.every((person) => seen(person) === 2), 'both are seen');
    const [a] = people;
    assert.ok(a !== undefined);
    for (let round = 0; round < 40; round += 1)
      for (const at of people.keys()) assert.ok(textOf(a).includes(`[${at}:${round}]`), `${at}:${round}`);
    assert.equal(lost, 0);
    const began = performance.now();
    a.text.insert(0, '!');
    await until(() => same(people), 'the other sees it');
    context.diagnostic(`seen on the other node after ${(performance.now() - began).toFixed(1)} ms`);
    const third = await nodes.start(2);
    await stored(third.url, 'plan', textOf(a));
  });

  test('SHARED-7 with the link cut people go on, and see each other through the database', async (context) => {
    await using nodes = await Nodes.make(2, { database: await database.createDatabase() });
    const people = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
    const [a, b] = people;
    assert.ok(a !== undefined && b !== undefined);
    a.text.insert(0, 'one two three');
    await until(() => people.every(isSaved) && same(people), 'both have it');
    for (const wire of nodes.between(0, 1)) wire.cut();
    const [server] = nodes.servers;
    assert.ok(server !== undefined);
    await until(async () => (await metric(server, 'sheaf_cluster_links')) === 0, 'it is cut');
    a.text.insert(0, 'zero ');
    b.text.delete(3, 4);
    await until(() => people.every(isSaved), 'each side saves');
    const took = await until(() => textOf(b) === 'zero one three' && same(people), 'both see both');
    context.diagnostic(`without a link the same after ${Math.round(took)} ms`);
    for (const wire of nodes.between(0, 1)) wire.restore();
    await nodes.linked();
    a.text.insert(0, 'again ');
    const healed = await until(() => same(people), 'it is live again', 5_000);
    context.diagnostic(`with the link again after ${healed.toFixed(1)} ms`);
  });

  test('SHARED-8 a deletion on one node ends the document on all', async () => {
    await using nodes = await Nodes.make(2, { database: await database.createDatabase() });
    const people = [nodes.open(0, 'doomed'), nodes.open(1, 'doomed')];
    people[0]?.text.insert(0, 'x');
    await until(() => people.every(isSaved) && same(people), 'both have it');
    const closed = Promise.withResolvers<string>();
    people[1]?.provider.on('close', ({ event }: { event: { reason: string } }) =>
      closed.resolve(event.reason),
    );
    const { status } = await call(nodes.servers[0]?.url ?? '', 'DeleteDocument', { name: 'doomed' });
    assert.equal(status, 200);
    assert.equal(await closed.promise, 'The document was deleted.');
  });

  test('SHARED-13 a node is asked for what it lacks, where a document is, and to verify: by what the database holds now', async () => {
    await using nodes = await Nodes.make(2, { database: await database.createDatabase() });
    const calling = { tls: null, limits: DEFAULT_LIMITS };
    const [first, second] = nodes.servers.map(({ clusterPort }) =>
      openRemote({ host: '127.0.0.1', port: clusterPort ?? 0 }, calling),
    );
    assert.ok(first !== undefined && second !== undefined);
    const a = nodes.open(0, 'plan');
    for (const word of ['one ', 'two ']) {
      a.text.insert(a.text.length, word);
      await until(() => isSaved(a), 'it is saved');
      // The second node has it open for nobody: it reads what the first has just written.
      const { outcome, updates } = await second.client.fetchUpdates({
        document: 'plan',
        stateVector: Uint8Array.of(0),
      });
      assert.equal(outcome, FetchUpdatesResponse_Outcome.UPDATES);
      const doc = new Y.Doc();
      for (const update of updates) Y.applyUpdate(doc, update);
      assert.equal(doc.getText('text').toJSON(), textOf(a));
      const { held, nodeIds } = await second.client.locateDocument({ document: 'plan' });
      const there: LocateDocumentResponse = await first.client.locateDocument({ document: 'plan' });
      assert.deepEqual(held?.digest, there.held?.digest);
      assert.ok((held?.digest.length ?? 0) > 0);
      assert.equal(nodeIds.length, 1);
      const verified = await second.client.verify({ document: 'plan' });
      assert.deepEqual([verified.checked, verified.findings, verified.comparedNodeIds], [1, [], []]);
    }
    await call(nodes.server(0).url, 'DeleteDocument', { name: 'plan' });
    for (const { client } of [first, second]) {
      const fetched = await client.fetchUpdates({ document: 'plan', stateVector: Uint8Array.of(0) });
      assert.equal(fetched.outcome, FetchUpdatesResponse_Outcome.DELETED);
      assert.ok(Math.abs(Number(fetched.deletedTime) - Date.now()) < 3_600_000);
      await assert.rejects(client.verify({ document: 'plan' }), { code: Code.NotFound });
      await assert.rejects(client.exchangeDigest({}), { code: Code.FailedPrecondition });
      assert.deepEqual((await client.verify({})).findings, []);
    }
    for (const remote of [first, second]) remote.close();
  });

  test('SHARED-6 a node is killed in mid-typing: what it had called saved is there, and what others saw as well', async (context) => {
    const url = await database.createDatabase();
    await using processes = await startNodeProcesses(2, {
      SHEAF_DATABASE_URL: url,
      SHEAF_CLUSTER_PEERS: 'database',
      SHEAF_LIMIT_MEMBER_BEAT_MS: '200',
    });
    const [one, other] = processes.nodes;
    assert.ok(one !== undefined && other !== undefined);
    using a = open(one.url, 'plan');
    using b = open(other.url, 'plan');
    await until(() => isSaved(a) && isSaved(b), 'both are in');
    a.text.insert(0, 'a');
    b.text.insert(0, 'b');
    await until(() => same([a, b]) && a.text.length === 2, 'they found each other');
    let saved = '';
    for (let round = 0; round < 60; round += 1) {
      a.text.insert(a.text.length, `${round};`);
      b.text.insert(0, `${round},`);
      if (round % 15 === 14) await until(() => isSaved(a), 'it is saved');
      if (isSaved(a)) saved = textOf(a);
      await new Promise<void>((resolve) => setTimeout(resolve, 5));
    }
    for (const end of ['…', '?!']) a.text.insert(a.text.length, end);
    await one.kill();
    // Back at that node it would bring what nobody else has seen.
    a.provider.disconnect();
    const inSaved = saved
      .split(';')
      .slice(0, -1)
      .map((part) => `${part.replace(/^.*[,ab]/, '')};`);
    // With what somebody writes all is logged that stands before it (SHARED-5).
    b.text.insert(0, '!');
    await until(() => isSaved(b), 'the other goes on');
    assert.ok(inSaved.length > 10);
    // What the killed node had logged and nobody else was sent is read from the log (SHARED-7).
    const missing = (): string[] => inSaved.filter((part) => !textOf(b).includes(part));
    await until(() => missing().length === 0, `what was called saved is there: ${missing().join(' ')}`);
    const all = textOf(b);
    await other.kill();
    await one.start();
    const took = await stored(one.url, 'plan', all);
    context.diagnostic(`${inSaved.length} parts were called saved; read again after ${Math.round(took)} ms`);
  });

  test('SHARED-9 while the database restarts people see each other, nobody is told "saved", and then all is', async () => {
    await using nodes = await Nodes.make(2, { database: await database.createDatabase() });
    // A link that takes the other's place brings what both can read: here not before the database is back.
    await nodes.settled(0, 1);
    const people = [nodes.open(0, 'notes'), nodes.open(1, 'notes')];
    const [a, b] = people;
    assert.ok(a !== undefined && b !== undefined);
    await until(() => people.every(isSaved), 'both are in');
    a.text.insert(0, 'a');
    b.text.insert(0, 'b');
    const found = (): boolean => same(people) && a.text.length === 2;
    await until(() => found() && people.every(isSaved), 'they found each other');
    const before = textOf(a);
    await database.kill();
    a.text.insert(0, 'typed on one. ');
    await until(() => textOf(b) === `typed on one. ${before}`, 'the other sees it');
    b.text.insert(0, 'typed on the other. ');
    await until(() => same(people), 'and back');
    assert.ok(!isSaved(a) && !isSaved(b));
    await database.start();
    await until(() => people.every(isSaved) && same(people), 'all is saved');
    assert.equal(textOf(a), `typed on the other. typed on one. ${before}`);
  });
}

if (postgres === null) test('nodes on one PostgreSQL', { skip: NO_POSTGRES });
else describe('nodes on one PostgreSQL', () => onOneDatabase(postgres));
