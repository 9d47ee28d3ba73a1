import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Rung } from '@sheaf/client/channel';
import { serverFlags } from '../../../scripts/server-flags.js';
import { describeMachine } from '../machine.ts';
import { startServer } from '../server-process.ts';
import type { ServerUnderTest } from '../servers.ts';
import { spread } from '../statistics.ts';
import { buildPage, findChromium, measureInBrowser } from './browser.ts';
import { measureIdle, measureLetters } from './measure.ts';
import { startNginx } from './nginx.ts';
import type { Idle, Letters } from './measure.ts';
import type { PageLetters } from './plan.ts';
import { Relay } from './relay.ts';

const CARRIERS: readonly Rung[] = ['websocket', 'sse', 'poll'];
/** The networks that letters go through: the time that each way takes, ms. */
const NETWORKS_MS = [0, 5] as const;
/** Letters by each carrier that do not count, so that the code is warm: V8 optimises it in the first seconds. */
const WARM_LETTERS = 600;
/** What SSE + POST may take of a WebSocket's median latency. */
const LATENCY_BOUND = 2;

const USAGE = `npm run bench -- channel [options]

  --rounds N     of each carrier, in turn, whose median counts (3)
  --letters N    in a round (300)
  --channels N   that are idle at once (50)
  --seconds N    for which they are (30)
`;

/** Compares a channel's carriers over one server: latency, bytes for a letter, and what an idle one costs. */
export async function runChannelBench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      letters: { type: 'string', default: '300' },
      channels: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '30' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  await using cleanUp = new AsyncDisposableStack();
  const folder = await buildPage();
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  await using running = await startServer(sheafWithPage(folder), false);
  const { port, pid } = running;
  await using nginx = await startNginx(port);
  const ways: Way[] = NETWORKS_MS.map((delayMs) => ({ name: nameOf(delayMs), port, delayMs }));
  if (nginx !== null) ways.push({ name: 'Through nginx on the loopback', port: nginx.port, delayMs: 0 });
  const networks: Network[] = [];
  const direct = { name: nameOf(0), port, delayMs: 0 };
  await measureWay(direct, { rounds: '1', letters: `${WARM_LETTERS}` }, 'warm');
  for (const way of ways) networks.push({ name: way.name, letters: await measureWay(way, values) });
  const program = findChromium();
  const pages: Pages[] = [];
  for (const way of program === null ? [] : ways) {
    process.stderr.write(`letters in Chromium, ${way.name}\n`);
    pages.push({ name: way.name, letters: await measurePages(program ?? '', way, values) });
  }
  const idle = new Map<Rung, Idle>();
  for (const carrier of CARRIERS) {
    process.stderr.write(`idle by ${carrier}\n`);
    const [channels, seconds] = [Number(values.channels), Number(values.seconds)];
    idle.set(carrier, await measureIdle({ port, pid, carrier, channels, seconds }));
  }
  process.stdout.write(formatChannelResults({ networks, pages, idle }));
}

/** Sheaf as the other benches start it, with a page of ours in the editor's place. */
function sheafWithPage(folder: string): Pick<ServerUnderTest, 'name' | 'command'> {
  const program = fileURLToPath(new URL('../peers/sheaf-page.ts', import.meta.url));
  return { name: 'sheaf', command: (cores) => [...serverFlags(cores), program, folder] };
}

/** A way to the server; each direction takes `delayMs` longer. */
interface Way {
  readonly name: string;
  readonly port: number;
  readonly delayMs: number;
}

function nameOf(delayMs: number): string {
  return delayMs === 0 ? 'On the loopback' : `Through a network of ${delayMs} ms a way`;
}

async function measureWay(
  { name, port, delayMs }: Way,
  values: { readonly rounds: string; readonly letters: string },
  label = 'letters',
): Promise<Map<Rung, Letters[]>> {
  const letters = new Map<Rung, Letters[]>();
  for (let round = 0; round < Number(values.rounds); round++)
    for (const carrier of [...CARRIERS.slice(round % 3), ...CARRIERS.slice(0, round % 3)]) {
      process.stderr.write(`${label} by ${carrier}, ${name}, round ${round + 1}\n`);
      const document = `${label}-${carrier}-${port}-${delayMs}-${round}`;
      const [count, seed] = [Number(values.letters), round + 1];
      const found = await measureLetters({ port, carrier, document, count, seed, delayMs });
      letters.set(carrier, [...(letters.get(carrier) ?? []), found]);
    }
  return letters;
}

