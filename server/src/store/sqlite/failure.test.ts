import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { parseDocumentName } from '../document-name.ts';
import { encodeEntries } from '../entries.ts';
import type { Store } from '../store.ts';
import { assertHolds, batch, entry, rejects } from '../sample.ts';
import { assertKept, canRun, folderFor, runAppending, withStore } from './appending-run.ts';
import { openSqliteStore } from './sqlite-store.ts';

const A = parseDocumentName('a');
const B = parseDocumentName('b');
const PROBE_MS = 20;
/** No checkpoint while a test runs: behind one the write-ahead log starts over, in room that it has already. */
const NEVER_IDLE_MS = 10 * 60_000;

const isRoot = process.getuid?.() === 0;
const withStrace = canRun('strace', '-o', '/dev/null', 'true');
const withPrlimit = canRun('prlimit', '--version');

async function untilHealthy(store: Store): Promise<void> {
  while (!store.healthy()) await wait(PROBE_MS);
}

/** A store on a file system of 1 MiB; null where that cannot be mounted. */
async function openOnSmallDisk(context: TestContext): Promise<{ store: Store; folder: string } | null> {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-store-'));
  const mounted = isRoot && canRun('mount', '-t', 'tmpfs', '-o', 'size=1m', 'sheaf-test', folder);
  let store: Store | null = null;
  context.after(async () => {
    await store?.close();
    if (mounted) spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  if (!mounted) return null;
  store = await openSqliteStore({
    folder,
    fsync: 'full',
    limits: { probeMs: PROBE_MS, idleMs: NEVER_IDLE_MS },
  });
  return { store, folder };
}

describe('sqlite store: a disk that fails', () => {
  test('LOG-15 a full disk refuses commits, and takes them again when there is room', async (context) => {
    const opened = await openOnSmallDisk(context);
    if (opened === null) return context.skip('only root can mount a small file system');
    const { store, folder } = opened;
    await store.log.append([batch(A, 1)]);
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'filler'), new Uint8Array(bavail * bsize));

    const refused = [2, 3].map((first) => store.log.append([batch(A, first, 1), batch(B, first - 1)]));
    for (const one of refused) await rejects(one, 'storage-unavailable');
    assert.equal(store.healthy(), false);
    await rejects(store.log.append([batch(A, 2)]), 'storage-unavailable');
    await assert.rejects(store.catalogue.setTitle(A, 't'), /does not work now \(database or disk is full\)/);
    assertHolds(await store.log.load(A), 0, 1);

    rmSync(join(folder, 'filler'));
    await untilHealthy(store);
    assertHolds(await store.log.load(A), 0, 1);
    assert.equal(await store.log.load(B), null);
    await store.log.append([batch(A, 2), batch(B, 1)]);
    assertHolds(await store.log.load(A), 0, 2);
    assert.deepEqual(await store.log.verify(), []);
  });

  test('LOG-15 a commit that does not fit leaves nothing, and smaller ones go on', async (context) => {
    const opened = await openOnSmallDisk(context);
    if (opened === null) return context.skip('only root can mount a small file system');
    const { store } = opened;
    await store.log.append([batch(A, 1)]);
    const large = batch(A, 2, 1, { entries: [encodeEntries([entry(2, 2_000_000)])] });
    await rejects(store.log.append([large]), 'storage-unavailable');
    await untilHealthy(store);
    await store.log.append([batch(A, 2)]);
    assertHolds(await store.log.load(A), 0, 2);
  });

  test('LOG-15 write errors while appending, and after them, lose nothing acknowledged', async (context) => {
    if (!withPrlimit) return context.skip('prlimit is not installed');
    const folder = folderFor(context);
    let acks = 0;
    let limited = false;
    const said = await runAppending({
      folder,
      acks: 150,
      end: 'kill',
      onLine: (line, child) => {
        if (line.startsWith('ack') && (acks += 1) === 50) {
          // No file may grow beyond what it has; SQLite meets EFBIG in the middle of a commit.
          limited = canRun('prlimit', `--pid=${child.pid}`, '--fsize=65536:unlimited');
        }
        if (line.startsWith('refused') && limited) {
          limited = false;
          canRun('prlimit', `--pid=${child.pid}`, '--fsize=unlimited:unlimited');
        }
      },
      walPages: 1_000,
      compact: false,
    });
    assert.ok(said.refused.length > 0, 'the limit was met');
    assert.ok(said.refused.every(({ code }) => code === 'storage-unavailable'));
    await withStore(folder, (store) => assertKept(store, said, 'after write errors'));
  });

  test('LOG-15 a disk that fails now and then, in commits, compactions and checkpoints, loses nothing', async (context) => {
    if (!withStrace) return context.skip('strace is not installed, or may not trace');
    // Shorter periods may never let the largest commit through.
    for (const { period, walPages } of [
      { period: 61, walPages: 30 },
      { period: 97, walPages: 10 },
      { period: 151, walPages: 1_000 },
    ]) {
      const folder = join(folderFor(context), 'data');
      const under = failingNowAndThen(folder, period);
      const said = await runAppending({
        folder,
        seed: period,
        acks: 120,
        under,
        walPages,
      });
      assert.ok(said.refused.length > 0, 'calls failed');
      await withStore(folder, (store) => assertKept(store, said, `each ${period}th call failed`));
    }
  });

  for (const end of ['kill', 'kill-when-refused'] as const) {
    test(`LOG-16 a commit whose sync failed is not there, also after a restart (${end})`, async (context) => {
      if (!withStrace) return context.skip('strace is not installed, or may not trace');
      for (const when of ['20..22', '25..27', '31']) {
        const folder = folderFor(context);
        const said = await runAppending({
          folder: join(folder, 'data'),
          acks: 60,
          end,
          compact: false,
          walPages: 10_000,
          under: failingSync(join(folder, 'data'), when),
        });
        assert.ok(said.refused.length > 0, 'a sync failed');
        assert.ok(said.refused.every(({ code }) => code === 'storage-unavailable'));
        await withStore(join(folder, 'data'), (store) => assertKept(store, said, `syncs ${when} failed`));
      }
    });
  }
});

