import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Mistake, SharedWorld } from './shared-world.ts';

/** Seeds of the short form; SHEAF_TEST_SHARED_SEEDS says how many the long one takes. */
const SEEDS = Number(process.env['SHEAF_TEST_SHARED_SEEDS'] ?? 12);
const STEPS = 120;

async function run(seed: number, mistake: Mistake = 'none'): Promise<SharedWorld> {
  const world = new SharedWorld(seed, 2 + (seed % 2), mistake);
  for (const index of world.lives.keys()) await world.join(index);
  for (let at = 0; at < STEPS; at += 1) await world.step();
  await world.check();
  return world;
}

test('SHARED-5 SHARED-6 SHARED-7 nodes on one log, with kills, cuts and partitions at any moment', async (context) => {
  const total = { written: 0, kills: 0, cuts: 0, partitions: 0, acknowledged: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    try {
      const { counts, acknowledged } = await run(seed);
      for (const key of ['written', 'kills', 'cuts', 'partitions'] as const) total[key] += counts[key];
      total.acknowledged += acknowledged.length;
    } catch (thrown) {
      throw new Error(`seed ${seed}`, { cause: thrown });
    }
  }
  context.diagnostic(JSON.stringify(total));
  assert.ok(total.acknowledged > total.written / 3, 'most was acknowledged');
});

for (const mistake of ['own-alone', 'told-is-here', 'no-take-over', 'never-read'] as const)
  test(`the mistake "${mistake}" is found`, async (context) => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const found = await run(seed, mistake).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (found === null) continue;
      context.diagnostic(`by seed ${seed}: ${String(found)}`);
      assert.ok(found instanceof assert.AssertionError, String(found));
      return;
    }
    assert.fail('nobody noticed');
  });
