import { parseUploadHash, type UploadHash } from '@sheaf/proto/upload-address';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { parseDocumentName } from '../document-name.ts';
import type { UploadLimits, UploadPart, UploadStore } from './upload-store.ts';

const A = parseDocumentName('team/a');
const B = parseDocumentName('b');
/** Bounds under which a test store has room whatever the machine's disk. */
export const ROOMY: UploadLimits = { ...DEFAULT_LIMITS, uploadFreeBytes: 0 };
/** Later than anything that a test did, ms since 1970. */
const MUCH_LATER = Date.UTC(2100, 0);

/** The name of some bytes. */
export function hashOf(bytes: Uint8Array): UploadHash {
  const hash = parseUploadHash(createHash('sha256').update(bytes).digest('hex'));
  assert.ok(hash);
  return hash;
}

/** Bytes that are no image and nowhere the same. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) + seed) & 0xff);
}

/** `bytes` from `from` to `to` as a part of all of them. */
export function partOf(bytes: Uint8Array, from = 0, to = bytes.length): UploadPart {
  async function* body(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    for (let at = from; at < to; at += 1_000) yield bytes.subarray(at, Math.min(to, at + 1_000));
  }
  return { document: A, hash: hashOf(bytes), author: 'ada', size: bytes.length, from, body: body() };
}

async function contentOf(store: UploadStore, hash: UploadHash, document = A): Promise<Buffer | null> {
  const upload = await store.open(document, hash);
  if (upload === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of upload.read(0, upload.size)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Opens an empty store; whoever opens it puts its end in `context.after`. */
export type OpenUploads = (context: TestContext, limits?: Partial<UploadLimits>) => Promise<UploadStore>;

/** What every store of uploads keeps to: UPLOAD-2 to UPLOAD-5 of SPEC.md. */
export function uploadContract(name: string, open: OpenUploads): void {
  receiving(name, open);
  having(name, open);
}

function receiving(name: string, open: OpenUploads): void {
  test(`${name}: UPLOAD-2 an upload comes in parts, and is there when the last has come`, async (context) => {
    const store = await open(context);
    const bytes = sampleBytes(10_000);
    const hash = hashOf(bytes);
    assert.deepEqual(await store.receive(partOf(bytes, 0, 4_000)), { state: 'partial', received: 4_000 });
    assert.equal(await store.open(A, hash), null);
    assert.deepEqual(await store.receive(partOf(bytes, 0, 4_000)), { state: 'gap', received: 4_000 });
    assert.deepEqual(await store.receive(partOf(bytes, 6_000)), { state: 'gap', received: 4_000 });
    assert.deepEqual(await store.receive(partOf(bytes, 4_000)), { state: 'stored', received: 10_000 });
    assert.deepEqual(await contentOf(store, hash), Buffer.from(bytes));
    const upload = await store.open(A, hash);
    assert.deepEqual(Buffer.from(upload?.head ?? []), Buffer.from(bytes.subarray(0, 64)));
    const some: Uint8Array[] = [];
    for await (const chunk of upload?.read(10, 20) ?? []) some.push(chunk);
    assert.deepEqual(Buffer.concat(some), Buffer.from(bytes.subarray(10, 20)));
  });

  test(`${name}: UPLOAD-2 a part that is cut counts as far as it came`, async (context) => {
    const store = await open(context);
    const bytes = sampleBytes(3_000);
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1_500);
      await Promise.resolve();
      throw new Error('cut');
    }
    await assert.rejects(store.receive({ ...partOf(bytes), body: cut() }));
    const again = await store.receive(partOf(bytes));
    assert.deepEqual(again, { state: 'gap', received: 1_500 });
    assert.deepEqual(await store.receive(partOf(bytes, 1_500)), { state: 'stored', received: 3_000 });
    assert.deepEqual(await contentOf(store, hashOf(bytes)), Buffer.from(bytes));
  });

  test(`${name}: UPLOAD-2 two parts of one upload at once are not mixed`, async (context) => {
    const store = await open(context);
    const bytes = sampleBytes(5_000);
    const receipts = await Promise.all([1, 2, 3].map(() => store.receive(partOf(bytes))));
    assert.deepEqual(receipts.map(({ state }) => state).toSorted(), ['gap', 'gap', 'stored']);
    assert.deepEqual(await contentOf(store, hashOf(bytes)), Buffer.from(bytes));
  });

  test(`${name}: UPLOAD-2 what is not what its hash says is refused, and can begin anew`, async (context) => {
    const store = await open(context);
    const bytes = sampleBytes(2_000);
    const wrong = { ...partOf(sampleBytes(2_000, 9)), hash: hashOf(bytes) };
    await assert.rejects(store.receive(wrong), { code: 'malformed' });
    assert.equal(await store.open(A, hashOf(bytes)), null);
    assert.equal((await store.receive(partOf(bytes))).state, 'stored');
  });

  test(`${name}: UPLOAD-3 too many bytes are refused, announced or not`, async (context) => {
    const store = await open(context, { uploadBytes: 1_000 });
    await assert.rejects(store.receive(partOf(sampleBytes(1_001))), { code: 'too-large' });
    await assert.rejects(store.receive({ ...partOf(sampleBytes(1_001)), size: 900 }), { code: 'too-large' });
    assert.equal((await store.receive(partOf(sampleBytes(1_000)))).state, 'stored');
    assert.equal((await store.receive(partOf(sampleBytes(0)))).state, 'stored');
  });

  test(`${name}: UPLOAD-3 a document has so many uploads, and so many are under way`, async (context) => {
    const store = await open(context, { documentUploads: 2, uploadsUnfinished: 2 });
    for (const seed of [1, 2]) await store.receive(partOf(sampleBytes(2_000, seed)));
    await assert.rejects(store.receive(partOf(sampleBytes(2_000, 3))), { code: 'too-many' });
    assert.equal((await store.receive(partOf(sampleBytes(2_000, 1)))).state, 'stored');
    for (const seed of [4, 5]) await store.receive(partOf(sampleBytes(2_000, seed), 0, 1_000));
    await assert.rejects(store.receive(partOf(sampleBytes(2_000, 6), 0, 1_000)), { code: 'too-many' });
  });

  test(`${name}: UPLOAD-3 nobody shuts out others by what never comes whole`, async (context) => {
    const store = await open(context, { uploadsUnfinished: 4, uploadsUnfinishedPerAuthor: 2 });
    const begin = (seed: number, author: string) =>
      store.receive({ ...partOf(sampleBytes(2_000, seed), 0, 1_000), author });
    for (const seed of [1, 2]) await begin(seed, 'flood');
    await assert.rejects(begin(3, 'flood'), { code: 'too-many', message: /of yours/ });
    assert.equal((await begin(3, 'other')).state, 'partial');
    // What was begun goes on, and makes room.
    const rest = { ...partOf(sampleBytes(2_000, 1), 1_000, 2_000), author: 'flood' };
    assert.equal((await store.receive(rest)).state, 'stored');
    assert.equal((await begin(3, 'flood')).state, 'partial');
  });
}

