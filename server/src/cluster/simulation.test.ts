import assert from 'node:assert/strict';
import test from 'node:test';
import { SimulatedCluster, type Tally } from './simulated-cluster.ts';
import type { Mistake } from './simulated-node.ts';

/** Seeds of `npm test`; SHEAF_TEST_SIM_RUNS asks for more. */
const RUNS = Number(process.env['SHEAF_TEST_SIM_RUNS'] ?? 8);
const FIRST = Number(process.env['SHEAF_TEST_SIM_FIRST'] ?? 1);
/** Seeds that once found something. */
const REGRESSIONS: readonly number[] = [1127];
const SCALE = { nodes: 3, people: 5, edits: 200 };

test('REPL REPL-13: whatever happened, all replicas are equal in the end, with all that was called saved, where it has to be when that is said, and no ghosts', (context) => {
  const total: Record<string, number> = {};
  const seeds = [...REGRESSIONS, ...Array.from({ length: RUNS }, (_, at) => FIRST + at)];
  for (const seed of seeds) {
    for (const [name, count] of Object.entries(run(seed))) total[name] = (total[name] ?? 0) + count;
  }
  context.diagnostic(`${seeds.length} seeds from ${FIRST}: ${JSON.stringify(total)}`);
  for (const [name, count] of Object.entries(total)) assert.ok(count > 0, `no ${name} in all seeds`);
});

/** Each mistake, and a seed that finds it; when that does not any more, the next ones are tried. */
const MISTAKES: Readonly<Record<Mistake, number>> = {
  'digest-without-deletes': 101,
  'same-incarnation': 7,
  'no-dirty-marks': 1,
  'no-comparing': 1,
  ghosts: 1,
  'no-tombstones': 10,
  'acknowledges-unwritten': 1,
  'acknowledges-alone': 1,
  'persists-unwritten': 1,
  'persists-received': 1,
  'persists-lost': 29,
  'fetches-unwritten': 1,
  'compares-unwritten': 9,
  'believes-what-was-here': 1,
};
/** So many seeds have to be enough to find a mistake. */
const SEEDS_FOR_A_MISTAKE = 60;

for (const [mistake, first] of Object.entries(MISTAKES))
  test(`REPL-13 a simulation finds the mistake ${mistake}`, () => {
    for (let seed = first; seed < first + SEEDS_FOR_A_MISTAKE; seed += 1)
      try {
        // A key of the table.
        new SimulatedCluster(seed, SCALE, mistake as Mistake).run();
      } catch (thrown) {
        if (thrown instanceof assert.AssertionError) return;
        throw thrown;
      }
    assert.fail(`${SEEDS_FOR_A_MISTAKE} seeds from ${first} did not find it`);
  });

function run(seed: number): Tally {
  try {
    return new SimulatedCluster(seed, SCALE).run();
  } catch (thrown) {
    throw new Error(`seed ${seed}`, { cause: thrown });
  }
}
