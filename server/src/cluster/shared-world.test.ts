import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Mistake, SharedWorld } from './shared-world.ts';

/** Seeds of the short form; SHEAF_TEST_SHARED_SEEDS says how many the long one takes. */
const SEEDS = Number(process.env['SHEAF_TEST_SHARED_SEEDS'] ?? 12);
const STEPS = 120;
/** So many seeds have to be enough to find a mistake. */
const SEEDS_FOR_A_MISTAKE = 40;

/** Each mistake, and a seed that finds it; when that does not any more, the next ones are tried. */
const MISTAKES: Readonly<Record<Exclude<Mistake, 'none'>, number>> = {
  'own-alone': 1,
  'told-is-here': 29,
  'no-take-over': 19,
  'never-read': 3,
};

/** What a seed has come to. */
interface Outcome {
  readonly counts: SharedWorld['counts'];
  readonly acknowledged: number;
  readonly text: string;
}

async function run(seed: number, mistake: Mistake = 'none'): Promise<Outcome> {
  using world = new SharedWorld(seed, 2 + (seed % 2), mistake);
  for (const index of world.lives.keys()) await world.join(index);
  for (let at = 0; at < STEPS; at += 1) await world.step();
  await world.lastWords();
  const text = await world.check();
  return { counts: world.counts, acknowledged: world.acknowledged.length, text };
}

describe('nodes on one log', () => {
  test('SHARED-5 SHARED-6 SHARED-7 nodes on one log, with kills, cuts and partitions at any moment', async (context) => {
    const total = { written: 0, kills: 0, cuts: 0, partitions: 0, acknowledged: 0 };
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      try {
        const { counts, acknowledged } = await run(seed);
        for (const key of ['written', 'kills', 'cuts', 'partitions'] as const) total[key] += counts[key];
        total.acknowledged += acknowledged;
      } catch (thrown) {
        throw new Error(`seed ${seed}`, { cause: thrown });
      }
    }
    context.diagnostic(JSON.stringify(total));
    assert.ok(total.acknowledged > total.written / 3, 'most was acknowledged');
  });

  test('a seed says all that happens', async () => {
    assert.deepEqual(await run(5), await run(5));
  });

  test('SHARED-10 a document that is open for long stays small at each node, wherever people write', async (context) => {
    using world = new SharedWorld(1, 2);
    for (const index of world.lives.keys()) await world.join(index);
    await world.write(0, 600);
    const tails = (): (number | null)[] => world.lives.map((_, index) => world.tailOf(index));
    const isLong = (tail: number | null): boolean => tail === null || tail > 300;
    for (let more = 0; tails().some(isLong) && more < 300; more += 1) await world.write(0, 1);
    context.diagnostic(`updates behind the snapshots: ${tails().join(', ')}`);
    assert.ok(!tails().some(isLong), tails().join());
    await world.check();
  });

  for (const [mistake, first] of Object.entries(MISTAKES))
    test(`the mistake "${mistake}" is found`, async (context) => {
      for (let seed = first; seed < first + SEEDS_FOR_A_MISTAKE; seed += 1) {
        // A key of the table.
        const found = await run(seed, mistake as Mistake).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        // What else goes wrong in a world with a mistake in it is no finding.
        if (!(found instanceof assert.AssertionError)) continue;
        context.diagnostic(`by seed ${seed}: ${found.message}`);
        return;
      }
      assert.fail('nobody noticed');
    });
});
