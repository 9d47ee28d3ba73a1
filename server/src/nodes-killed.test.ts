import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { startNodeProcesses } from './node-process-for-tests.ts';
import { open, type Person, until } from './nodes-for-tests.ts';

const isSaved = ({ provider }: Person): boolean => provider.isSynced && provider.unsyncedChanges === 0;

test('REPL-9 a node is killed and comes back, another loses its disk: nothing acknowledged is lost', async (context) => {
  await using stack = new AsyncDisposableStack();
  const [a, b, c] = stack.use(await startNodeProcesses(3)).nodes;
  assert.ok(a && b && c);
  const onA = stack.use(open(a.url, 'plan'));
  const onB = stack.use(open(b.url, 'plan'));
  await until(() => isSaved(onA) && isSaved(onB), 'both are in');
  onA.text.insert(0, 'from a. ');
  onB.text.insert(0, 'from b. ');
  await until(() => onA.text.length === 16 && onB.text.length === 16, 'both have both');
  await until(() => isSaved(onA), 'it is saved');

  // Whoever was there is on disk somewhere, and the others go on.
  await a.kill();
  onA[Symbol.dispose]();
  onB.text.insert(16, 'while a is away. ');
  await until(() => isSaved(onB), 'b goes on');
  await a.start();
  const back = stack.use(open(a.url, 'plan'));
  const took = await until(() => back.text.toJSON() === onB.text.toJSON(), 'a has caught up');

  // The disk of b is gone, and so are its people.
  const text = back.text.toJSON();
  await b.kill();
  onB[Symbol.dispose]();
  await rm(b.folder, { recursive: true });
  await b.start();
  const again = stack.use(open(b.url, 'plan'));
  const filled = await until(() => again.text.toJSON() === text, 'b has everything');
  await until(() => isSaved(again), 'and it is saved');

  // The third was never asked: it has everything without the other two.
  await until(async () => (await fetch(`${c.url}/metrics`)).ok, 'c lives');
  await a.kill();
  await b.kill();
  const alone = stack.use(open(c.url, 'plan'));
  await until(() => alone.text.toJSON() === text, 'c has it alone');
  context.diagnostic(`caught up after ${Math.round(took)} ms, filled after ${Math.round(filled)} ms`);
});

test('REPL-13 with replicas:2 a node is killed the moment it has acknowledged, and its disk is gone: a second one has it on its own', async (context) => {
  await using cluster = await startNodeProcesses(2, { SHEAF_ACK: 'replicas:2' });
  await using stack = new AsyncDisposableStack();
  const { nodes } = cluster;
  const [a, b] = nodes;
  assert.ok(a && b);
  const writer = stack.use(open(a.url, 'plan'));
  await until(() => isSaved(writer), 'it is in');
  // Acknowledgements come in order, so what was typed when nothing is unacknowledged is the whole text.
  let acknowledged = '';
  writer.provider.on('unsyncedChanges', ({ number }: { number: number }) => {
    if (number === 0) acknowledged = writer.text.toJSON();
  });
  for (let at = 0; at < 30; at += 1) {
    writer.text.insert(writer.text.length, `word ${at} `);
    if (at % 5 === 0) await until(() => acknowledged !== '' && isSaved(writer), 'some are saved');
    else await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await Promise.all([a.kill(), b.kill()]);
  writer[Symbol.dispose]();
  await rm(a.folder, { recursive: true });
  await b.start();
  const reader = stack.use(open(b.url, 'plan'));
  await until(() => reader.provider.isSynced, 'it is read');
  assert.ok(reader.text.toJSON().startsWith(acknowledged), `${reader.text.toJSON()} lacks ${acknowledged}`);
  assert.ok(acknowledged.length > 0);
  context.diagnostic(`${acknowledged.length} characters were acknowledged, ${reader.text.length} are there`);
  // Alone it acknowledges nothing; with an empty second node it does again.
  await a.start();
  await until(() => isSaved(reader), 'a second node has it');
});
