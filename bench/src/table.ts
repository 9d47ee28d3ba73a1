import { judgeResults } from './judgement.ts';
import type { Machine } from './machine.ts';
import type { Growth } from './memory.ts';
import { valid } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { FanOut } from './round.ts';
import type { Results } from './run.ts';
import type { Series } from './series.ts';
import { SERVERS } from './servers.ts';
import { spread } from './statistics.ts';

/** Share of a core that other programs may use in a round on a quiet machine. */
const QUIET = 0.05;

type Cells = readonly string[];

/** Aligns rows: the first column left, the others right. */
function align(rows: readonly Cells[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: Cells): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

function range(values: readonly number[], digits: number): string {
  const found = spread(values);
  if (found === null) return '–';
  const median = found.median.toFixed(digits);
  return values.length === 1
    ? median
    : `${median} (${found.min.toFixed(digits)}–${found.max.toFixed(digits)})`;
}

/** `2 of 3`, and behind the table why the others do not count. */
function count<Figures>(outcomes: readonly Outcome<Figures>[]): string {
  return `${valid(outcomes).length} of ${outcomes.length}`;
}

function objections<Figures>(series: readonly Series<Figures>[]): string {
  const lines = series.flatMap(({ server, outcomes }) =>
    outcomes.flatMap((outcome, round) =>
      outcome.state === 'valid'
        ? []
        : [`  ${outcome.state}: ${server}, round ${round + 1}: ${outcome.reason}`],
    ),
  );
  return lines.map((line) => `\n${line}`).join('');
}

function fanOutTable({ readers, rate, series }: Results['fanOut'][number]): string {
  const head = [
    '',
    'CPU µs/update',
    'µs/delivery',
    'p50 ms',
    'p95 ms',
    'p99 ms',
    'B/update',
    'load %',
    'rounds',
  ];
  const rows = series.map(({ server, outcomes }): Cells => {
    const all = valid(outcomes);
    const column = (figure: (figures: FanOut) => number, digits: number): string =>
      range(all.map(figure), digits);
    const middle = (figure: (figures: FanOut) => number, digits: number): string =>
      spread(all.map(figure))?.median.toFixed(digits) ?? '–';
    return [
      server,
      column((figures) => figures.cpuPerUpdate, 1),
      middle((figures) => figures.cpuPerDelivery, 2),
      middle((figures) => figures.latency.p50, 2),
      middle((figures) => figures.latency.p95, 2),
      column((figures) => figures.latency.p99, 2),
      middle((figures) => figures.readerBytes.max, 1),
      middle((figures) => figures.loadShare * 100, 0),
      middle((figures) => figures.others * 100, 0),
      count(outcomes),
    ];
  });
  return `${rate} updates/s, ${readers} readers\n${align([head, ...rows])}${objections(series)}\n`;
}

function growthTable(title: string, series: readonly Series<Growth>[]): string {
  const head = ['', 'KiB each (PSS)', 'KiB each (RSS)', 'MiB before', 'rounds'];
  const rows = series.map(({ server, outcomes }): Cells => {
    const all = valid(outcomes);
    return [
      server,
      range(
        all.map(({ pss }) => pss / 1024),
        1,
      ),
      range(
        all.map(({ rss }) => rss / 1024),
        1,
      ),
      range(
        all.map(({ before }) => before.pss / 1024 ** 2),
        0,
      ),
      count(outcomes),
    ];
  });
  return `${title}\n${align([head, ...rows])}${objections(series)}\n`;
}

function capacityTable(series: Results['capacity']): string {
  const rows = series.map(({ server, outcomes }): Cells => {
    const all = valid(outcomes);
    const failed = all.flatMap((figures) => (figures.failed === null ? [] : [figures.failed]));
    const limits = failed.map(({ readers, reason }) => `${readers}: ${reason}`).join('; ');
    return [
      server,
      range(
        all.map(({ readers }) => readers),
        0,
      ),
      limits,
    ];
  });
  const title = 'Most readers of one document at 1000 updates/s with p99 under 50 ms';
  return `${title}\n${align([['', 'readers', 'what failed'], ...rows])}${objections(series)}\n`;
}

function machineLines(machine: Machine): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const memory = Math.round(machine.memory / 1024 ** 3);
  const cores = machine.pinned
    ? 'server on core 0, load on core 1'
    : 'not pinned: server and load share the cores';
  return [
    `${machine.date}: ${machine.processor}, ${machine.cores} cores, ${memory} GiB, ${machine.system}; ${cores}`,
    versions.join(', '),
  ].join('\n');
}

/** Says so when the machine was not quiet: fan-out is measured in microseconds. */
function disturbance(results: Results): string[] {
  const rounds = results.fanOut.flatMap(({ series }) => series.flatMap(({ outcomes }) => valid(outcomes)));
  const disturbed = rounds.filter(({ others }) => others > QUIET).length;
  if (disturbed === 0) return [];
  const share = QUIET * 100;
  return [
    `Other programs used over ${share} % of a core in ${disturbed} of ${rounds.length} rounds: noise.\n`,
  ];
}

function ratioWords(ratio: number): string {
  if (ratio === 0) return 'Hocuspocus is overloaded';
  return ratio === Infinity ? 'Sheaf is overloaded' : ratio.toFixed(2);
}

function judgementTable(results: Results): string {
  const rows = judgeResults(results).map(({ figure, relation, bound, ratio, met }): Cells => [
    figure,
    ratioWords(ratio),
    `${relation} ${bound.toFixed(2)}`,
    met ? 'met' : 'MISSED',
  ]);
  return rows.length === 0 ? '' : `Sheaf against Hocuspocus, ratio of medians\n${align(rows)}\n`;
}

/** The results as text, for people. */
export function formatResults(results: Results): string {
  const measured = new Set(
    [...results.fanOut.flatMap(({ series }) => series), ...results.connections, ...results.capacity].map(
      ({ server }) => server,
    ),
  );
  const legend = SERVERS.filter(({ name }) => measured.has(name)).map(({ name, about }): Cells => [
    name,
    about,
  ]);
  const per = results.documents[0]?.outcomes.length ?? 0;
  const encoded = results.documents.flatMap(({ outcomes }) => valid(outcomes)).at(0)?.encoded;
  const parts = [
    machineLines(results.machine),
    `${results.writers} writers on one document, ${results.seconds} s a round. Medians (least–most) of valid rounds.`,
    'Latency: from when an edit was due to when it is visible in one replica; B/update: what a reader gets.\n' +
      legend.map(([name = '', about = '']) => `  ${name}: ${about}`).join('\n') +
      '\n',
    ...results.fanOut.map(fanOutTable),
    ...disturbance(results),
  ];
  if (per > 0) {
    const size = encoded === undefined ? '' : `, ${Math.round(encoded / 1024)} KiB encoded`;
    parts.push(growthTable(`Memory of an open document${size}`, results.documents));
  }
  if (results.connections.length > 0)
    parts.push(growthTable('Memory of an idle connection, all on one document', results.connections));
  if (results.capacity.length > 0) parts.push(capacityTable(results.capacity));
  return [...parts, judgementTable(results)].join('\n');
}
