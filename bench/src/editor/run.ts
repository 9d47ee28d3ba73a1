import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HocuspocusProvider } from '@hocuspocus/provider';
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';
import * as Y from 'yjs';
import { brotliBytes } from '../../../scripts/first-script.ts';
import { findChromium } from '../channel/browser.ts';
import { describeMachine } from '../machine.ts';
import { startServer } from '../server-process.ts';
import { SERVERS } from '../servers.ts';
import { percentile } from '../statistics.ts';
import { editedDocument } from './history.ts';
import { flowLayout, treeLayout } from './layout.ts';
import type { Layout } from './layout.ts';
import { enterMiddle, freshProfile, measureBusy, measureKeystrokes, openEditorPage } from './measure.ts';
import { formatEditorResults } from './report.ts';
import type { EditorResults, Keystrokes, Opening, Round } from './report.ts';
import { hashOfPicture, picture } from './picture.ts';
import { sampleDocument, withoutUnknown, wordsIn } from './sample.ts';
import type { JsonNode, PictureSource } from './sample.ts';
import { servePlainPage } from './site.ts';

const USAGE = `npm run bench:editor -- [options]

  --rounds N    of each page, in turn, whose median counts (3)
  --words N     of the document (50000)
  --blocks N    of the document (1500)
  --keys N      letters that are typed in a round (100)
  --edits N     in its history, by 30 people: writing 20000 takes a minute or two (20000)
  --patience N  a page that is longer behind what is asked of it among others does not keep up, s (60)
  --json FILE   writes everything measured
  --kept FOLDER keeps the two documents there for later runs
  --add         to what an earlier run wrote there: rounds may be measured in several runs
`;
const SIZE = { tables: 20, images: 30 };
/** Who has edited the document. */
const PEOPLE = 30;
const CROWD = { people: 20, rate: 5 };
/** How long others type while nobody types on the page, ms. */
const REMOTE_MS = 10_000;
/** How often it is measured what measuring a keystroke takes by itself. */
const LOOKS = 20;
const CLIENT_BUILD = fileURLToPath(new URL('../../../client/dist/assets', import.meta.url));

/** A page that is measured. */
interface Subject {
  readonly name: 'sheaf' | 'plain';
  readonly layout: Layout;
  readonly layoutName: 'flow' | 'tree';
  readonly document: string;
  /** What stands in it, as its editor has it. */
  readonly content: JsonNode;
  readonly url: string;
}

