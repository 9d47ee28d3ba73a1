import { valid } from './outcome.ts';
import type { Results } from './run.ts';
import type { Series } from './series.ts';
import { spread } from './statistics.ts';

/** One figure that Sheaf is held to, against Hocuspocus in the same run: a ratio of medians. 0 or infinite if one of the two
 * is overloaded. */
export interface Judgement {
  readonly figure: string;
  /** The ratio must be `at most` or `at least` this. */
  readonly relation: 'at most' | 'at least';
  readonly bound: number;
  readonly ratio: number;
  readonly met: boolean;
}

const SUBJECT = 'sheaf';
const PEER = 'hocuspocus';

function median<Figures>(
  series: readonly Series<Figures>[],
  server: string,
  figure: (figures: Figures) => number,
): number | null {
  const found = series.find((candidate) => candidate.server === server);
  if (found === undefined) return null;
  const overloaded = found.outcomes.filter(({ state }) => state === 'overloaded');
  const ranked = [...valid(found.outcomes).map(figure), ...overloaded.map(() => Infinity)];
  return spread(ranked)?.median ?? null;
}

function judge<Figures>(
  series: readonly Series<Figures>[],
  rule: { figure: string; relation: Judgement['relation']; bound: number },
  figure: (figures: Figures) => number,
): Judgement[] {
  const subject = median(series, SUBJECT, figure);
  const peer = median(series, PEER, figure);
  if (subject === null || peer === null || (subject === Infinity && peer === Infinity)) return [];
  const ratio = subject / peer;
  return [{ ...rule, ratio, met: rule.relation === 'at most' ? ratio <= rule.bound : ratio >= rule.bound }];
}

/** What the run says about the figures that Sheaf is held to; those that it did not measure, or only in void
 * rounds, are missing. */
export function judgeResults(results: Results): Judgement[] {
  const cell = (rate: number, readers: number): Results['fanOut'][number]['series'] =>
    results.fanOut.find((found) => found.rate === rate && found.readers === readers)?.series ?? [];
  const cpu = (rate: number, readers: number, bound: number): Judgement[] => {
    const where = `${rate}/s × ${readers}`;
    return [
      ...judge(
        cell(rate, readers),
        { figure: `server CPU per update, ${where}`, relation: 'at most', bound },
        (figures) => figures.cpuPerUpdate,
      ),
      ...judge(
        cell(rate, readers),
        { figure: `p99, ${where}`, relation: 'at most', bound: 1 },
        (figures) => figures.latency.p99,
      ),
    ];
  };
  return [
    ...cpu(10_000, 100, 0.5),
    ...cpu(1_000, 10, 0.7),
    ...judge(
      results.capacity,
      { figure: 'most readers at 1000/s, p99 under 50 ms', relation: 'at least', bound: 2 },
      (figures) => figures.readers,
    ),
    ...judge(
      results.documents,
      { figure: 'memory of an open document', relation: 'at most', bound: 1 / 3 },
      (figures) => figures.pss,
    ),
  ];
}
