import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';
import { TestNetwork, whyNoNamespaces } from './namespaces-for-tests.ts';
import { NodeProcess } from './node-process-for-tests.ts';
import { parseDocumentName } from './store/document-name.ts';
import { decodeEntries } from './store/entries.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';

/*
 * Real processes on machines of their own, whose network loses what it is told to. SHEAF_TEST_LONG=1 has partitions of
 * 60 s with the nodes' own times, and reads the logs behind each; the short form has nodes that tire sooner.
 */
const LONG = process.env['SHEAF_TEST_LONG'] === '1';
const NODES = 3;
const PARTITION_MS = LONG ? 60_000 : 2_400;
/** People write on while a network heals. */
const WRITE_ON_MS = LONG ? 1_000 : 500;
/** Nodes are equal again within, ms (REPL-8), though people write for a part of it. */
const HEALED_MS = 5_000;
/** What is equal for so long stays so, ms. */
const STAYS_MS = 250;
const CLUSTER_PORT = 7_000;
const DOCUMENTS = ['plan', 'notes'];
const SHORT_TIMES = {
  SHEAF_LIMIT_PEER_HEARTBEAT_MS: '200',
  SHEAF_LIMIT_PEER_SUSPECT_MS: '700',
  SHEAF_LIMIT_PEER_DEAD_MS: '1200',
};

const program = (name: string): string => fileURLToPath(new URL(`./${name}-for-tests.ts`, import.meta.url));

