import { uploadAddress } from '@sheaf/proto/upload-address';
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from './main.ts';
import { hashOf, sampleBytes } from './store/uploads/upload-contract.ts';

const BYTES = sampleBytes(2_000);
const ADDRESS = uploadAddress(hashOf(BYTES), 'team/plan');

test('UPLOAD-2, UPLOAD-5 an upload is there after a restart, and goes with its document', async (context) => {
  const data = await mkdtemp(join(tmpdir(), 'sheaf-uploads-'));
  context.after(() => rm(data, { recursive: true, force: true }));
  const options = { data, limits: { uploadFreeBytes: 0 } };
  const first = await startServer(options);
  const call = (url: string, method: string): Promise<Response> =>
    fetch(`${url}/sheaf.documents.v1.DocumentService/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'team/plan' }),
    });
  assert.equal((await call(first.url, 'CreateDocument')).status, 200);
  const put = await fetch(`${first.url}${ADDRESS}&size=${BYTES.length}&from=0`, {
    method: 'PUT',
    body: Buffer.from(BYTES),
  });
  assert.equal(put.status, 201);
  await first.stop();

  await using second = await startServer(options);
  const got = await fetch(second.url + ADDRESS);
  assert.deepEqual(Buffer.from(await got.arrayBuffer()), Buffer.from(BYTES));
  assert.equal((await call(second.url, 'DeleteDocument')).status, 200);
  assert.equal((await fetch(second.url + ADDRESS)).status, 404);
  assert.deepEqual(await readdir(join(data, 'uploads', 'documents')), []);
});
