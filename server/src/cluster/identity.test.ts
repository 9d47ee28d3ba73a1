import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { agreeOnCluster, openIdentity, parseNodeId } from './identity.ts';

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;
const a = (age: number) => ({ id: 'a'.repeat(32), created: NOW - age * MINUTE });
const b = (age: number) => ({ id: 'b'.repeat(32), created: NOW - age * MINUTE });

test('REPL-12 young clusters become one, the same on both sides; old ones stay apart', () => {
  assert.deepEqual(agreeOnCluster(a(0), b(0), NOW), a(0));
  assert.deepEqual(agreeOnCluster(b(0), a(0), NOW), a(0));
  assert.deepEqual(agreeOnCluster(a(0), b(60), NOW), b(60));
  assert.deepEqual(agreeOnCluster(b(60), a(0), NOW), b(60));
  assert.equal(agreeOnCluster(a(60), b(60), NOW), null);
  assert.deepEqual(agreeOnCluster(a(60), a(0), NOW), a(60));
});

test('REPL-4 a node keeps its name and its cluster, and draws an incarnation for each life', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-identity-'));
  context.after(() => rm(folder, { recursive: true }));
  const first = await openIdentity(folder, null, NOW);
  await first.adopt(b(0));
  const second = await openIdentity(folder, null, NOW + 1);
  assert.deepEqual([second.node, second.cluster], [first.node, b(0)]);
  assert.notEqual(second.incarnation, first.incarnation);
  const named = await openIdentity(folder, parseNodeId('node-1'), NOW);
  assert.deepEqual([named.node, named.cluster], ['node-1', b(0)]);
  await writeFile(join(folder, 'cluster.json'), '{"node":1}');
  await assert.rejects(openIdentity(folder, null, NOW), /SHEAF_DATA: cluster.json cannot be read/);
});
