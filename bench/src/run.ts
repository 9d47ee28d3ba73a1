import type { Capacity } from './capacity-search.ts';
import { searchCapacities } from './capacity.ts';
import { describeMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { measureConnections, measureDocuments } from './memory.ts';
import type { Growth } from './memory.ts';
import type { Options } from './options.ts';
import { attempt } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { runRound, sessionLength, WARM_UP, WRITERS } from './round.ts';
import type { FanOut } from './round.ts';
import type { Series } from './series.ts';
import { canPin, pinLoad } from './server-process.ts';
import type { ServerUnderTest } from './servers.ts';
import { recordTyping } from './typing.ts';

/** Everything that a run measured, as `--json` writes it. */
export interface Results {
  readonly machine: Machine;
  readonly writers: number;
  readonly seconds: number;
  readonly seed: number;
  readonly fanOut: { readonly readers: number; readonly rate: number; readonly series: Series<FanOut>[] }[];
  readonly documents: Series<Growth>[];
  readonly connections: Series<Growth>[];
  readonly capacity: Series<Capacity>[];
}

/** Calls `measure` for each server and round. In each round the servers come in another order, so that what the
 * machine does meanwhile does not always meet the same one. */
async function interleave<Figures>(options: {
  servers: readonly ServerUnderTest[];
  rounds: number;
  measure: (server: ServerUnderTest) => Promise<Outcome<Figures>>;
  tell: (server: ServerUnderTest, round: number, outcome: Outcome<Figures>) => void;
}): Promise<Series<Figures>[]> {
  const { servers, rounds, measure, tell } = options;
  const series = servers.map(({ name }): Series<Figures> => ({ server: name, outcomes: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < servers.length; turn += 1) {
      const index = (turn + round) % servers.length;
      const server = servers[index];
      if (server === undefined) continue;
      const outcome = await attempt(() => measure(server));
      series[index]?.outcomes.push(outcome);
      tell(server, round, outcome);
    }
  }
  return series;
}

function outcomeLine<Figures>(outcome: Outcome<Figures>, line: (figures: Figures) => string): string {
  return outcome.state === 'valid' ? line(outcome.figures) : `${outcome.state}: ${outcome.reason}`;
}

async function runFanOut(
  options: Options,
  pinned: boolean,
  tell: (line: string) => void,
): Promise<Results['fanOut']> {
  const results: Results['fanOut'] = [];
  for (const rate of options.rates) {
    const pace = { rate, seconds: options.seconds, warmUp: WARM_UP };
    const count = sessionLength(pace);
    const session = recordTyping({ writers: WRITERS, count, seed: options.seed });
    for (const readers of options.readers) {
      const series = await interleave<FanOut>({
        ...options,
        measure: (server) => runRound({ ...pace, server, readers, pinned }, session),
        tell: (server, round, outcome) =>
          tell(
            `${rate}/s × ${readers}, round ${round + 1}, ${server.name}: ${outcomeLine(
              outcome,
              ({ cpuPerUpdate, latency }) =>
                `${cpuPerUpdate.toFixed(1)} µs, p99 ${latency.p99.toFixed(1)} ms`,
            )}`,
          ),
      });
      results.push({ readers, rate, series });
    }
  }
  return results;
}

/** Runs what `options` ask for; `tell` hears of each round as it ends. */
export async function runBench(options: Options, tell: (line: string) => void): Promise<Results> {
  const pinned = canPin();
  if (pinned) pinLoad();
  const growth =
    (what: string) =>
    (server: ServerUnderTest, round: number, outcome: Outcome<Growth>): void => {
      const line = outcomeLine(outcome, ({ pss }) => `${Math.round(pss / 1024)} KiB each`);
      tell(`${what}, round ${round + 1}, ${server.name}: ${line}`);
    };
  const { count, rounds, seed } = options;
  const servers = options.memory ? options.servers : [];
  return {
    machine: describeMachine(pinned),
    writers: WRITERS,
    seconds: options.seconds,
    seed,
    fanOut: options.fanOut ? await runFanOut(options, pinned, tell) : [],
    documents: await interleave({
      servers: servers.filter(({ dialect }) => dialect.syncs),
      rounds,
      measure: (server) => measureDocuments({ server, count, pinned }),
      tell: growth('open documents'),
    }),
    connections: await interleave({
      servers,
      rounds,
      measure: (server) => measureConnections({ server, count, pinned }),
      tell: growth('idle connections'),
    }),
    capacity: await searchCapacities({
      servers: options.capacity ? options.servers : [],
      rounds,
      pinned,
      seed,
      tell,
    }),
  };
}
