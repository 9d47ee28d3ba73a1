import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NICENESS } from '../background-thread.ts';
import { DocumentState } from './document-state.ts';
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