function having(name: string, open: OpenUploads): void {
  test(`${name}: UPLOAD-4 a document has what was put into it, and nothing else`, async (context) => {
    const store = await open(context);
    const bytes = sampleBytes(1_000);
    const hash = hashOf(bytes);
    await store.receive(partOf(bytes));
    assert.equal(await store.open(B, hash), null);
    assert.equal((await store.receive({ ...partOf(bytes), document: B })).state, 'stored');
    assert.deepEqual(await contentOf(store, hash, B), Buffer.from(bytes));
    assert.deepEqual((await store.documents()).toSorted(), [B, A].toSorted());
    assert.deepEqual(
      (await store.links(B)).map((link) => link.hash),
      [hash],
    );
  });

  test(`${name}: UPLOAD-5 what the last document loses is removed, what another has stays`, async (context) => {
    const store = await open(context);
    const bytes = sampleBytes(1_000);
    const hash = hashOf(bytes);
    await store.receive(partOf(bytes));
    await store.receive({ ...partOf(bytes), document: B });
    await store.unlink(A, hash);
    await store.tidy(MUCH_LATER);
    assert.equal(await store.open(A, hash), null);
    assert.deepEqual(await contentOf(store, hash, B), Buffer.from(bytes));
    await store.unlink(B, hash);
    assert.deepEqual(await store.documents(), []);
    await store.tidy(0);
    await store.receive({ ...partOf(bytes), document: B });
    assert.deepEqual(await contentOf(store, hash, B), Buffer.from(bytes));
    await store.unlink(B, hash);
    await store.tidy(MUCH_LATER);
    assert.equal(await store.open(B, hash), null);
  });

  test(`${name}: UPLOAD-4 what comes while the document loses its last one is there, and uploads at once count together`, async (context) => {
    const store = await open(context, { documentUploads: 2 });
    for (let round = 0; round < 30; round += 1) {
      const [old, fresh] = [sampleBytes(500, 2 * round), sampleBytes(500, 2 * round + 1)];
      await store.receive(partOf(old));
      const [receipt] = await Promise.all([store.receive(partOf(fresh)), store.unlink(A, hashOf(old))]);
      assert.equal(receipt.state, 'stored');
      assert.deepEqual(await contentOf(store, hashOf(fresh)), Buffer.from(fresh));
      await store.unlink(A, hashOf(fresh));
    }
    const all = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((seed) => store.receive(partOf(sampleBytes(500, seed)))),
    );
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 2);
    assert.equal((await store.links(A)).length, 2);
  });

  test(`${name}: UPLOAD-5 what is put into a document again is as new, and is not taken by who looked before`, async (context) => {
    const store = await open(context);
    const bytes = sampleBytes(1_000);
    const hash = hashOf(bytes);
    await store.receive(partOf(bytes));
    const [first] = await store.links(A);
    assert.ok(first !== undefined);
    // A file's time may be coarser than the clock.
    while (Date.now() <= first.since + 20) await new Promise((resolve) => setTimeout(resolve, 5));
    await store.receive(partOf(bytes));
    await store.unlink(A, hash, first.since + 10);
    assert.deepEqual(await contentOf(store, hash), Buffer.from(bytes));
    await store.unlink(A, hash);
    assert.equal(await store.open(A, hash), null);
  });

  test(`${name}: UPLOAD-5 what did not come whole is removed when it is old`, async (context) => {
    const store = await open(context);
    const bytes = sampleBytes(4_000);
    await store.receive(partOf(bytes, 0, 1_000));
    await store.tidy(0);
    assert.equal((await store.receive(partOf(bytes))).received, 1_000);
    await store.tidy(MUCH_LATER);
    assert.equal((await store.receive(partOf(bytes))).state, 'stored');
  });
}
