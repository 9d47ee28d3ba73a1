import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type OpenForContract, storeContract } from '../contract.ts';
import { parseDocumentName } from '../document-name.ts';
import { encodeEntries } from '../entries.ts';
import { assertHolds, batch, entry, rejects, snapshot } from '../sample.ts';
import { sharedContract } from '../shared-contract.ts';
import { openPostgresStore } from './postgres-store.ts';
import { NO_POSTGRES, startTestServer } from './server-for-tests.ts';
import type { TestServer } from './server-for-tests.ts';

const server = await startTestServer();
const A = parseDocumentName('a');
const B = parseDocumentName('b');

function own(postgres: TestServer): void {
  const open = async (context: TestContext) => {
    const store = await openPostgresStore({ url: await postgres.createDatabase(), fsync: 'full' });
    context.after(() => store.close());
    return store;
  };

  test('LOG-9 a snapshot in shared memory is compacted as it is', async (context) => {
    const store = await open(context);
    const { update, ...rest } = snapshot(1);
    const shared = new Uint8Array(new SharedArrayBuffer(update.length));
    shared.set(update);
    await store.log.append([batch(A, 1)]);
    await store.log.compact({ document: A, base: 0, snapshot: { ...rest, update: shared } });
    assertHolds(await store.log.load(A), 1, 1);
  });

  test('names, titles and authors hold every character, but for a NUL in a title', async (context) => {
    const store = await open(context);
    const name = parseDocumentName('a\'b\\c %_ \u00e9 \ud83d\ude00 {,} "q"');
    const author = 'NUL \0 and "quote" {x}';
    await store.log.append([batch(name, 1, 1, { owners: [[3, author]] })]);
    await store.catalogue.setTitle(name, 'x\0y \ud83d\ude00');
    assert.deepEqual((await store.log.load(name))?.owners, [[3, author]]);
    assert.equal((await store.catalogue.get(name))?.title, 'x\ufffdy \ud83d\ude00');
    assert.equal((await store.catalogue.list({ limit: 1 }))[0]?.document, name);
  });

  test('a thousand documents are one commit', async (context) => {
    const store = await open(context);
    const names = Array.from({ length: 1_000 }, (_, at) => parseDocumentName(`document ${at}`));
    await store.log.append(names.map((name) => batch(name, 1, 2, { owners: [[1, 'ann']] })));
    await rejects(store.log.append([...names.map((name) => batch(name, 3)), batch(A, 2)]), 'stale');
    for (const name of names.filter((_, at) => at % 100 === 0)) assertHolds(await store.log.load(name), 0, 2);
    await store.log.append(names.map((name) => batch(name, 3)));
  });

  test('more calls than connections wait for their turn', async (context) => {
    const store = await open(context);
    await store.log.append([batch(A, 1, 3)]);
    const loads = await Promise.all(Array.from({ length: 200 }, () => store.log.load(A)));
    for (const loaded of loads) assertHolds(loaded, 0, 3);
  });

  test('LOG-15 a full disk refuses commits, and takes them again when there is room', async (context) => {
    const small = await smallDisk(context, postgres);
    if (small === null) return context.skip('only root can mount a small file system');
    const { url, filler } = small;
    const store = await openPostgresStore({ url, fsync: 'full', limits: { probeMs: 20 } });
    context.after(() => store.close());
    await store.log.append([batch(A, 1)]);
    filler.fill();
    const large = () => batch(A, 2, 1, { entries: [encodeEntries([entry(2, 200_000)])] });
    const refused = [store.log.append([large()]), store.log.append([batch(B, 1)])];
    for (const one of refused) await rejects(one, 'storage-unavailable');
    assert.equal(store.healthy(), false);
    await assert.rejects(store.catalogue.setTitle(A, 't'), /takes no writes now .*53100/);
    assertHolds(await store.log.load(A), 0, 1);
    filler.empty();
    while (!store.healthy()) await wait(10);
    assertHolds(await store.log.load(A), 0, 1);
    await store.log.append([batch(A, 2), batch(B, 1)]);
    await store.log.append([batch(A, 3, 1, { entries: [encodeEntries([entry(3, 200_000)])] })]);
    assert.deepEqual(await store.log.verify(), []);
  });
}

/** A database on a file system of 24 MiB that can be filled up; null where that cannot be mounted. */
async function smallDisk(context: TestContext, postgres: TestServer) {
  if (process.getuid?.() !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-tablespace-'));
  const mounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=777', 'sheaf-test', folder]).status === 0;
  const space = `space_${folder.slice(-6).toLowerCase()}`;
  let url: string | null = null;
  context.after(async () => {
    if (url !== null) await postgres.run(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
    if (url !== null) await postgres.run(`DROP TABLESPACE "${space}"`);
    if (mounted) spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  if (!mounted) return null;
  const made = spawnSync('install', ['-d', '-o', String(postgres.owner), join(folder, 'space')]);
  assert.equal(made.status, 0);
  await postgres.run(`CREATE TABLESPACE "${space}" LOCATION '${join(folder, 'space')}'`);
  url = await postgres.createDatabase(`TABLESPACE "${space}"`);
  const file = join(folder, 'filler');
  const filler = {
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(file, new Uint8Array(bavail * bsize));
    },
    empty: () => unlinkSync(file),
  };
  return { url, filler };
}

if (server === null) test('the store in PostgreSQL', { skip: NO_POSTGRES });
else {
  const openForContract: OpenForContract = async (context, options) => {
    const url = await server.createDatabase();
    const open = () => openPostgresStore({ url, fsync: 'full', ...options });
    let store = await open();
    context.after(() => store.close());
    const reopen = async () => {
      await store.close();
      store = await open();
      return store;
    };
    return { store, reopen };
  };
  storeContract('postgres store', openForContract);
  sharedContract('postgres store', openForContract);

  describe('postgres store', () => own(server));
}
