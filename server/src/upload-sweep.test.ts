import { uploadReference, type UploadHash } from '@sheaf/proto/upload-address';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { compact } from './document/replica.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { parseDocumentName, type DocumentName } from './store/document-name.ts';
import { encodeEntries } from './store/entries.ts';
import { openMemoryStore } from './store/memory/memory-store.ts';
import { MemoryUploads } from './store/memory/memory-uploads.ts';
import type { Store } from './store/store.ts';
import { findReferences } from './store/uploads/references.ts';
import { hashOf, partOf, ROOMY, sampleBytes } from './store/uploads/upload-contract.ts';
import { UploadSweep } from './upload-sweep.ts';

const A = parseDocumentName('a');
const HOUR_MS = 3_600_000;
const GRACE_MS = 24 * HOUR_MS;

/** A store with a document, a sweep, and a clock. */
function setup(store: Store = openMemoryStore()) {
  let now = Date.now();
  const uploads = new MemoryUploads(ROOMY, () => now);
  const reports: string[] = [];
  const report = (words: string): void => void reports.push(words);
  const sweep = new UploadSweep({ store, uploads, graceMs: GRACE_MS, time: () => now, report });
  const doc = new Y.Doc();
  let logged = 0;
  const pending: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => pending.push(update));
  return {
    store,
    uploads,
    sweep,
    doc,
    reports,
    later: (ms: number) => (now += ms),
    /** Logs what was done to the document. */
    async log(): Promise<void> {
      const entries = pending.splice(0).map((update) => ({ update, author: '', time: now }));
      const count = entries.length;
      await store.log.append([
        { document: A, first: logged + 1, count, entries: [encodeEntries(entries)], owners: [] },
      ]);
      logged += count;
    },
    /** Compacts all that was logged. */
    async compact(base: number): Promise<void> {
      const snapshot = compact([Y.encodeStateAsUpdate(doc)], logged, null, DEFAULT_LIMITS);
      await store.log.compact({ document: A, base, snapshot });
    },
    logged: () => logged,
    async upload(seed: number, document: DocumentName = A): Promise<UploadHash> {
      const bytes = sampleBytes(500, seed);
      await uploads.receive({ ...partOf(bytes), document });
      return hashOf(bytes);
    },
  };
}

/** Puts an image's element into the document, as the editor does. */
function refer(doc: Y.Doc, hash: UploadHash): void {
  const element = new Y.XmlElement('image');
  element.setAttribute('src', uploadReference(hash));
  doc.getText('content').insertEmbed(0, element);
}

test('UPLOAD-5 what a document refers to stays, what it does not goes after the grace time, seen twice', async () => {
  const { uploads, sweep, doc, log, upload, later } = setup();
  const [used, unused] = [await upload(1), await upload(2)];
  refer(doc, used);
  await log();
  await sweep.run();
  later(GRACE_MS + 1);
  await sweep.run();
  assert.ok(await uploads.open(A, unused), 'seen unreferenced once only');
  later(GRACE_MS - 1);
  await sweep.run();
  assert.ok(await uploads.open(A, unused), 'not yet so long apart');
  later(2);
  await sweep.run();
  assert.equal(await uploads.open(A, unused), null);
  assert.ok(await uploads.open(A, used));
});

test('UPLOAD-5 what the history of before a document came here refers to stays', async () => {
  const there = setup();
  const { store, uploads, sweep, doc, log, upload, later } = setup();
  const [used, unused] = [await upload(1), await upload(2)];
  refer(there.doc, used);
  await there.log();
  there.doc.getText('content').delete(0, 1);
  await there.log();
  await there.compact(0);
  doc.getText('content').insert(0, 'x');
  await log();
  const segments = await there.store.log.history(A, 1, there.logged());
  assert.ok(segments.length > 0 && store.earlier !== null);
  for (const segment of segments.toReversed()) await store.earlier.prepend(A, segment);
  for (let times = 0; times < 3; times += 1) {
    later(GRACE_MS + 1);
    await sweep.run();
  }
  assert.ok(await uploads.open(A, used));
  assert.equal(await uploads.open(A, unused), null);
});

test('UPLOAD-5 what history refers to stays until history expires', async () => {
  const { store, uploads, sweep, doc, log, upload, later, compact: compacted, logged } = setup();
  const hash = await upload(1);
  refer(doc, hash);
  await log();
  doc.getText('content').delete(0, 1);
  await log();
  await compacted(0);
  const sweepTwice = async (): Promise<void> => {
    for (let times = 0; times < 3; times += 1) {
      later(GRACE_MS + 1);
      await sweep.run();
    }
  };
  await sweepTwice();
  assert.ok(await uploads.open(A, hash));
  // Without the history, nothing refers to it: the snapshot is garbage-collected.
  doc.getText('content').insert(0, 'x');
  await log();
  await compacted(logged() - 1);
  await store.log.expireHistory(Number.MAX_SAFE_INTEGER);
  await sweepTwice();
  assert.equal(await uploads.open(A, hash), null);
});

test('UPLOAD-5 an upload whose document was never saved is kept for the grace time', async () => {
  const { uploads, sweep, upload, later } = setup();
  const hash = await upload(1);
  later(GRACE_MS - 1);
  await sweep.run();
  await sweep.run();
  assert.ok(await uploads.open(A, hash));
});

test('UPLOAD-5 a deleted document keeps nothing, and what another has stays', async () => {
  const { store, uploads, sweep, log, doc, upload, later } = setup();
  const other = parseDocumentName('other');
  const hash = await upload(1);
  await upload(1, other);
  refer(doc, hash);
  await log();
  await store.catalogue.delete(A, Date.now());
  later(GRACE_MS + 1);
  await sweep.run();
  assert.equal(await uploads.open(A, hash), null);
  assert.ok(await uploads.open(other, hash));
});

test('UPLOAD-5 what cannot be read keeps its uploads', async () => {
  const store = openMemoryStore();
  const broken = { ...store.log, load: () => Promise.reject(new Error('unreadable')) };
  const { uploads, sweep, upload, later, reports } = setup({ ...store, log: broken });
  const hash = await upload(1);
  for (let times = 0; times < 4; times += 1) {
    later(GRACE_MS + 1);
    await sweep.run();
  }
  assert.ok(await uploads.open(A, hash));
  assert.equal(reports.length, 4);
});

test('UPLOAD-5 a reference is found wherever it lies, also across the end of a stretch', async () => {
  const hash = hashOf(sampleBytes(3));
  const text = Buffer.from(uploadReference(hash));
  for (const at of [0, 4 * 1024 * 1024 - 1, 4 * 1024 * 1024 - 70, 4 * 1024 * 1024, 9_000_000]) {
    const bytes = Buffer.alloc(10_000_000, 'upload:');
    text.copy(bytes, at);
    const found = new Set<UploadHash>();
    let turns = 0;
    await findReferences([bytes], found, async () => void (turns += 1));
    assert.deepEqual([...found], [hash], String(at));
    assert.ok(turns >= 2);
  }
});
