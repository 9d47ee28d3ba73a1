import { uploadAddress } from '@sheaf/proto/upload-address';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Nodes } from './cluster-for-tests.ts';
import { until } from './nodes-for-tests.ts';
import { hashOf, sampleBytes } from './store/uploads/upload-contract.ts';

const BYTES = sampleBytes(900_000);
const ADDRESS = uploadAddress(hashOf(BYTES), 'plan');

/** Puts the upload into its document, or (`from` its end) asks again about one that is there; status and answer. */
async function put(nodes: Nodes, at: number, from = 0): Promise<[number, unknown]> {
  const answer = await fetch(`${nodes.server(at).url}${ADDRESS}&size=${BYTES.length}&from=${from}`, {
    method: 'PUT',
    body: Buffer.from(BYTES.subarray(from)),
  });
  return [answer.status, await answer.json()];
}

async function got(nodes: Nodes, at: number): Promise<number> {
  const answer = await fetch(`${nodes.servers[at]?.url ?? ''}${ADDRESS}`);
  if (answer.status === 200) assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(BYTES));
  return answer.status;
}

test('UPLOAD-8 a node brings an upload from the one that has it when somebody asks, and has it from then on', async () => {
  await using nodes = await Nodes.make(3, { start: 1 });
  assert.deepEqual(await put(nodes, 0), [201, { received: BYTES.length, copies: 1 }]);
  // These were not there when it was offered.
  await nodes.start(1);
  await nodes.start(2);
  await nodes.linked();
  const together = await Promise.all([got(nodes, 1), got(nodes, 1), got(nodes, 2)]);
  assert.deepEqual(together, [200, 200, 200]);
  await nodes.servers[0]?.stop();
  await until(async () => (await got(nodes, 1)) === 200, 'it is on its own disk');
  const elsewhere = ADDRESS.replace('=plan', '=other');
  assert.equal((await fetch(`${nodes.servers[1]?.url ?? ''}${elsewhere}`)).status, 404);
});

test('UPLOAD-9 whoever is linked has an upload soon, whether or not somebody waits for that', async () => {
  await using nodes = await Nodes.make(3, { disks: true });
  const [status] = await put(nodes, 0);
  assert.equal(status, 201);
  // Nobody asks there for it.
  const hash = hashOf(BYTES);
  for (const folder of nodes.folders.slice(1)) {
    const file = join(folder ?? '', 'uploads', 'objects', hash.slice(0, 2), hash);
    await until(() => existsSync(file), 'it is on the other disk');
  }
});

test('UPLOAD-9 with SHEAF_ACK an upload is 201 when so many nodes have it on their disks, and 202 until then', async () => {
  const limits = { copiesAnswerMs: 300 };
  await using nodes = await Nodes.make(3, { disks: true, replicas: 2, start: 1, limits });
  // Nobody else is there.
  assert.deepEqual(await put(nodes, 0), [202, { received: BYTES.length, copies: 1 }]);
  await nodes.start(1);
  await nodes.linked();
  await until(async () => (await put(nodes, 0, BYTES.length))[0] === 201, 'the other one has it');
  await nodes.servers[0]?.stop();
  assert.equal(await got(nodes, 1), 200);
});
