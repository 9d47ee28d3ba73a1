import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UploadHash } from '@sheaf/proto/upload-address';
import * as fake from 'fake-indexeddb';
import { deleteDB, openDB } from 'idb';
import { hashOf } from './hash.ts';
import { UploadMemory } from './upload-memory.ts';
import { UploadError } from './upload-error.ts';
import type { UploadErrorCode } from './upload-error.ts';
import { UPLOAD_BYTES, Uploads } from './uploads.ts';
import { WaitingUploads } from './waiting-uploads.ts';
import type { WaitingUpload, WaitingUploadsOptions } from './waiting-uploads.ts';

// What a page finds in its global scope.
Object.assign(globalThis, fake);

let names = 0;

function waitingIn(name: string, options: Partial<WaitingUploadsOptions> = {}): WaitingUploads {
  return new WaitingUploads({ name, onCount: () => {}, ...options });
}

/** An upload of so many bytes. */
async function upload(document: string, bytes: number): Promise<WaitingUpload> {
  const content = new Uint8Array(bytes).fill(bytes).buffer;
  return { document, hash: await hashOf(content), name: '', bytes: content };
}

/** As a page shows what stands in the document. */
const SHOW = { signal: new AbortController().signal, pasted: false };

/** Uploads of a page whose network a test plays. */
function page(
  options: { waiting?: WaitingUploads | null; refers?: boolean } = {},
  shown = new Map<UploadHash, Blob>(),
) {
  const { waiting = waitingIn(`test-${String((names += 1))}`), refers = true } = options;
  const sent: UploadHash[] = [];
  const changes = new Set<() => void>();
  const network: { trouble: UploadErrorCode | null } = { trouble: null };
  const uploads = new Uploads({
    document: 'a',
    waiting,
    transfer: {
      send: (hash) => {
        if (network.trouble !== null) return Promise.reject(new UploadError(network.trouble, ''));
        sent.push(hash);
        return Promise.resolve();
      },
      get: (hash) =>
        network.trouble === null && sent.includes(hash)
          ? Promise.resolve(new Blob(['from the server']))
          : Promise.reject(new UploadError(network.trouble ?? 'missing', '')),
    },
    recent: {
      keep: (hash, content) => void shown.set(hash, content),
      find: (hash) => Promise.resolve(shown.get(hash) ?? null),
    },
    mayWrite: () => true,
    onCounts: () => changes.forEach((look) => look()),
    isReferred: () => refers,
  });
  /** Resolves when so many wait. */
  const waits = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (uploads.counts.waiting === count) resolve();
      };
      changes.add(look);
      look();
    });
  /** Resolves when an upload has failed so. */
  const failed = (hash: UploadHash, error: UploadErrorCode) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (uploads.state(hash)?.error !== error) return;
        end();
        resolve();
      };
      const end = uploads.onChange(hash, look);
      look();
    });
  return { uploads, waiting, sent, network, waits, failed };
}

const file = (text: string) => new Blob([text]);

/** Adds a file as the editor does, whose place in the document comes right behind. */
async function put(uploads: Uploads, content: Blob, name: string): Promise<UploadHash> {
  const hash = await uploads.add(content, name);
  uploads.begin();
  return hash;
}

test('KEEP-11 what is added is kept before it is sent, and counts as waiting until the server has it', async () => {
  const { uploads, waiting, sent, network, waits, failed } = page();
  network.trouble = 'away';
  const hash = await put(uploads, file('one'), 'one.txt');
  await failed(hash, 'away');
  assert.deepEqual(uploads.counts, { waiting: 1, kept: 1 });
  assert.equal((await waiting?.of('a'))?.length, 1);
  assert.equal(await (await uploads.content(hash, SHOW)).text(), 'one');
  network.trouble = null;
  uploads.online();
  await waits(0);
  assert.deepEqual(sent, [hash]);
  assert.deepEqual(await waiting?.of('a'), []);
  assert.equal(uploads.state(hash), null);
  assert.equal(await (await uploads.content(hash, SHOW)).text(), 'from the server');
  uploads.close();
});

test('KEEP-11 the next visit sends what the last one kept', async () => {
  const first = page();
  first.network.trouble = 'away';
  const hash = await put(first.uploads, file('two'), 'two.txt');
  first.uploads.close();
  const next = page({ waiting: first.waiting });
  await next.uploads.load();
  await next.waits(0);
  assert.deepEqual(next.sent, [hash]);
  assert.deepEqual(await next.waiting?.of('a'), []);
});

test('KEEP-11 what does not fit into this browser waits in the page, and is not called kept', async () => {
  for (const waiting of [waitingIn('small', { most: 3 }), null]) {
    const { uploads, network, sent, waits, failed } = page({ waiting });
    network.trouble = 'away';
    await failed(await put(uploads, file('four'), 'four.txt'), 'away');
    assert.deepEqual(uploads.counts, { waiting: 1, kept: 0 });
    network.trouble = null;
    uploads.online();
    await waits(0);
    assert.equal(sent.length, 1);
    uploads.close();
  }
});

test('UPLOAD-4 what is pasted from another document that this browser has shown is put into this one', async () => {
  const shown = new Map<UploadHash, Blob>();
  const first = page({}, shown);
  const hash = await put(first.uploads, file('pasted'), 'pasted.txt');
  await first.uploads.content(hash, SHOW);
  const { uploads, sent, waits } = page({}, shown);
  // A peer who wrote the hash into the document gets nothing by it.
  await assert.rejects(uploads.content(hash, SHOW), { code: 'missing' });
  assert.equal(await (await uploads.content(hash, { ...SHOW, pasted: true })).text(), 'pasted');
  await waits(0);
  assert.deepEqual(sent, [hash]);
  const unknown = page();
  await assert.rejects(unknown.uploads.content(hash, { ...SHOW, pasted: true }), { code: 'missing' });
});

