import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access } from './access/access.ts';
import { isSaved, metric, Nodes } from './cluster-for-tests.ts';
import { until } from './nodes-for-tests.ts';
import { parseDocumentName } from './store/document-name.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';

/** Everybody is whom the token says. */
const NAMED: Access = {
  authorize: ({ token }) =>
    Promise.resolve({ principal: { id: token, name: token }, role: 'write', expires: Infinity }),
};

test('REPL-18 a node that fetches a document learns whose the clients in it are, also when it is large', async () => {
  await using nodes = await Nodes.make(2, { disks: true, start: 1, access: NAMED });
  const [ann, ben] = [nodes.open(0, 'plan', undefined, 'ann'), nodes.open(0, 'plan', undefined, 'ben')];
  const large = nodes.open(0, 'large', undefined, 'cleo');
  await until(() => [ann, ben, large].every(isSaved), 'all are in');
  ann.text.insert(0, 'from ann ');
  ben.text.insert(0, 'from ben ');
  large.text.insert(0, 'a long paragraph '.repeat(100_000));
  await until(() => [ann, ben, large].every(isSaved), 'all is saved');
  await nodes.start(1);
  const there = [nodes.open(1, 'plan', undefined, 'dan'), nodes.open(1, 'large', undefined, 'dan')] as const;
  await until(
    () => there[0].text.toJSON() === ann.text.toJSON() && there[1].text.length === large.text.length,
    'it has both',
  );
  await until(async () => (await metric(nodes.server(1), 'sheaf_cluster_lag_updates')) === 0, 'all is quiet');
  await nodes.server(1).stop();
  const folder = nodes.folders[1] ?? '';
  const store = await openSqliteStore({ folder, fsync: 'full' });
  const ownersOf = async (name: string): Promise<Map<number, string>> =>
    new Map((await store.log.load(parseDocumentName(name)))?.owners ?? []);
  const [plan, other] = [await ownersOf('plan'), await ownersOf('large')];
  await store.close();
  assert.equal(plan.get(ann.doc.clientID), 'ann');
  assert.equal(plan.get(ben.doc.clientID), 'ben');
  assert.equal(other.get(large.doc.clientID), 'cleo');
});