/** The same letters in Chromium, by each carrier in turn. */
async function measurePages(
  program: string,
  { port, delayMs }: Way,
  values: { readonly rounds: string; readonly letters: string },
): Promise<Map<Rung, PageLetters[]>> {
  await using relay = delayMs === 0 ? null : await Relay.listen(port, delayMs);
  const count = Number(values.letters);
  const warm = CARRIERS.map((carrier) => ({ carrier, count: WARM_LETTERS, seed: 0 }));
  const rounds = Array.from({ length: Number(values.rounds) }, (_, round) =>
    [...CARRIERS.slice(round % 3), ...CARRIERS.slice(0, round % 3)].map((carrier) => ({
      carrier,
      count,
      seed: round + 1,
    })),
  ).flat();
  const pages = new Map<Rung, PageLetters[]>();
  const plan = { document: `pages-${port}-${delayMs}`, rounds: [...warm, ...rounds] };
  for (const found of (await measureInBrowser(program, relay?.port ?? port, plan)).slice(warm.length))
    pages.set(found.carrier, [...(pages.get(found.carrier) ?? []), found]);
  return pages;
}

interface Pages {
  readonly name: string;
  readonly letters: ReadonlyMap<Rung, readonly PageLetters[]>;
}

interface Network {
  readonly name: string;
  readonly letters: ReadonlyMap<Rung, readonly Letters[]>;
}

interface ChannelResults {
  readonly networks: readonly Network[];
  /** None without a Chromium. */
  readonly pages: readonly Pages[];
  readonly idle: ReadonlyMap<Rung, Idle>;
}

/** The results as text, for people. */
function formatChannelResults({ networks, pages, idle }: ChannelResults): string {
  const machine = describeMachine(false);
  const idleRows = CARRIERS.map((carrier) => [
    carrier,
    (idle.get(carrier)?.bytes ?? NaN).toFixed(0),
    (idle.get(carrier)?.serverMs ?? NaN).toFixed(2),
    (idle.get(carrier)?.clientMs ?? NaN).toFixed(2),
  ]);
  return [
    `${machine.date}, ${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.versions['node']}`,
    '',
    'A letter, from the keystroke to another replica; both people on the same carrier, in one process of Node.',
    'up: what the network of who types carries for it; down: of who reads; both directions, heads included.',
    '',
    ...networks.map(formatNetwork),
    ...(pages.length === 0 ? ['No Chromium was found.', ''] : pages.map(formatPages)),
    'An idle channel',
    align([['', 'B/minute', 'server CPU ms/minute', 'client CPU ms/minute'], ...idleRows]),
    '',
  ].join('\n');
}

function formatNetwork({ name, letters }: Network): string {
  const median = (carrier: Rung, figure: (found: Letters) => number): number =>
    spread((letters.get(carrier) ?? []).map(figure))?.median ?? NaN;
  const rows = CARRIERS.map((carrier) => [
    carrier,
    median(carrier, ({ p50 }) => p50).toFixed(2),
    median(carrier, ({ p95 }) => p95).toFixed(2),
    median(carrier, ({ p99 }) => p99).toFixed(2),
    median(carrier, ({ writerBytes }) => writerBytes).toFixed(0),
    median(carrier, ({ readerBytes }) => readerBytes).toFixed(0),
  ]);
  return [
    name,
    align([['', 'p50 ms', 'p95 ms', 'p99 ms', 'B/letter up', 'B/letter down'], ...rows]),
    verdict((carrier) => median(carrier, ({ p50 }) => p50)),
    '',
  ].join('\n');
}

function formatPages({ name, letters }: Pages): string {
  const median = (carrier: Rung, figure: (found: PageLetters) => number): number =>
    spread((letters.get(carrier) ?? []).map(figure))?.median ?? NaN;
  const rows = CARRIERS.map((carrier) => [
    carrier,
    median(carrier, ({ p50 }) => p50).toFixed(2),
    median(carrier, ({ p95 }) => p95).toFixed(2),
    median(carrier, ({ p99 }) => p99).toFixed(2),
  ]);
  return [
    `${name}, in a page in Chromium, both people in it`,
    align([['', 'p50 ms', 'p95 ms', 'p99 ms'], ...rows]),
    verdict((carrier) => median(carrier, ({ p50 }) => p50)),
    '',
  ].join('\n');
}

function verdict(p50: (carrier: Rung) => number): string {
  const ratio = p50('sse') / p50('websocket');
  const word = ratio <= LATENCY_BOUND ? 'met' : 'MISSED';
  return `SSE + POST against WebSocket, median: ${ratio.toFixed(2)} (at most ${LATENCY_BOUND}): ${word}`;
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
