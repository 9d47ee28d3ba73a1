import { uploadAddress } from '@sheaf/proto/upload-address';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Nodes } from './cluster-for-tests.ts';
import { until } from './nodes-for-tests.ts';
import { hashOf, sampleBytes } from './store/uploads/upload-contract.ts';

const BYTES = sampleBytes(900_000);
const ADDRESS = uploadAddress(hashOf(BYTES), 'plan');

async function got(nodes: Nodes, at: number): Promise<number> {
  const answer = await fetch(`${nodes.servers[at]?.url ?? ''}${ADDRESS}`);
  if (answer.status === 200) assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(BYTES));
  return answer.status;
}

test('UPLOAD-8 a node brings an upload from the one that has it when somebody asks, and has it from then on', async () => {
  await using nodes = await Nodes.make(3);
  const put = await fetch(`${nodes.servers[0]?.url ?? ''}${ADDRESS}&size=${BYTES.length}&from=0`, {
    method: 'PUT',
    body: Buffer.from(BYTES),
  });
  assert.equal(put.status, 201);
  const together = await Promise.all([got(nodes, 1), got(nodes, 1), got(nodes, 2)]);
  assert.deepEqual(together, [200, 200, 200]);
  await nodes.servers[0]?.stop();
  await until(async () => (await got(nodes, 1)) === 200, 'it is on its own disk');
  const elsewhere = ADDRESS.replace('=plan', '=other');
  assert.equal((await fetch(`${nodes.servers[1]?.url ?? ''}${elsewhere}`)).status, 404);
});
