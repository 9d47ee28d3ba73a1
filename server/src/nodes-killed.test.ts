import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { startNodeProcesses } from './node-process-for-tests.ts';
import { open, type Person, until } from './nodes-for-tests.ts';

const isSaved = ({ provider }: Person): boolean => provider.isSynced && provider.unsyncedChanges === 0;
const textOf = ({ text }: Person): string => text.toJSON();

test('REPL-9 REPL-10 REPL-13 with replicas:2 all nodes are killed the moment something was acknowledged, and one disk is gone; then each in turn: nothing acknowledged is lost', async (context) => {
  await using stack = new AsyncDisposableStack();
  const [a, b, c] = stack.use(await startNodeProcesses(3, { SHEAF_ACK: 'replicas:2' })).nodes;
  assert.ok(a && b && c);
  const onA = stack.use(open(a.url, 'plan'));
  await until(() => isSaved(onA), 'somebody is in');
  // Acknowledgements come in order, so what was typed when nothing is unacknowledged is the whole text.
  let acknowledged = '';
  onA.provider.on('unsyncedChanges', ({ number }: { number: number }) => {
    if (number === 0) acknowledged = textOf(onA);
  });
  for (let at = 0; at < 30; at += 1) {
    onA.text.insert(onA.text.length, `word ${at} `);
    if (at % 5 === 0) await until(() => acknowledged !== '' && isSaved(onA), 'some are saved');
    else await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await Promise.all([a.kill(), b.kill(), c.kill()]);
  onA[Symbol.dispose]();
  await rm(a.folder, { recursive: true });
  await Promise.all([b.start(), c.start()]);
  const onB = stack.use(open(b.url, 'plan'));
  const onC = stack.use(open(c.url, 'plan'));
  await until(() => [onB, onC].every(isSaved) && textOf(onB) === textOf(onC), 'both have the same');
  assert.ok(acknowledged.length > 0);
  assert.ok(textOf(onB).startsWith(acknowledged), `${textOf(onB)} lacks ${acknowledged}`);
  context.diagnostic(`${acknowledged.length} characters were acknowledged, ${onB.text.length} are there`);

  // Alone it acknowledges nothing; with an empty second node it does again.
  await b.kill();
  onB[Symbol.dispose]();
  onC.text.insert(0, 'while b is away. ');
  await a.start();
  await until(() => isSaved(onC), 'an empty node has it');
  const again = stack.use(open(a.url, 'plan'));
  const filled = await until(() => textOf(again) === textOf(onC), 'it has everything');

  await b.start();
  const back = stack.use(open(b.url, 'plan'));
  const took = await until(() => textOf(back) === textOf(onC), 'b has caught up');
  // The first was asked by nobody since it was empty: it has everything without the other two.
  const text = textOf(onC);
  await until(() => [again, back, onC].every(isSaved), 'all is saved');
  await Promise.all([b.kill(), c.kill()]);
  const alone = stack.use(open(a.url, 'plan'));
  await until(() => textOf(alone) === text, 'a has it alone');
  context.diagnostic(`caught up after ${Math.round(took)} ms, filled after ${Math.round(filled)} ms`);
});
