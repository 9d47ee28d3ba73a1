import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { mulberry32 } from '../sample.ts';
import { assertKept, canRun, folderFor, readLines, runAppending, withStore } from './appending-run.ts';
import type { Said } from './appending-run.ts';
import { readTrace, rebuildFolder, straceTo, unsyncedAcknowledgements } from './disk-trace.ts';
import type { DiskEvent } from './disk-trace.ts';

const KILLS = Number(process.env['SHEAF_TEST_KILLS'] ?? 10);
const CUTS = Number(process.env['SHEAF_TEST_CUTS'] ?? 20);
const SEED = Number(process.env['SHEAF_TEST_SEED'] ?? Date.now() % 1_000_000);

const withStrace = canRun('strace', '-o', '/dev/null', 'true');
const NO_STRACE = 'strace is not installed, or may not trace';

describe(`sqlite store: durability (SHEAF_TEST_SEED=${SEED})`, () => {
  test(`LOG-19 ${KILLS} kills at random moments lose nothing acknowledged`, async (context) => {
    const folder = folderFor(context);
    const random = mulberry32(SEED);
    const all = readLines([]);
    let acks = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      let left = 1 + Math.floor(random() * 120);
      const inFlight = 1 + Math.floor(random() * 4);
      const said = await runAppending({
        folder,
        seed: SEED + kill,
        inFlight,
        updateBytes: kill % 5 === 0 ? 100_000 : 300,
        onLine: (_, child) => {
          left -= 1;
          if (left === 0) child.kill();
        },
      });
      acks += said.lines.length - 1;
      merge(all, said);
      await withStore(folder, (store) => assertKept(store, all, `after kill ${kill}`));
    }
    context.diagnostic(`${KILLS} kills, ${acks} acknowledged appends accounted for`);
  });

  test('LOG-20 a sync of the log stands between each commit and its acknowledgement', async (context) => {
    if (!withStrace) return context.skip(NO_STRACE);
    const { events } = await trace(context, { fsync: 'full', inFlight: 1 });
    const said = events.filter((event) => event.kind === 'said' && event.text.startsWith('ack'));
    assert.equal(said.length, ACKS);
    assert.deepEqual(unsyncedAcknowledgements(events, 'sheaf.db-wal'), []);
    context.diagnostic(`${ACKS} acknowledgements, each behind a sync`);
  });

  test('LOG-20 the check of the trace finds what is not synced (fsync normal)', async (context) => {
    if (!withStrace) return context.skip(NO_STRACE);
    const { events } = await trace(context, { fsync: 'normal', inFlight: 1 });
    assert.ok(unsyncedAcknowledgements(events, 'sheaf.db-wal').length > ACKS / 2);
  });

  test(`LOG-21 a disk that loses what was not synced loses nothing acknowledged (${CUTS} cuts)`, async (context) => {
    if (!withStrace) return context.skip(NO_STRACE);
    const { events, folder } = await trace(context, { fsync: 'full', inFlight: 2 });
    const random = mulberry32(SEED);
    const ends = events.map(({ ended }) => ended);
    const acks = events.filter((event) => event.kind === 'said').map(({ ended }) => ended);
    const pick = (from: readonly number[]): number => from[Math.floor(random() * from.length)] ?? 0;
    for (let number = 0; number < CUTS; number += 1) {
      const cut = 1 + pick(number % 2 === 0 ? acks : ends);
      const share = number % 4 < 2 ? 0 : random();
      const target = join(folder, `cut-${number}`);
      rebuildFolder({ events, cut, target, keeps: () => random() < share });
      const said = acknowledgedBefore(events, cut);
      await withStore(target, (store) =>
        assertKept(store, said, `cut ${cut}, ${share} of the unsynced kept`),
      );
    }
    context.diagnostic(`${CUTS} cuts among ${events.length} calls`);
  });

  test('LOG-21 the simulated disk shows what fsync normal loses', async (context) => {
    if (!withStrace) return context.skip(NO_STRACE);
    const { events, folder } = await trace(context, { fsync: 'normal', inFlight: 2 });
    const cut = 1 + (events.findLast((event) => event.kind === 'said')?.ended ?? 0);
    const target = join(folder, 'cut');
    rebuildFolder({ events, cut, target, keeps: () => false });
    const said = acknowledgedBefore(events, cut);
    await withStore(target, async (store) => {
      await assert.rejects(assertKept(store, said, 'fsync normal'), /was acknowledged/);
    });
  });
});

/** Acknowledgements in one traced run. */
const ACKS = 200;

async function trace(
  context: TestContext,
  options: { fsync: 'full' | 'normal'; inFlight: number },
): Promise<{ events: DiskEvent[]; folder: string }> {
  const folder = folderFor(context);
  const data = join(folder, 'data');
  const output = join(folder, 'trace');
  const under = straceTo(output);
  await runAppending({ ...options, folder: data, seed: SEED, acks: ACKS, end: 'kill', walPages: 30, under });
  return { events: readTrace(readFileSync(output, 'latin1'), data), folder };
}

function acknowledgedBefore(events: readonly DiskEvent[], cut: number): Said {
  const lines = events.flatMap((event) =>
    event.kind === 'said' && event.ended < cut ? [event.text.trim()] : [],
  );
  return readLines(lines);
}

function merge(all: Said, more: Said): void {
  for (const [document, numbers] of more.acknowledged) {
    const known = all.acknowledged.get(document) ?? new Map<number, string>();
    for (const [number, tried] of numbers) known.set(number, tried);
    all.acknowledged.set(document, known);
  }
  all.refused.push(...more.refused);
}