test('UPLOAD-3 a file that is too large is refused before anything is kept', async () => {
  const { uploads, waiting } = page();
  const large = new Blob([new Uint8Array(UPLOAD_BYTES + 1)]);
  await assert.rejects(uploads.add(large, 'large'), { code: 'too-large' });
  assert.deepEqual(await waiting?.of('a'), []);
});

test('what the server refuses waits for its person, who may try again', async () => {
  const { uploads, network, waits, failed } = page();
  network.trouble = 'refused';
  const hash = await put(uploads, file('five'), 'five.txt');
  await failed(hash, 'refused');
  assert.equal(uploads.state(hash)?.waits, false);
  uploads.online();
  assert.equal(uploads.state(hash)?.error, 'refused');
  network.trouble = null;
  uploads.retry(hash);
  await waits(0);
  uploads.close();
});

test('what the server refuses and the document has no more is dropped', async () => {
  const { uploads, network, waiting, waits } = page({ refers: false });
  network.trouble = 'refused';
  await put(uploads, file('six'), 'six.txt');
  await waits(0);
  assert.deepEqual(await waiting?.of('a'), []);
});

test('KEEP-10 forgetting a document drops what waits for it, and nothing else', async () => {
  const waiting = waitingIn('forgetting');
  for (const document of ['a', 'b']) await waiting.add(await upload(document, 1));
  await waiting.forget('a');
  assert.deepEqual([(await waiting.of('a')).length, (await waiting.of('b')).length], [0, 1]);
});

test('PILL-1 a browser remembers of which documents uploads wait, and one that keeps nothing says none', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
  };
  const count = new UploadMemory(() => storage);
  kept.set('other', '1');
  count.set('a/b', 2);
  count.set('c', 1);
  count.set('c', 0);
  assert.deepEqual([count.of('a/b'), count.of('c'), count.documents()], [2, 0, ['a/b']]);
  const broken = new UploadMemory(() => {
    throw new Error('nothing is kept here');
  });
  broken.set('a', 1);
  assert.deepEqual([broken.of('a'), broken.documents()], [0, []]);
});

test('KEEP-11 a file that is refused before its place is in the document is not taken for one that nobody wants', async () => {
  const { uploads, waiting, network, waits } = page({ refers: false });
  network.trouble = 'refused';
  const hash = await uploads.add(file('seven'), 'seven.txt');
  uploads.online();
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.deepEqual(uploads.counts, { waiting: 1, kept: 1 });
  uploads.begin();
  await waits(0);
  assert.equal(uploads.state(hash), null);
  assert.deepEqual(await waiting?.of('a'), []);
  const other = page();
  other.network.trouble = 'refused';
  await other.failed(await put(other.uploads, file('eight'), 'eight.txt'), 'refused');
  assert.equal(other.uploads.counts.waiting, 1);
});

test('KEEP-11 a store that cannot be read is told, since it may have something', async () => {
  const { uploads } = page({
    waiting: Object.assign(waitingIn('unread'), { of: () => Promise.reject(new Error('no')) }),
  });
  assert.equal(await uploads.load(), false);
  assert.equal(await page().uploads.load(), true);
});

test('PILL-1 two tabs that keep and send at once leave the number of what waits', async () => {
  const marks = new Map<string, number>();
  const tab = () => waitingIn('tabs', { onCount: (document, count) => void marks.set(document, count) });
  const [one, two] = [tab(), tab()];
  const [first, second, third] = [await upload('a', 1), await upload('a', 2), await upload('a', 3)];
  await Promise.all([one.add(first), two.add(second), one.add(third), two.remove('a', first.hash)]);
  assert.equal(marks.get('a'), 2);
  await Promise.all([two.remove('a', third.hash), one.of('a'), one.remove('a', second.hash)]);
  assert.equal(marks.get('a'), 0);
  marks.set('a', 1);
  await two.of('a');
  assert.equal(marks.get('a'), 0);
});

test('KEEP-11 what waits is summed by sizes, without what is replaced, also what an older version kept', async () => {
  const old = await openDB('sums', 1, {
    upgrade: (database) =>
      database
        .createObjectStore('waiting', { keyPath: ['document', 'hash'] })
        .createIndex('document', 'document'),
  });
  await old.put('waiting', await upload('old', 40));
  old.close();
  const waiting = waitingIn('sums', { most: 100 });
  assert.equal(await waiting.add(await upload('a', 60)), true);
  assert.equal(await waiting.add(await upload('a', 60)), true);
  assert.equal(await waiting.add(await upload('b', 1)), false);
  assert.equal((await waiting.of('old'))[0]?.bytes.byteLength, 40);
});

test('KEEP-7 uploads are in the way of no newer version and no removal, and an older tab in the way is told', async () => {
  const waiting = waitingIn('layouts');
  await waiting.add(await upload('a', 1));
  // Both wait until whoever has it open has closed it.
  const newer = await openDB('layouts', 9);
  await assert.rejects(waiting.of('a'));
  newer.close();
  const other = waitingIn('closing');
  await other.add(await upload('a', 1));
  other.close();
  await deleteDB('closing');
  await assert.rejects(other.of('a'));
  const older = await openDB('older', 1, {
    upgrade: (database) =>
      database
        .createObjectStore('waiting', { keyPath: ['document', 'hash'] })
        .createIndex('document', 'document'),
  });
  const late = waitingIn('older');
  await assert.rejects(late.of('a'), /older version/);
  older.close();
  assert.deepEqual(await late.of('a'), []);
});
