import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { open, type Person, until } from './nodes-for-tests.ts';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));

/** A node in a process of its own. */
class NodeProcess implements AsyncDisposable {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;
  url = '';

  constructor(folder: string, port: number, ports: readonly number[], ack = 'local') {
    this.folder = folder;
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('SHEAF_'));
    this.#env = {
      ...Object.fromEntries(others),
      SHEAF_ACK: ack,
      SHEAF_CLUSTER_LISTEN: `127.0.0.1:${port}`,
      SHEAF_CLUSTER_PEERS: ports.map((other) => `127.0.0.1:${other}`).join(','),
    };
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--data', this.folder], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout })) {
      this.url = line.replace('listening on ', '');
      return;
    }
  }

  /** Without a word. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      return typeof address === 'object' && address !== null ? address.port : 0;
    }),
  );
}

const isSaved = ({ provider }: Person): boolean => provider.isSynced && provider.unsyncedChanges === 0;

test('REPL-9 a node is killed and comes back, another loses its disk: nothing acknowledged is lost', async (context) => {
  await using stack = new AsyncDisposableStack();
  const ports = await freePorts(3);
  const nodes: NodeProcess[] = [];
  for (const port of ports) {
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-node-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    nodes.push(stack.use(new NodeProcess(folder, port, ports)));
  }
  for (const node of nodes) await node.start();
  const [a, b, c] = nodes;
  assert.ok(a && b && c);
  const onA = stack.use(open(a.url, 'plan'));
  const onB = stack.use(open(b.url, 'plan'));
  await until(() => isSaved(onA) && isSaved(onB), 'both are in', 20_000);
  onA.text.insert(0, 'from a. ');
  onB.text.insert(0, 'from b. ');
  await until(() => onA.text.length === 16 && onB.text.length === 16, 'both have both', 20_000);
  await until(() => isSaved(onA), 'it is saved');

  // Whoever was there is on disk somewhere, and the others go on.
  await a.kill();
  onA[Symbol.dispose]();
  onB.text.insert(16, 'while a is away. ');
  await until(() => isSaved(onB), 'b goes on', 20_000);
  await a.start();
  const back = stack.use(open(a.url, 'plan'));
  const took = await until(() => back.text.toJSON() === onB.text.toJSON(), 'a has caught up', 10_000);

  // The disk of b is gone, and so are its people.
  const text = back.text.toJSON();
  await b.kill();
  onB[Symbol.dispose]();
  await rm(b.folder, { recursive: true });
  await b.start();
  const again = stack.use(open(b.url, 'plan'));
  const filled = await until(() => again.text.toJSON() === text, 'b has everything', 10_000);
  await until(() => isSaved(again), 'and it is saved', 20_000);

  // The third was never asked: it has everything without the other two.
  await until(async () => (await fetch(`${c.url}/metrics`)).ok, 'c lives');
  await a.kill();
  await b.kill();
  const alone = stack.use(open(c.url, 'plan'));
  await until(() => alone.text.toJSON() === text, 'c has it alone', 10_000);
  context.diagnostic(`caught up after ${Math.round(took)} ms, filled after ${Math.round(filled)} ms`);
});

test('REPL-13 with replicas:2 a node is killed the moment it has acknowledged, and its disk is gone: a second one has it on its own', async (context) => {
  await using stack = new AsyncDisposableStack();
  const ports = await freePorts(2);
  const nodes: NodeProcess[] = [];
  for (const port of ports) {
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-node-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    nodes.push(stack.use(new NodeProcess(folder, port, ports, 'replicas:2')));
  }
  for (const node of nodes) await node.start();
  const [a, b] = nodes;
  assert.ok(a && b);
  const writer = stack.use(open(a.url, 'plan'));
  await until(() => isSaved(writer), 'it is in', 20_000);
  // Acknowledgements come in order, so what was typed when nothing is unacknowledged is the whole text.
  let acknowledged = '';
  writer.provider.on('unsyncedChanges', ({ number }: { number: number }) => {
    if (number === 0) acknowledged = writer.text.toJSON();
  });
  for (let at = 0; at < 30; at += 1) {
    writer.text.insert(writer.text.length, `word ${at} `);
    if (at % 5 === 0) await until(() => acknowledged !== '' && isSaved(writer), 'some are saved', 20_000);
    else await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await Promise.all([a.kill(), b.kill()]);
  writer[Symbol.dispose]();
  await rm(a.folder, { recursive: true });
  await b.start();
  const reader = stack.use(open(b.url, 'plan'));
  await until(() => reader.provider.isSynced, 'it is read', 20_000);
  assert.ok(reader.text.toJSON().startsWith(acknowledged), `${reader.text.toJSON()} lacks ${acknowledged}`);
  assert.ok(acknowledged.length > 0);
  context.diagnostic(`${acknowledged.length} characters were acknowledged, ${reader.text.length} are there`);
  // Alone it acknowledges nothing; with an empty second node it does again.
  await a.start();
  await until(() => isSaved(reader), 'a second node has it', 20_000);
});
