import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.ts';
import { spread } from '../statistics.ts';
import { recordTyping } from '../typing.ts';
import { type ClusterFigures, type Form, runClusterRound, sessionLength, WRITERS } from './round.ts';

const FORMS: readonly Form[] = ['alone', 'follower', 'across'];
const RATES = [1_000, 10_000] as const;
/** What reading on another node may add to the median, ms. */
const ADDED_MS = 3;

const USAGE = `npm run bench -- cluster [options]

  --rounds N     of each form and rate, in turn, whose medians count (3)
  --seconds N    that each sends (6)
  --json FILE    every round's figures
`;

/** What a second node costs: CPU time, and how much later its people see what is written on the first. */
export async function runClusterBench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '6' },
      json: { type: 'string' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const seconds = Number(values.seconds);
  const found = new Map<string, ClusterFigures[]>();
  for (const rate of RATES) {
    const count = sessionLength({ rate, seconds });
    const session = recordTyping({ writers: WRITERS, count, seed: 7 });
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const form of [...FORMS.slice(round % 3), ...FORMS.slice(0, round % 3)]) {
        process.stderr.write(`${form}, ${rate}/s, round ${round + 1}\n`);
        const figures = await runClusterRound({ form, rate, seconds }, session);
        const key = `${form} ${rate}`;
        found.set(key, [...(found.get(key) ?? []), figures]);
      }
  }
  const machine = describeMachine(false);
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      `${JSON.stringify({ machine, rounds: Object.fromEntries(found) }, null, 2)}\n`,
    );
  const title = `${machine.date}, ${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.versions['node']}`;
  process.stdout.write(`${title}\n\n${RATES.map((rate) => describe(rate, found)).join('\n')}`);
}

function describe(rate: number, found: ReadonlyMap<string, readonly ClusterFigures[]>): string {
  const median = (form: Form, figure: (of: ClusterFigures) => number | null | undefined): number => {
    const values = (found.get(`${form} ${rate}`) ?? [])
      .map(figure)
      .filter((value) => typeof value === 'number');
    return spread(values)?.median ?? NaN;
  };
  const figures: readonly [string, (of: ClusterFigures) => number | null | undefined][] = [
    ['CPU of the node where people write, µs an update', ({ writing }) => writing],
    ['CPU of the other node, µs an update', ({ other }) => other],
    ['to a reader on the same node: p50, ms', ({ same }) => same.p50],
    ['p99, ms', ({ same }) => same.p99],
    ['to a reader on the other node: p50, ms', ({ across }) => across?.p50],
    ['p99, ms', ({ across }) => across?.p99],
    ['arrived, share of what was sent', ({ arrived, sent }) => arrived / sent],
    ['the load process, share of a core', ({ load }) => load],
    ['programs beside the bench, share of a core', ({ others }) => others],
  ];
  const width = Math.max(...figures.map(([words]) => words.length));
  const cell = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(2)).padStart(10);
  const rows = figures.map(
    ([words, figure]) => `${words.padEnd(width)}${FORMS.map((form) => cell(median(form, figure))).join('')}`,
  );
  const added = median('across', ({ across, same }) => (across === null ? null : across.p50 - same.p50));
  const arrived = median('across', (of) => of.arrived / of.sent);
  return [
    `${rate} updates/s of ${WRITERS} people, medians`,
    `${' '.repeat(width)}${FORMS.map((form) => form.padStart(10)).join('')}`,
    ...rows,
    `The median is ${added.toFixed(2)} ms later on the other node (at most ${ADDED_MS}): ${added <= ADDED_MS ? 'met' : 'MISSED'}`,
    `All arrived over the link: ${arrived === 1 ? 'met' : 'MISSED'}`,
    '',
  ].join('\n');
}
