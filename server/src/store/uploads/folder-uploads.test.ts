import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseDocumentName } from '../document-name.ts';
import { FolderUploads } from './folder-uploads.ts';
import { hashOf, partOf, ROOMY, sampleBytes, uploadContract } from './upload-contract.ts';

async function folder(context: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'sheaf-uploads-'));
  context.after(() => rm(made, { recursive: true, force: true }));
  return join(made, 'uploads');
}

uploadContract('folder', async (context, limits) => {
  const store = new FolderUploads(await folder(context), { ...ROOMY, ...limits });
  context.after(() => store.close());
  return store;
});

test('UPLOAD-2 what a process that ended had received is gone on with by the next, and nothing half is given out', async (context) => {
  const at = await folder(context);
  const bytes = sampleBytes(4_000);
  await new FolderUploads(at, ROOMY).receive(partOf(bytes, 0, 3_000));
  const next = new FolderUploads(at, ROOMY);
  assert.equal(await next.open(parseDocumentName('team/a'), hashOf(bytes)), null);
  assert.deepEqual(await readdir(join(at)), ['unfinished']);
  assert.deepEqual(await next.receive(partOf(bytes)), { state: 'gap', received: 3_000 });
  assert.equal((await next.receive(partOf(bytes, 3_000))).state, 'stored');
  assert.deepEqual(await readdir(join(at, 'unfinished')), []);
});

test('UPLOAD-2 a file of which a kill left something else than its hash says is not taken over', async (context) => {
  const at = await folder(context);
  const bytes = sampleBytes(4_000);
  await new FolderUploads(at, ROOMY).receive(partOf(bytes, 0, 1_000));
  const [file = ''] = await readdir(join(at, 'unfinished'));
  await writeFile(join(at, 'unfinished', file), sampleBytes(1_000, 7));
  const next = new FolderUploads(at, ROOMY);
  await assert.rejects(next.receive(partOf(bytes, 1_000)), { code: 'malformed' });
  assert.equal((await next.receive(partOf(bytes))).state, 'stored');
});

test('UPLOAD-3 no upload takes the room that documents need', async (context) => {
  const store = new FolderUploads(await folder(context), { ...ROOMY, uploadFreeBytes: 2 ** 52 });
  await assert.rejects(store.receive(partOf(sampleBytes(10))), { code: 'storage-unavailable' });
});
