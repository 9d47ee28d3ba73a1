import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Program, ProgramName } from './programs.ts';
import { findProgram } from './programs.ts';

/** A program answers on its port within this, ms. */
const START_MS = 20_000;
/** Pause between two looks at a port that does not answer yet, ms. */
const LOOK_MS = 10;
/** Where a proxy runs and what it stands before. */
export interface Place {
  /** The port of 127.0.0.1 that it listens on. */
  readonly port: number;
  /** `127.0.0.1:PORT` of the server behind it. */
  readonly upstream: string;
  /** A folder of its own. */
  readonly folder: string;
  readonly program: Program;
}

/** How one proxy is started: its files by name, and its arguments. It stays in the foreground. */
export interface Launch {
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

/** A proxy with one configuration. */
export interface Configuration {
  readonly program: ProgramName;
  readonly launch: (place: Place) => Launch;
}

/** A proxy that runs. */
export interface RunningProxy extends AsyncDisposable {
  readonly port: number;
  /** Ends it and starts it anew at the same port; connections through it are cut. */
  restart(configuration: Configuration): Promise<void>;
}

/** Starts a proxy before `upstream` (`127.0.0.1:PORT`); resolves when its port answers. Throws with what it said. */
export async function startProxy(
  configuration: Configuration,
  { port, upstream }: { port: number; upstream: string },
): Promise<RunningProxy> {
  let running = await start(configuration, port, upstream);
  return {
    port,
    restart: async (other) => {
      await running[Symbol.asyncDispose]();
      running = await start(other, port, upstream);
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

async function start(
  { program: name, launch }: Configuration,
  port: number,
  upstream: string,
): Promise<AsyncDisposable> {
  const program = findProgram(name);
  if (program === null) throw new Error(`There is no ${name}.`);
  await using cleanUp = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), `sheaf-${name}-`));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  // Some drop root's rights before they write here.
  await chmod(folder, 0o777);
  const { files, args } = launch({ port, upstream, folder, program });
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  // A process group of its own, so that its workers end with it.
  // What a program keeps for itself goes with its folder.
  const env = { ...program.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  const child = spawn(program.file, args, { env, cwd: folder, detached: true });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = once(child, 'exit');
  const kill = (): void => killGroup(child.pid);
  started.add(kill);
  // It has nothing to keep, and some take seconds to end in order.
  cleanUp.defer(async () => {
    kill();
    await ended;
    started.delete(kill);
  });
  await answers(port, () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${name} ended at once:\n${Buffer.concat(said).toString()}`);
  });
  const kept = cleanUp.move();
  return { [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** What ends each proxy that runs, should this process end before its tests do. */
const started = new Set<() => void>();
process.once('exit', () => {
  for (const kill of started) kill();
});

async function answers(port: number, check: () => void): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    check();
    if (await canConnect(port)) return;
    if (Date.now() > until) throw new Error(`Port ${port} does not answer.`);
    await wait(LOOK_MS);
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Nobody listens there yet.
    socket.once('error', () => resolve(false));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nothing is left of it: the usual case.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