/** Measures the editor's page beside a plain Tiptap page with the same document, through the same server. */
export async function runEditorBench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      words: { type: 'string', default: '50000' },
      blocks: { type: 'string', default: '1500' },
      keys: { type: 'string', default: '100' },
      edits: { type: 'string', default: '20000' },
      patience: { type: 'string', default: '60' },
      json: { type: 'string' },
      add: { type: 'boolean', default: false },
      kept: { type: 'string' },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const program = findChromium();
  if (program === null) {
    process.stdout.write('No Chromium was found: nothing is measured. SHEAF_TEST_CHROMIUM can name one.\n');
    return;
  }
  const server = SERVERS.find(({ name }) => name === 'sheaf');
  if (!server) throw new Error('The bench knows no server of its own.');
  await using plain = await servePlainPage();
  await using running = await startServer(server, false, { SHEAF_ORIGINS: plain.url });
  const endpoint = `ws://127.0.0.1:${running.port}/hocuspocus`;
  const size = { ...SIZE, words: Number(values.words), blocks: Number(values.blocks) };
  const history = { people: PEOPLE, edits: Number(values.edits) };
  const measured = { endpoint, keys: Number(values.keys), patienceMs: Number(values.patience) * 1_000 };
  const knows = (type: string) => flowLayout.knows(type) && treeLayout.knows(type);
  const sample = (source: PictureSource) => withoutUnknown(sampleDocument(size, 1, source), knows);
  const uploaded = sample((number) => `upload:${hashOfPicture(picture(number))}`);
  const query = `?${new URLSearchParams({ document: 'plain', server: endpoint }).toString()}`;
  const subjects: Subject[] = [
    {
      name: 'sheaf',
      layout: flowLayout,
      layoutName: 'flow',
      document: 'sheaf',
      content: uploaded,
      url: `http://127.0.0.1:${running.port}/d/sheaf`,
    },
    {
      name: 'plain',
      layout: treeLayout,
      layoutName: 'tree',
      document: 'plain',
      content: sample((number) => `/pictures/${number}.png`),
      url: plain.url + query,
    },
  ];
  for (const { layout, document: name, content } of subjects) {
    const file = values.kept === undefined ? null : join(values.kept, `${name}.yjs`);
    await put(
      endpoint,
      name,
      kept(file, () => editedDocument(layout, content, history, 1)),
    );
  }
  for (let number = 0; number < SIZE.images; number += 1)
    await upload(`http://127.0.0.1:${running.port}`, 'sheaf', picture(number));
  await using browser = await launch(program);
  const rounds: Round[] = values.add && values.json !== undefined ? earlierRounds(values.json) : [];
  const first = rounds.length / subjects.length;
  for (let round = first; round < first + Number(values.rounds); round += 1)
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      process.stderr.write(`${subject.name}, round ${round + 1}\n`);
      rounds.push(await measureRound(browser, subject, measured));
    }
  const results: EditorResults = {
    machine: describeMachine(false),
    document: { words: wordsIn(uploaded), blocks: uploaded.content?.length ?? 0, ...history },
    rounds,
    firstScriptBytes: firstScriptBytes(rounds),
  };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(formatEditorResults(results));
}

function launch(program: string): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: program,
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
}

/** What lies in `file`, else what is made, which lies there from then on; null: no file. */
function kept(file: string | null, make: () => Uint8Array): Uint8Array {
  if (file !== null && existsSync(file)) return readFileSync(file);
  const made = make();
  if (file !== null) writeFileSync(file, made);
  return made;
}

/** What an earlier run has written; this is our own file. */
function earlierRounds(file: string): Round[] {
  // The shape is that of `EditorResults`, which this program wrote.
  return [...(JSON.parse(readFileSync(file, 'utf8')) as EditorResults).rounds];
}

/** Brings a picture to the server (SPEC UPLOAD-2). */
async function upload(server: string, document: string, bytes: Buffer<ArrayBuffer>): Promise<void> {
  const query = new URLSearchParams({ document, size: `${bytes.length}`, from: '0' });
  const address = `${server}/uploads/${hashOfPicture(bytes)}?${query.toString()}`;
  const { status } = await fetch(address, { method: 'PUT', body: bytes });
  if (status !== 201) throw new Error(`The server did not take a picture: ${status}.`);
}

/** Brings a document to the server; resolves when it is on disk. */
async function put(endpoint: string, name: string, update: Uint8Array): Promise<void> {
  const doc = new Y.Doc();
  const provider = new HocuspocusProvider({ url: endpoint, name, document: doc });
  Y.applyUpdate(doc, update);
  while (!provider.synced || provider.hasUnsyncedChanges) await wait(50);
  provider.destroy();
}

/** What is asked of each page. */
interface Measured {
  readonly endpoint: string;
  /** Letters that are typed. */
  readonly keys: number;
  /** A page that has not answered so long behind what is asked of it among others does not keep up. */
  readonly patienceMs: number;
}

