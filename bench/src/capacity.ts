import { CapacitySearch } from './capacity-search.ts';
import type { Capacity } from './capacity-search.ts';
import { attempt } from './outcome.ts';
import { runRound, sessionLength, WARM_UP, WRITERS } from './round.ts';
import type { ServerUnderTest } from './servers.ts';
import type { Series } from './series.ts';
import { recordTyping } from './typing.ts';

const RATE = 1_000;
const SECONDS = 3;
/** The 99th percentile of the latency must stay under this, ms. */
const BOUND_MS = 50;

/**
 * Searches for each server the most readers with 10 writers and 1,000 updates a second whose 99th percentile of latency is
 * under 50 ms, `rounds` times. Every number gets a fresh server. The servers' searches go on in turn, one number each: a
 * search takes minutes, in which a machine may change its speed.
 */
export async function searchCapacities(options: {
  servers: readonly ServerUnderTest[];
  rounds: number;
  pinned: boolean;
  seed: number;
  tell: (line: string) => void;
}): Promise<Series<Capacity>[]> {
  const { servers, pinned, tell } = options;
  const pace = { rate: RATE, seconds: SECONDS, warmUp: WARM_UP };
  const session = recordTyping({ writers: WRITERS, count: sessionLength(pace), seed: options.seed });
  /** Why so many readers are too many; null if they are not. */
  const probe = async (server: ServerUnderTest, readers: number): Promise<string | null> => {
    const outcome = await attempt(() => runRound({ ...pace, server, readers, pinned }, session));
    const p99 = outcome.state === 'valid' ? outcome.figures.latency.p99 : Infinity;
    const note = outcome.state === 'valid' ? `p99 ${p99.toFixed(1)} ms` : outcome.reason;
    tell(`${server.name}, ${readers} readers: ${note}`);
    return p99 < BOUND_MS ? null : note;
  };
  const series = servers.map(({ name }): Series<Capacity> => ({ server: name, outcomes: [] }));
  for (let round = 0; round < options.rounds; round += 1) {
    const searches = servers.map((server) => ({ server, search: new CapacitySearch() }));
    while (searches.some(({ search }) => search.next !== null))
      for (const { server, search } of searches)
        if (search.next !== null) search.heard(await probe(server, search.next));
    searches.forEach(({ server, search: { found } }, index) => {
      series[index]?.outcomes.push({ state: 'valid', figures: found });
      tell(`capacity, round ${round + 1}, ${server.name}: ${found.readers} readers`);
    });
  }
  return series;
}