/** strace, failing each kind of call that changes the database's files at every `period`th time. */
function failingNowAndThen(folder: string, period: number): string[] {
  const paths = ['sheaf.db', 'sheaf.db-wal'].flatMap((name) => ['-P', join(folder, name)]);
  const calls = ['pwrite64', 'fsync', 'ftruncate'];
  // Opening, which has to succeed, makes fewer than 60 calls.
  const inject = calls.flatMap((call) => ['-e', `inject=${call}:error=EIO:when=60+${period}`]);
  return ['strace', '-f', '-qq', '-o', '/dev/null', ...paths, '-e', `trace=${calls.join(',')}`, ...inject];
}

/** strace, failing the syncs of the write-ahead log that are counted by `when`. */
function failingSync(folder: string, when: string): string[] {
  const inject = `inject=fsync,fdatasync:error=EIO:when=${when}`;
  const log = ['-qq', '-o', '/dev/null', '-P', join(folder, 'sheaf.db-wal')];
  return ['strace', '-f', ...log, '-e', 'trace=fsync,fdatasync', '-e', inject];
}

describe('sqlite store: one process', () => {
  test('LOG-17 a second opening of the folder is refused, with words', async (context) => {
    const folder = folderFor(context);
    const store = await openSqliteStore({ folder, fsync: 'full' });
    await assert.rejects(
      openSqliteStore({ folder, fsync: 'full' }),
      /Another process is using the data folder/,
    );
    await store.log.append([batch(A, 1)]);
    await store.close();
  });

  test('LOG-17 a second process is refused, and a killed one leaves no lock', async (context) => {
    const folder = folderFor(context);
    let refused: Promise<void> | undefined;
    await runAppending({
      folder,
      onLine: (line, child) => {
        if (line !== 'open') return;
        refused = assert
          .rejects(openSqliteStore({ folder, fsync: 'full' }), /Another process is using the data folder/)
          .finally(() => child.kill());
      },
    });
    assert.ok(refused !== undefined);
    await refused;
    const store = await openSqliteStore({ folder, fsync: 'full' });
    await store.close();
  });

  test('LOG-18 a file of another program, of a newer version, or a folder that cannot be made is refused', async (context) => {
    const { DatabaseSync } = await import('node:sqlite');
    for (const pragma of ['application_id = 7', 'user_version = 999']) {
      const folder = join(folderFor(context), 'data');
      mkdirSync(folder);
      const database = new DatabaseSync(join(folder, 'sheaf.db'));
      database.exec(`PRAGMA ${pragma}; CREATE TABLE theirs (a)`);
      database.close();
      await rejects(openSqliteStore({ folder, fsync: 'full' }), 'bad-setting');
      const again = new DatabaseSync(join(folder, 'sheaf.db'));
      assert.equal(again.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'], 1);
      again.close();
    }
    const folder = folderFor(context);
    const deep = join(folder, 'made', 'with', 'those above');
    await withStore(deep, (store) => store.log.append([batch(A, 1)]));
    await rejects(openSqliteStore({ folder: '/proc/nothing/here', fsync: 'full' }), 'storage-unavailable');
    writeFileSync(join(folder, 'sheaf.db'), 'not a database at all '.repeat(500));
    await rejects(openSqliteStore({ folder, fsync: 'full' }), 'storage-unavailable');
  });
});
