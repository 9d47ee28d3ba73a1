import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSaved, metric, Nodes } from './cluster-for-tests.ts';
import type { Server } from './main.ts';
import { type Person, until } from './nodes-for-tests.ts';

const textOf = ({ text }: Person): string => text.toJSON();
const seen = ({ provider }: Person): number => provider.awareness?.getStates().size ?? 0;
const same = (people: readonly Person[]): boolean => new Set(people.map(textOf)).size === 1;

async function documents(server: Server): Promise<string[]> {
  const url = `${server.url}/sheaf.documents.v1.DocumentService/ListDocuments`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  // The shape is the contract's.
  const { documents: listed = [] } = (await answer.json()) as { documents?: { name: string }[] };
  return listed.map(({ name }) => name).toSorted();
}

test('REPL-1 people on three nodes write into one document, and see each other', async () => {
  await using nodes = await Nodes.make(3);
  const people = nodes.servers.map((_, at) => nodes.open(at, 'plan'));
  await until(() => people.every(isSaved), 'all are in');
  people.forEach(({ provider }, at) => provider.awareness?.setLocalStateField('name', `p${at}`));
  people.forEach(({ text }, at) => text.insert(0, `from ${at} `));
  const all = (text: string): boolean =>
    ['from 0 ', 'from 1 ', 'from 2 '].every((part) => text.includes(part));
  await until(() => people.every((person) => all(textOf(person))), 'everybody has all');
  assert.ok(same(people));
  await until(() => people.every(isSaved), 'all is saved');
  await until(() => people.every((person) => seen(person) === 3), 'everybody is seen');
  people[0]?.[Symbol.dispose]();
  await until(() => people.slice(1).every((person) => seen(person) === 2), 'one has left');
  for (const server of nodes.servers) assert.equal(await metric(server, 'sheaf_cluster_failures_total'), 0);
});

test('REPL-8 a cut link heals within 5 s: text, deletes, deletions and people', async (context) => {
  await using nodes = await Nodes.make(2);
  const [a, b] = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
  const doomed = nodes.open(0, 'doomed');
  doomed.text.insert(0, 'x');
  a.text.insert(0, 'one two three');
  await until(() => textOf(b) === 'one two three' && [a, b, doomed].every(isSaved), 'both have it');
  for (const wire of nodes.between(0, 1)) wire.cut();
  await until(
    async () => (await metric(nodes.servers[0] as Server, 'sheaf_cluster_links')) === 0,
    'it is cut',
  );
  a.text.insert(0, 'zero ');
  b.text.delete(3, 4);
  const more = nodes.open(1, 'only there');
  more.text.insert(0, 'new');
  const url = `${nodes.servers[1]?.url}/sheaf.documents.v1.DocumentService/DeleteDocument`;
  await until(() => [a, b, more].every(isSaved), 'each side saves');
  const deleted = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"doomed"}',
  });
  assert.equal(deleted.status, 200);
  assert.notEqual(textOf(a), textOf(b));
  for (const wire of nodes.between(0, 1)) wire.restore();
  const took = await until(() => textOf(a) === 'zero one three' && same([a, b]), 'they are equal', 5_000);
  await until(
    async () => (await documents(nodes.servers[0] as Server)).join() === 'only there,plan',
    'documents',
    5_000,
  );
  context.diagnostic(`equal ${Math.round(took)} ms after the heal`);
});

test('REPL-9 what was called saved on a node that is killed is on the others, and people go on there', async () => {
  await using nodes = await Nodes.make(3, { disks: true });
  const [a, b] = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
  a.text.insert(0, 'kept');
  await until(() => textOf(b) === 'kept' && isSaved(a), 'it is saved');
  await nodes.servers[0]?.stop();
  b.text.insert(4, ' and more');
  await until(() => isSaved(b), 'the others go on');
  await nodes.start(0);
  const back = nodes.open(0, 'plan');
  await until(() => textOf(back) === 'kept and more', 'the node has caught up', 5_000);
});

test('REPL-10 a node with an empty disk gets everything, open or not', async () => {
  await using nodes = await Nodes.make(3, { start: 2 });
  const large = 'a long paragraph '.repeat(200_000);
  const person = nodes.open(0, 'large');
  person.text.insert(0, large);
  for (let at = 0; at < 30; at += 1) {
    const other = nodes.open(at % 2, `note ${at}`);
    other.text.insert(0, `note ${at}`);
    await until(() => isSaved(other), 'it is saved');
    other[Symbol.dispose]();
  }
  await until(() => isSaved(person), 'the large one is saved');
  await nodes.start(2);
  await until(async () => (await documents(nodes.servers[2] as Server)).length === 31, 'all documents');
  for (const wire of [...nodes.between(0, 2), ...nodes.between(1, 2)]) wire.cut();
  const [there, note] = [nodes.open(2, 'large'), nodes.open(2, 'note 7')];
  await until(() => textOf(there) === large && textOf(note) === 'note 7', 'they are whole');
});

test('REPL-6 a link that falls behind tells what to fetch instead of growing', async () => {
  await using nodes = await Nodes.make(2, { limits: { peerQueueBytes: 200_000 } });
  const [a, b] = [nodes.open(0, 'plan'), nodes.open(1, 'plan')];
  await until(() => [a, b].every(isSaved), 'both are in');
  for (const wire of nodes.between(0, 1)) wire.silence();
  const isDirty = async (): Promise<boolean> => {
    a.text.insert(0, 'x'.repeat(50_000));
    return (await metric(nodes.server(0), 'sheaf_cluster_dirty_documents')) > 0;
  };
  await until(isDirty, 'it falls behind');
  for (const wire of nodes.between(0, 1)) wire.restore();
  await until(() => same([a, b]), 'they are equal');
});
