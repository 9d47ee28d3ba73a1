import { Code } from '@connectrpc/connect';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Access } from './access/access.ts';
import { openRemote, type Remote } from './cluster/remote.ts';
import { isSaved, Nodes } from './cluster-for-tests.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { until } from './nodes-for-tests.ts';
import { decodeEntries } from './store/entries.ts';

/** Everybody is whom the token says. */
const NAMED: Access = {
  authorize: ({ token }) =>
    Promise.resolve({ principal: { id: token, name: token }, role: 'write', expires: Infinity }),
};

/** Who wrote what and when, as a node has it: the oldest first. */
async function historyOf({ client }: Remote, document: string): Promise<string[]> {
  const segments: Buffer[][] = [];
  for await (const { size, data } of client.fetchHistory({ document })) {
    if (size > 0n) segments.unshift([]);
    segments[0]?.push(Buffer.from(data));
  }
  return segments.flatMap((parts) =>
    decodeEntries(Buffer.concat(parts)).map(
      ({ time, author, update }) => `${time} ${author} ${Buffer.from(update).toString('base64')}`,
    ),
  );
}

/** A way to ask node `at`, until the test is over. */
function remoteTo(nodes: Nodes, at: number, context: TestContext): Remote {
  const port = nodes.server(at).clusterPort ?? 0;
  const remote = openRemote({ host: '127.0.0.1', port }, { tls: null, limits: DEFAULT_LIMITS });
  context.after(() => remote.close());
  return remote;
}

test('REPL-20 what was written beyond a partition has its author and times where it was written, and comes as one piece here', async (context) => {
  await using nodes = await Nodes.make(2, { disks: true, access: NAMED });
  const [ann, ben] = [nodes.open(0, 'plan', undefined, 'ann'), nodes.open(1, 'plan', undefined, 'ben')];
  await until(() => isSaved(ann) && isSaved(ben), 'both are in');
  const write = async (word: string): Promise<void> => {
    ann.text.insert(0, word);
    await until(() => isSaved(ann), 'it is saved');
  };
  await write('together ');
  await until(() => ben.text.toJSON() === ann.text.toJSON(), 'it is there');
  for (const wire of nodes.between(0, 1)) wire.cut();
  await write('apart ');
  await write('and more ');
  assert.equal(ben.text.toJSON(), 'together ');
  for (const wire of nodes.between(0, 1)) wire.restore();
  await until(() => ben.text.toJSON() === ann.text.toJSON(), 'it is healed');
  await until(() => isSaved(ben), 'it is saved there');
  const authors = async (at: number): Promise<string[]> =>
    (await historyOf(remoteTo(nodes, at, context), 'plan')).map((entry) => entry.split(' ')[1] ?? '');
  assert.deepEqual(await authors(0), ['ann', 'ann', 'ann']);
  assert.deepEqual(await authors(1), ['ann', '']);
});

test('REPL-19 a node that joins later has who wrote what and when before it came, also from one that joined later itself', async (context) => {
  await using nodes = await Nodes.make(4, { disks: true, start: 1, access: NAMED });
  const people = ['ann', 'ben'].map((name) => nodes.open(0, 'plan', undefined, name));
  await until(() => people.every(isSaved), 'both are in');
  const first = remoteTo(nodes, 0, context);
  for (let round = 0; round < 3; round += 1) {
    for (let word = 0; word < 20; word += 1) {
      people[word % 2]?.text.insert(0, `word ${round}.${word} `);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await until(() => people.every(isSaved), 'they are saved');
    // Two segments, and a part that is not compacted.
    if (round < 2) await first.client.compact({ document: 'plan' });
  }
  const written = await historyOf(first, 'plan');
  for (const name of ['ann', 'ben'])
    assert.equal(written.filter((entry) => entry.split(' ')[1] === name).length, 30, name);

  await nodes.start(1);
  const second = remoteTo(nodes, 1, context);
  // Behind them stands what was brought, in one piece.
  const has = async (remote: Remote): Promise<boolean> => {
    const found = await historyOf(remote, 'plan').catch(() => []);
    return found.length > written.length;
  };
  await until(() => has(second), 'the second has it');
  assert.deepEqual((await historyOf(second, 'plan')).slice(0, written.length), written);
  assert.deepEqual((await second.client.verify({ document: 'plan' })).findings, []);

  for (const person of people) person[Symbol.dispose]();
  // Of two who have it one is asked.
  await nodes.start(3);
  const fourth = remoteTo(nodes, 3, context);
  await until(() => has(fourth), 'the fourth has it from one of them');
  await nodes.server(0).stop();
  await nodes.start(2);
  const third = remoteTo(nodes, 2, context);
  await until(() => has(third), 'the third has it from one that joined later');
  for (const remote of [third, fourth]) {
    const found = await historyOf(remote, 'plan');
    for (const entry of written) assert.equal(found.filter((other) => other === entry).length, 1, entry);
  }

  const deleted = await fetch(`${nodes.server(2).url}/sheaf.documents.v1.DocumentService/DeleteDocument`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ann' },
    body: '{"name":"plan"}',
  });
  assert.equal(deleted.status, 200);
  const isGone = async (): Promise<boolean> => {
    const failed = await historyOf(second, 'plan').then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return failed instanceof Error && 'code' in failed && failed.code === Code.NotFound;
  };
  await until(isGone, 'a deletion takes it along');
});