/** A program that runs on a machine of the network until its input ends; its lines. */
class Helper {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(prefix: readonly string[], file: string, args: readonly string[]) {
    const [command = '', ...rest] = [...prefix, process.execPath, program(file), ...args];
    const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#ended = once(child, 'close');
    createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(line));
  }

  async line(at: number): Promise<string> {
    while (this.lines.length <= at) {
      assert.equal(this.#child.exitCode, null, 'a helper ended');
      await wait(5);
    }
    return this.lines[at] ?? '';
  }

  /** Gives it a line of input. */
  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async end(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Three nodes on a network, with people on each and somebody who compares what they hold. */
class World implements AsyncDisposable {
  readonly nodes: NodeProcess[] = [];
  readonly network = new TestNetwork(NODES);
  /** All words that were called saved, by document. */
  readonly #acknowledged = new Map<string, Set<string>>(DOCUMENTS.map((name) => [name, new Set()]));
  readonly #stack = new AsyncDisposableStack();
  #writers: Helper[] = [];
  #rounds = 0;
  #watcher: Helper | null = null;

  static async start(): Promise<World> {
    const world = new World();
    world.#stack.use(world.network);
    const addresses = Array.from(
      { length: NODES },
      (_, at) => `${world.network.address(at)}:${CLUSTER_PORT}`,
    );
    for (const [at, listen] of addresses.entries()) {
      const folder = await mkdtemp(join(tmpdir(), 'sheaf-node-'));
      world.#stack.defer(() => rm(folder, { recursive: true, force: true }));
      const env = {
        ...(LONG ? {} : SHORT_TIMES),
        SHEAF_NODE: `node-${at + 1}`,
        SHEAF_CLUSTER_LISTEN: listen,
        SHEAF_CLUSTER_PEERS: addresses.join(','),
        SHEAF_CLUSTER_INSECURE: '1',
      };
      const node = new NodeProcess({ folder, env, prefix: world.network.on(at) });
      world.nodes.push(world.#stack.use(node));
    }
    await Promise.all(world.nodes.map((node) => node.start()));
    world.#watcher = new Helper(world.network.on('router'), 'watcher', [...addresses, '--', ...DOCUMENTS]);
    world.#stack.defer(() => {
      for (const helper of [...world.#writers, world.#watcher]) helper?.kill();
    });
    return world;
  }

  /** People come to each node. */
  async arrive(): Promise<void> {
    this.#writers = this.nodes.map(
      ({ url }, at) =>
        new Helper(this.network.on(at), 'writer', [url, `n${at + 1}r${this.#rounds}`, '40', ...DOCUMENTS]),
    );
    this.#rounds += 1;
    for (const writer of this.#writers) assert.equal(await writer.line(0), 'in');
  }

  /** Those on node `at` leave. */
  async leave(at: number): Promise<void> {
    await this.#writers.splice(at, 1)[0]?.end();
  }

  write(): void {
    for (const writer of this.#writers) writer.say('write');
  }

  /** They stop, all at once. */
  async stopWriting(): Promise<void> {
    const told = this.#writers.map((writer) => {
      const line = writer.line(writer.lines.length);
      writer.say('stop');
      return line;
    });
    for (const line of await Promise.all(told)) {
      // The shape is the writer's.
      for (const [document, words] of Object.entries(JSON.parse(line) as Record<string, string[]>))
        for (const word of words) this.#acknowledged.get(document)?.add(word);
    }
  }

  /** How long behind `since` (ms since 1970) the nodes became equal, ms: they are so now, when nobody writes, and stay so. */
  async equalSince(since: number): Promise<number> {
    const asked = Date.now();
    for (;;) {
      const [state, time, looked] = (this.#watcher?.lines.at(-1) ?? '').split(' ');
      // Between two words they may be equal as well, and what was said of that moment says nothing of the last word.
      if (state === 'equal' && Number(looked) - Math.max(asked, Number(time)) > STAYS_MS)
        return Math.max(0, Number(time) - since);
      assert.ok(Date.now() - since < HEALED_MS + 10_000, 'the nodes never became equal');
      await wait(10);
    }
  }

  /** All nodes are killed, and their logs are read: equal, and whole. Returns how many words were acknowledged. */
  async readLogs(): Promise<number> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    let count = 0;
    for (const document of DOCUMENTS) {
      const docs = await Promise.all(this.nodes.map(({ folder }) => loadLog(folder, document)));
      const [first] = docs;
      assert.ok(first);
      for (const doc of docs) {
        assert.deepEqual(doc.getArray('words').toArray(), first.getArray('words').toArray(), document);
        assert.ok(Y.equalDeleteSets(deletesOf(doc), deletesOf(first)), `${document}: the delete sets differ`);
      }
      const there = new Set(first.getArray<string>('words').toArray());
      const acknowledged = this.#acknowledged.get(document) ?? new Set();
      count += acknowledged.size;
      assert.deepEqual([...acknowledged.difference(there)], [], 'what was acknowledged is missing');
    }
    return count;
  }

  async startAgain(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

function deletesOf(doc: Y.Doc): ReturnType<typeof Y.createDeleteSetFromStructStore> {
  return Y.createDeleteSetFromStructStore(doc.store);
}

/** A document as a node's log has it. */
async function loadLog(folder: string, name: string): Promise<Y.Doc> {
  const store = await openSqliteStore({ folder, fsync: 'normal' });
  try {
    const stored = await store.log.load(parseDocumentName(name));
    const doc = new Y.Doc();
    if (stored?.snapshot) Y.applyUpdate(doc, stored.snapshot.update);
    for (const packed of stored?.tail ?? [])
      for (const { update } of decodeEntries(packed)) Y.applyUpdate(doc, update);
    assert.equal(doc.store.pendingStructs, null, 'the log is whole');
    return doc;
  } finally {
    await store.close();
  }
}

/** What goes wrong, while everybody writes; each ends with everything as it was. */
const TROUBLES: readonly (readonly [string, (world: World) => Promise<void>])[] = [
  [
    'a node is cut off from both others',
    async ({ network }) => {
      for (const other of [1, 2]) {
        network.lose(0, other);
        network.lose(other, 0);
      }
      await wait(PARTITION_MS);
      network.heal();
    },
  ],
  [
    'what one node sends to another is lost, one way',
    async ({ network }) => {
      network.lose(0, 1);
      await wait(PARTITION_MS);
      network.heal();
    },
  ],
  [
    'a node is killed, and starts again',
    async ({ nodes }) => {
      await nodes[1]?.kill();
      await wait(PARTITION_MS / 4);
      await nodes[1]?.start();
    },
  ],
  [
    'a node stands still, and goes on',
    async ({ nodes }) => {
      nodes[2]?.signal('SIGSTOP');
      await wait(PARTITION_MS / 2);
      nodes[2]?.signal('SIGCONT');
    },
  ],
];

async function endure(
  world: World,
  context: TestContext,
  words: string,
  trouble: () => Promise<void>,
): Promise<void> {
  world.write();
  await trouble();
  const healed = Date.now();
  await wait(WRITE_ON_MS);
  await world.stopWriting();
  const took = await world.equalSince(healed);
  context.diagnostic(
    `${words}: equal ${took} ms behind its end, of which people wrote on for ${WRITE_ON_MS}`,
  );
  assert.ok(took < HEALED_MS, `${words}: equal after ${took} ms`);
}

test('REPL-8 partitions, one-way ones, kills, pauses and a wiped disk: equal within 5 s, nothing acknowledged lost', async (context) => {
  const reason = whyNoNamespaces();
  if (reason !== null) return context.skip(reason);
  await using world = await World.start();
  await world.arrive();
  for (const [words, trouble] of TROUBLES) {
    await endure(world, context, words, () => trouble(world));
    if (!LONG) continue;
    context.diagnostic(`${words}: ${await world.readLogs()} acknowledged words are in all three logs`);
    await world.startAgain();
  }
  // A disk takes what no other node has got: its people leave first, and all is equal; the others write on.
  await world.leave(0);
  await endure(world, context, 'a node loses its disk', async () => {
    const [first] = world.nodes;
    await first?.kill();
    await rm(first?.folder ?? '', { recursive: true });
    await wait(PARTITION_MS / 4);
    await first?.start();
  });
  const count = await world.readLogs();
  assert.ok(count > 100, `only ${count} words were acknowledged`);
  context.diagnostic(`${count} acknowledged words are in all three logs`);
});
