import type { HocuspocusProvider } from '@hocuspocus/provider';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSaved, metric, Nodes } from './cluster-for-tests.ts';
import { type Person, until } from './nodes-for-tests.ts';

interface Told {
  readonly sheaf: string;
  readonly count: number;
  readonly nodes: number;
  readonly of: number;
}

/** What a provider that asks is told about where its changes are. */
function ask({ provider }: Person): Told[] {
  const told: Told[] = [];
  const on = (name: 'stateless', listener: (data: { payload: string }) => void): HocuspocusProvider =>
    provider.on(name, listener);
  // The shape is the protocol's (SPEC ACK-11).
  on('stateless', ({ payload }) => told.push(JSON.parse(payload) as Told));
  provider.sendStateless('{"sheaf":"copies"}');
  return told;
}

const FAST = { copiesLateMs: 100 };

test('REPL-13 with replicas:2 an update is acknowledged when a second node has it on disk', async (context) => {
  await using nodes = await Nodes.make(2, { replicas: 2, disks: true, limits: FAST });
  const [a, b] = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
  await until(() => [a, b].every(isSaved), 'both are in');
  const times: number[] = [];
  for (let at = 0; at < 20; at += 1) {
    a.text.insert(0, 'x');
    times.push(await until(() => isSaved(a), 'it is saved'));
  }
  const median = times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
  context.diagnostic(
    `acknowledged after ${median.toFixed(1)} ms (median of ${times.length}, looked at each 2 ms)`,
  );
  assert.equal(await metric(nodes.server(0), 'sheaf_cluster_confirming_nodes'), 1);
  assert.equal(await metric(nodes.server(0), 'sheaf_cluster_waiting_documents'), 0);
});

test('REPL-13 ACK-11 out of reach of a second node nothing is called saved, people are told and go on, and it is made up for', async () => {
  await using nodes = await Nodes.make(2, { replicas: 2, limits: FAST });
  const [a, b] = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
  await until(() => [a, b].every(isSaved), 'both are in');
  const told = ask(a);
  const silent = nodes.open(0, 'plan');
  await until(() => isSaved(silent), 'another is in');
  for (const wire of nodes.between(0, 1)) wire.cut();
  await until(async () => (await metric(nodes.server(0), 'sheaf_cluster_links')) === 0, 'it is cut');
  a.text.insert(0, 'one');
  await until(() => told.length > 0, 'it is told');
  assert.deepEqual(told[0], { sheaf: 'copies', count: 1, nodes: 1, of: 2 });
  assert.equal(a.provider.unsyncedChanges, 1);
  a.text.insert(3, ' two');
  await until(() => told.at(-1)?.count === 2, 'the second is told, too');
  assert.equal(silent.text.toJSON(), 'one two', 'others see it');
  assert.equal(a.provider.unsyncedChanges, 2);
  assert.equal((await fetch(`${nodes.server(0).url}/readyz`)).status, 200);
  // A newcomer is let in, and is not told that what it repeats is safe.
  const late = nodes.open(0, 'plan');
  await until(() => late.text.toJSON() === 'one two', 'a newcomer has it');
  for (const wire of nodes.between(0, 1)) wire.restore();
  await until(() => [a, b, silent, late].every(isSaved), 'all is saved', 5_000);
  assert.equal(b.text.toJSON(), 'one two');
});

test('REPL-13 what only the dead node had is not called saved by the next, until a second has it', async () => {
  await using nodes = await Nodes.make(3, { replicas: 3, limits: FAST });
  const a = nodes.open(0, 'plan');
  await until(() => isSaved(a), 'it is in');
  for (const wire of [...nodes.between(0, 2), ...nodes.between(1, 2)]) wire.cut();
  a.text.insert(0, 'half way');
  const b = nodes.open(1, 'plan');
  await until(() => b.text.toJSON() === 'half way', 'the second node has it');
  await nodes.server(0).stop();
  // The same person comes to the second node with the same words: it has them, and a third has to have them, too.
  const again = nodes.open(1, 'plan', a.doc);
  const told = ask(again);
  await until(() => again.provider.isSynced && told.length > 0, 'it is told');
  assert.ok(again.provider.unsyncedChanges > 0);
  await nodes.start(0);
  for (const wire of [...nodes.between(0, 2), ...nodes.between(1, 2)]) wire.restore();
  await until(() => isSaved(again), 'now it is');
});

test('REPL-13 a document that is made is answered for when nobody else can have it, too', async () => {
  await using nodes = await Nodes.make(2, { replicas: 2, limits: { copiesAnswerMs: 200 } });
  const create = (name: string): Promise<Response> =>
    fetch(`${nodes.server(0).url}/sheaf.documents.v1.DocumentService/CreateDocument`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
  assert.equal((await create('together')).status, 200);
  for (const wire of nodes.between(0, 1)) wire.cut();
  assert.equal((await create('alone')).status, 200);
  for (const wire of nodes.between(0, 1)) wire.restore();
  const there = nodes.open(1, 'alone');
  await until(() => there.doc.share.size > 0 || isSaved(there), 'it is there');
});
