import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { ServerUnderTest } from './servers.ts';

/** Longest that a server may take to listen, and to end, ms. */
const START_MS = 30_000;
const STOP_MS = 5_000;

/** Whether processes can be kept to a core, and there are two. */
export function canPin(): boolean {
  return availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;
}

/** Keeps this process, the load, to core 1. Throws if taskset fails. */
export function pinLoad(): void {
  const { status, stderr } = spawnSync('taskset', ['-a', '-p', '-c', '1', String(process.pid)]);
  if (status !== 0) throw new Error(`taskset failed: ${String(stderr)}`);
}

/** A server in a process of its own. `await using` ends it. */
export interface RunningServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** The last lines that it wrote to its standard error. */
  readonly complaints: () => string;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(force);
}

/** The port in a server's first line `listening PORT` or `listening on http://HOST:PORT`. */
async function listeningPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the server has no standard output');
  for await (const line of createInterface(child.stdout)) {
    const port = /^listening (?:on http:\/\/.*:)?(\d+)\/?$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('it ended before it listened');
}

/** Starts a server, with settings beside this process's own, and settles when it listens; on core 0 if `pinned`. Throws with what it complained about. */
export async function startServer(
  server: Pick<ServerUnderTest, 'name' | 'command'>,
  pinned: boolean,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const command = [process.execPath, ...server.command(pinned ? 1 : availableParallelism())];
  if (pinned) command.unshift('taskset', '-c', '0');
  const [program = process.execPath, ...args] = command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...settings },
  });
  const complaints: string[] = [];
  child.stderr.on('data', (text) => {
    complaints.push(String(text));
    if (complaints.length > 20) complaints.shift();
  });
  const late = setTimeout(() => child.kill('SIGKILL'), START_MS);
  try {
    const port = await listeningPort(child);
    child.stdout.resume();
    if (child.pid === undefined) throw new Error('it has no process id');
    return {
      pid: child.pid,
      port,
      complaints: () => complaints.join('').trim(),
      [Symbol.asyncDispose]: () => stop(child),
    };
  } catch (thrown) {
    await stop(child);
    throw new Error(`${server.name} did not start: ${complaints.join('').trim()}`, { cause: thrown });
  } finally {
    clearTimeout(late);
  }
}
