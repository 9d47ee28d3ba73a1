import assert from 'node:assert/strict';
import test from 'node:test';
import { SimulatedCluster, type Tally } from './simulated-cluster.ts';
import type { Mistake } from './simulated-node.ts';

/** Seeds of `npm test`; SHEAF_TEST_SIM_RUNS asks for more. */
const RUNS = Number(process.env['SHEAF_TEST_SIM_RUNS'] ?? 25);
const FIRST = Number(process.env['SHEAF_TEST_SIM_FIRST'] ?? 1);
/** Seeds that once found something. */
const REGRESSIONS: readonly number[] = [];
const SCALE = { nodes: 3, people: 5, edits: 200 };

test('REPL: whatever happened, all replicas are equal in the end, with all that was called saved and no ghosts', (context) => {
  const total: Record<string, number> = {};
  const seeds = [...REGRESSIONS, ...Array.from({ length: RUNS }, (_, at) => FIRST + at)];
  for (const seed of seeds) {
    for (const [name, count] of Object.entries(run(seed))) total[name] = (total[name] ?? 0) + count;
  }
  context.diagnostic(`${seeds.length} seeds from ${FIRST}: ${JSON.stringify(total)}`);
  for (const [name, count] of Object.entries(total)) assert.ok(count > 0, `no ${name} in all seeds`);
});

const MISTAKES: readonly Mistake[] = [
  'digest-without-deletes',
  'same-incarnation',
  'no-dirty-marks',
  'no-comparing',
  'ghosts',
  'no-tombstones',
];

for (const mistake of MISTAKES)
  test(`a simulation finds the mistake ${mistake}`, () => {
    for (let seed = 1; seed <= 60; seed += 1)
      try {
        new SimulatedCluster(seed, SCALE, mistake).run();
      } catch (thrown) {
        if (thrown instanceof assert.AssertionError) return;
        throw thrown;
      }
    assert.fail('sixty seeds did not find it');
  });

function run(seed: number): Tally {
  try {
    return new SimulatedCluster(seed, SCALE).run();
  } catch (thrown) {
    throw new Error(`seed ${seed}`, { cause: thrown });
  }
}