async function measureRound(
  browser: Browser,
  subject: Subject,
  { endpoint, keys, patienceMs }: Measured,
): Promise<Round> {
  const context = await freshProfile(browser);
  const cold = await openEditorPage(context, subject.url);
  // What a page does behind its first frame (a service worker, a copy) is done before the second visit.
  await cold.page.waitForLoadState('networkidle').catch(() => undefined);
  await wait(3_000);
  await cold.page.close();
  const warm = await openEditorPage(context, subject.url);
  await wait(2_000);
  tell(`visible after ${cold.visibleMs.toFixed(0)} ms, warm ${warm.visibleMs.toFixed(0)}`);
  await enterMiddle(warm.page);
  const looking = await measureKeystrokes(warm.page, LOOKS, { silent: true });
  const less = { drawn: percentile(looking.drawn, 0.5), whole: percentile(looking.whole, 0.5) };
  const alone = await measureKeystrokes(warm.page, keys);
  const own = keystrokes(alone.whole, less.whole);
  tell(`a keystroke ${own.p50.toFixed(1)} ms`);
  await using crowd = await gather(subject, endpoint);
  const before = crowd.letters();
  const remoteMs = await soon(
    measureBusy(warm.page, () => wait(REMOTE_MS)),
    patienceMs,
  );
  const letters = crowd.letters() - before;
  const each = remoteMs === null ? 'and it does not keep up' : `${(remoteMs / letters).toFixed(2)} ms each`;
  tell(`${letters} letters of others, ${each}`);
  const together =
    remoteMs === null
      ? null
      : await soon(
          enterMiddle(warm.page).then(() => measureKeystrokes(warm.page, keys)),
          patienceMs,
        );
  await context.close();
  return {
    name: subject.name,
    cold: opening(cold),
    warm: opening(warm),
    looking: less.whole,
    alone: own,
    drawn: together && keystrokes(together.drawn, less.drawn),
    together: together && keystrokes(together.whole, less.whole),
    remoteMsPerLetter: remoteMs === null ? null : remoteMs / letters,
  };
}

/** What is measured of a page that keeps up; null if it does not. */
async function soon<Found>(measuring: Promise<Found>, patienceMs: number): Promise<Found | null> {
  // It fails when the page is closed, and nobody waits for it any more.
  measuring.catch(() => undefined);
  const given = new AbortController();
  const late = wait(REMOTE_MS + patienceMs, null, { signal: given.signal }).catch(() => null);
  try {
    return await Promise.race([measuring, late]);
  } finally {
    given.abort();
  }
}

function tell(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

/** Without `looking`, which is what it takes to measure them. */
function keystrokes(sorted: Float64Array, looking: number): Keystrokes {
  return { p50: percentile(sorted, 0.5) - looking, p99: percentile(sorted, 0.99) - looking };
}

function opening({ visibleMs, writableMs, fetched }: Opening): Opening {
  return { visibleMs, writableMs, fetched };
}

interface Crowd extends AsyncDisposable {
  /** Letters that they have typed so far. */
  readonly letters: () => number;
}

async function gather({ layoutName, document }: Subject, endpoint: string): Promise<Crowd> {
  const program = fileURLToPath(new URL('crowd.ts', import.meta.url));
  const flags = {
    server: endpoint,
    document,
    layout: layoutName,
    people: `${CROWD.people}`,
    rate: `${CROWD.rate}`,
  };
  const child = spawn(
    process.execPath,
    [program, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  let letters = 0;
  const ready = Promise.withResolvers<void>();
  createInterface(child.stdout).on('line', (line) => {
    if (line === 'ready') ready.resolve();
    else letters = Number(line);
  });
  child.once('exit', () => ready.reject(new Error('The crowd went away.')));
  await ready.promise;
  child.stdin.write('type\n');
  await wait(2_000);
  return {
    letters: () => letters,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

/** What Sheaf’s page fetched before it could be written in, as code, brotli; null without a build. */
function firstScriptBytes(rounds: readonly Round[]): number | null {
  const first = rounds.find(({ name }) => name === 'sheaf');
  if (!first || !existsSync(CLIENT_BUILD)) return null;
  return first.cold.fetched
    .map((name) => join(CLIENT_BUILD, name))
    .filter((file) => file.endsWith('.js') && existsSync(file))
    .reduce((sum, file) => sum + brotliBytes(readFileSync(file)), 0);
}
