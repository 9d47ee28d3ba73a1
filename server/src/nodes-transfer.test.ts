import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import * as Y from 'yjs';
import { openRemote } from './cluster/remote.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { freePorts } from './free-port-for-tests.ts';
import { NodeProcess } from './node-process-for-tests.ts';
import { open, until } from './nodes-for-tests.ts';
import { parseDocumentName } from './store/document-name.ts';
import { encodeEntries } from './store/entries.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';

/** SHEAF_TEST_LONG=1: 30 MB and 2,000 closed documents, and the bound of 100 ms by the clock, for a quiet machine. */
const LONG = process.env['SHEAF_TEST_LONG'] === '1';
const ENTRIES = LONG ? 400_000 : 60_000;
const CLOSED = LONG ? 2_000 : 200;
/** No pause of either node's event loop is longer, ms. On a busy machine the work in it is bounded, not the wait for a core. */
const PAUSE_MS = 100;
const DONE_MS = 120_000;

/** A document of many structs and of many gaps, about 110 bytes an entry. */
function largeUpdate(): Uint8Array {
  const doc = new Y.Doc();
  const map = doc.getMap('entries');
  doc.transact(() => {
    for (let at = 0; at < ENTRIES; at += 1)
      map.set(`entry ${at}`, 'a line of text of a large document '.repeat(2));
    for (let at = 0; at < ENTRIES; at += 4) map.delete(`entry ${at}`);
  });
  return Y.encodeStateAsUpdate(doc);
}

function smallUpdate(at: number): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, `note ${at} `.repeat(200));
  return Y.encodeStateAsUpdate(doc);
}

/** Writes documents into a folder, as a server would have. */
async function fill(folder: string): Promise<number> {
  const store = await openSqliteStore({ folder, fsync: 'normal' });
  const large = largeUpdate();
  const put = (name: string, update: Uint8Array) => ({
    document: parseDocumentName(name),
    first: 1,
    count: 1,
    entries: encodeEntries([{ update, author: 'ada', time: Date.now() }]),
    owners: [],
  });
  await store.log.append([put('large', large)]);
  for (let from = 0; from < CLOSED; from += 100)
    await store.log.append(
      Array.from({ length: Math.min(100, CLOSED - from) }, (_, at) =>
        put(`note ${from + at}`, smallUpdate(from + at)),
      ),
    );
  await store.close();
  return large.length;
}

/** A pause of an event loop: its end (ms since 1970), how long it was, and how much of that was work, ms. */
interface Pause {
  readonly at: number;
  readonly pause: number;
  readonly worked: number;
}

async function pausesOf(file: string): Promise<Pause[]> {
  // The shape is the watcher's.
  return JSON.parse(await readFile(file, 'utf8')) as Pause[];
}

test('OPER-7 a large document and many closed ones reach a new node while people type, and neither stands still', async (context) => {
  await using stack = new AsyncDisposableStack();
  const root = await mkdtemp(join(tmpdir(), 'sheaf-transfer-'));
  stack.defer(() => rm(root, { recursive: true, force: true }));
  const bytes = await fill(join(root, 'a'));
  const ports = await freePorts(2);
  const watch = pathToFileURL(join(import.meta.dirname, 'loop-watch-for-tests.ts')).href;
  const nodes = ['a', 'b'].map((name, at) =>
    stack.use(
      new NodeProcess({
        folder: join(root, name),
        env: {
          NODE_OPTIONS: `--import=${watch}`,
          LOOP_WATCH: join(root, `${name}.json`),
          SHEAF_NODE: name,
          SHEAF_CLUSTER_LISTEN: `127.0.0.1:${ports[at]}`,
          SHEAF_CLUSTER_PEERS: ports.map((port) => `127.0.0.1:${port}`).join(','),
        },
      }),
    ),
  );
  const [a, b] = nodes;
  assert.ok(a && b);
  await a.start();
  const remotes = ports.map((port) =>
    openRemote({ host: '127.0.0.1', port }, { tls: null, limits: DEFAULT_LIMITS }),
  );
  stack.defer(() => remotes.forEach((remote) => remote.close()));
  const digest = async (at: number, document: string): Promise<string> => {
    const answer = await remotes[at]?.client.locateDocument({ document }, { timeoutMs: 30_000 });
    return Buffer.from(answer?.held?.digest ?? []).toString('hex');
  };
  await until(async () => (await digest(0, 'large')) !== '', 'the first one has read it', DONE_MS);
  const onA = stack.use(open(a.url, 'typing'));
  await until(() => onA.provider.isSynced, 'somebody is in', DONE_MS);
  const typing: NodeJS.Timeout[] = [];
  stack.defer(() => typing.forEach((timer) => clearInterval(timer)));
  const type = (who: typeof onA): void =>
    void typing.push(setInterval(() => who.text.insert(0, 'word '), 50));
  type(onA);
  await b.start();
  // What comes before a node listens nobody waits for.
  const began = Date.now();
  const onB = stack.use(open(b.url, 'typing'));
  await until(() => onB.provider.isSynced, 'somebody is in there as well', DONE_MS);
  type(onB);
  const last = `note ${CLOSED - 1}`;
  await until(
    async () => (await digest(1, 'large')) === (await digest(0, 'large')),
    'the large one is there',
    DONE_MS,
  );
  await until(
    async () => (await digest(1, last)) === (await digest(0, last)),
    'the last one is there',
    DONE_MS,
  );
  const text = await (await fetch(`${b.url}/metrics`)).text();
  const took = Date.now() - began;
  // What is still being written and compacted behind it.
  await wait(LONG ? 10_000 : 2_000);
  typing.forEach((timer) => clearInterval(timer));
  assert.match(text, /^sheaf_cluster_failures_total 0$/m);
  await until(
    () => onA.text.toJSON() === onB.text.toJSON() && onA.provider.unsyncedChanges === 0,
    'both are equal',
  );
  context.diagnostic(`${(bytes / 1e6).toFixed(1)} MB and ${CLOSED} documents in ${Math.round(took)} ms`);
  for (const name of ['a', 'b']) {
    const all = await pausesOf(join(root, `${name}.json`));
    const pauses = all.filter(({ at, pause }) => at - pause > began);
    const longest = (of: 'pause' | 'worked'): number => Math.max(0, ...pauses.map((found) => found[of]));
    const words = `${name}: longest pause ${longest('pause').toFixed(0)} ms, work ${longest('worked').toFixed(0)} ms`;
    context.diagnostic(`${words}; ${pauses.length} above 40 ms`);
    assert.ok(longest(LONG ? 'pause' : 'worked') < PAUSE_MS, words);
  }
});
