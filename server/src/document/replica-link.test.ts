import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { NICENESS } from '../background-thread.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { DocumentState } from './document-state.ts';
import { Knowledge } from './knowledge.ts';
import { ReplicaLink } from './replica-link.ts';
import { Replicas } from './replicas.ts';

test('a document that leaves memory starts no worker to be forgotten by', async () => {
  const replicas = new Replicas(NICENESS.awaited);
  const link = new ReplicaLink('key', new DocumentState(null), replicas);
  assert.equal(await link.title(), null);
  assert.ok(replicas.running);
  await replicas.close();
  link.forget();
  assert.ok(!replicas.running);
  assert.equal(replicas.tasks, 1);
});

test('OPER-7 ranges that were deleted come from the worker in buffers, whole, and not number by number', async (context) => {
  const replicas = new Replicas(NICENESS.awaited);
  context.after(() => replicas.close());
  const doc = new Y.Doc();
  const text = doc.getText('text');
  text.insert(0, 'word '.repeat(1_000));
  for (let at = 0; at < 1_000; at += 1) text.delete(at * 4, 1);
  const state = new DocumentState(null);
  const link = new ReplicaLink('key', state, replicas);
  const answer = await link.integrate(Y.encodeStateAsUpdate(doc), {
    ...DEFAULT_LIMITS,
    updateRanges: Infinity,
  });
  assert.ok(answer.kind === 'integrated' && answer.piece !== null);
  const [deleted] = answer.piece.deletes;
  assert.ok(deleted?.bounds instanceof Float64Array);
  assert.equal(deleted.bounds.length, 2 * 1_000);
  state.admit(answer.piece);
  const { ds } = Y.decodeUpdate(Y.encodeStateAsUpdate(doc));
  const expected = new Knowledge();
  for (const [client, ranges] of ds.clients)
    for (const { clock, len } of ranges) expected.addDeleted(client, [clock, clock + len]);
  assert.deepEqual(state.knowledge.deleteSet(), expected.deleteSet());
});
