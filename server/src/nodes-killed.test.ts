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
  await until(() => isSaved(onA) && isSaved(onB), 'both are in', 20_000);
  onA.text.insert(0, 'from a. ');
  onB.text.insert(0, 'from b. ');
  await until(() => onA.text.length === 16 && onB.text.length === 16, 'both have both', 20_000);
  await until(() => isSaved(onA), 'it is saved');

  // Whoever was there is on disk somewhere, and the others go on.
  await a.kill();
  onA[Symbol.dispose]();
  onB.text.insert(16, 'while a is away. ');
  await until(() => isSaved(onB), 'b goes on', 20_000);
  await a.start();
  const back = stack.use(open(a.url, 'plan'));
  const took = await until(() => back.text.toJSON() === onB.text.toJSON(), 'a has caught up', 10_000);

  // The disk of b is gone, and so are its people.
  const text = back.text.toJSON();
  await b.kill();
  onB[Symbol.dispose]();
  await rm(b.folder, { recursive: true });
  await b.start();
  const again = stack.use(open(b.url, 'plan'));
  const filled = await until(() => again.text.toJSON() === text, 'b has everything', 10_000);
  await until(() => isSaved(again), 'and it is saved', 20_000);

  // The third was never asked: it has everything without the other two.
  await until(async () => (await fetch(`${c.url}/metrics`)).ok, 'c lives');
  await a.kill();
  await b.kill();
  const alone = stack.use(open(c.url, 'plan'));
  await until(() => alone.text.toJSON() === text, 'c has it alone', 10_000);
  context.diagnostic(`caught up after ${Math.round(took)} ms, filled after ${Math.round(filled)} ms`);
});
