import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort, freePorts } from './free-port-for-tests.ts';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));

/** What a node says at its start is kept for a test's message up to this. */
const SAID_CHARACTERS = 8_000;

/** How a node is started. */
export interface NodeProcessOptions {
  readonly folder: string;
  /** Settings beside those of whoever runs the tests, which are left out. */
  readonly env: Readonly<Record<string, string>>;
  /** What stands before the program, `ip netns exec NAME` say. */
  readonly prefix?: readonly string[];
  readonly host?: string;
}

/** A node in a process of its own, as a person would start it. */
export class NodeProcess implements AsyncDisposable {
  readonly folder: string;
  readonly #options: NodeProcessOptions;
  #child: ChildProcess | null = null;
  /** 0 before it has started; it is the same over later starts. */
  #port = 0;
  /** Where it listens; '' before it has started. */
  url = '';

  constructor(options: NodeProcessOptions) {
    this.folder = options.folder;
    this.#options = options;
  }

  /** Its process id; null while it does not run. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Resolves when it listens. */
  async start(): Promise<this> {
    const { folder, env, prefix = [], host = '127.0.0.1' } = this.#options;
    if (this.#port === 0) this.#port = await freePort();
    const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('SHEAF_'));
    const serve = [CLI, 'serve', '--host', host, '--port', String(this.#port), '--data', folder];
    const [program = process.execPath, ...args] = [...prefix, process.execPath, ...serve];
    const child = spawn(program, args, {
      env: { ...Object.fromEntries(outer), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (process.env['SHEAF_TEST_LOGS'] !== undefined) process.stderr.write(text);
      if (said.length < SAID_CHARACTERS) said += text;
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    this.#child = child;
    started.add(child);
    child.once('exit', () => started.delete(child));
    for await (const line of createInterface({ input: child.stdout })) {
      this.url = line.replace('listening on ', '');
      return this;
    }
    await closed;
    throw new Error(`The node ended before it listened: ${said}`);
  }

  /** Without a word: it ends, or stands still (SIGSTOP) and goes on (SIGCONT). */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void {
    this.#child?.kill(signal);
  }

  /** Resolves when it has gone: with its exit code, null if a signal ended it. */
  async ended(): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.#child = null;
    return child.exitCode;
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.ended();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

/** What ends the nodes that run, should this process end before its tests do. */
const started = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** Nodes that know each other, each with an empty folder, which goes with it. */
export async function startNodeProcesses(
  count: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly nodes: readonly NodeProcess[] } & AsyncDisposable> {
  await using cleanUp = new AsyncDisposableStack();
  const ports = await freePorts(count);
  const nodes: NodeProcess[] = [];
  for (const [at, port] of ports.entries()) {
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-node-'));
    cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
    const cluster = {
      SHEAF_NODE: `node-${String(at + 1)}`,
      SHEAF_CLUSTER_LISTEN: `127.0.0.1:${String(port)}`,
      SHEAF_CLUSTER_PEERS: ports.map((other) => `127.0.0.1:${String(other)}`).join(','),
    };
    nodes.push(cleanUp.use(new NodeProcess({ folder, env: { ...cluster, ...env } })));
  }
  await Promise.all(nodes.map((node) => node.start()));
  const kept = cleanUp.move();
  return { nodes, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
