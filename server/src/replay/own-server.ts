import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SheafError } from '../error.ts';
import { REPLAY_LIMITS } from './limits.ts';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));

/** Where an own server keeps its documents: a folder, a folder for this run only, a database, or nowhere. */
export type Keeping =
  | { kind: 'folder'; path: string }
  | { kind: 'temporary' }
  | { kind: 'database'; url: string }
  | { kind: 'memory' };

/** A server in a process of its own, so that what it costs is not mixed with what its clients cost. */
export interface OwnServer {
  /** `http://HOST:PORT`. */
  readonly url: string;
  readonly pid: number;
  /** Bytes of the files in its data folder; `null` when it keeps nothing. */
  bytesOnDisk(): Promise<number | null>;
  /** SIGKILL: no time to flush. Resolves when the process is gone; the data folder stays. */
  kill(): Promise<void>;
  /** Ends it in order and removes a temporary folder. */
  stop(): Promise<void>;
}

/** How an own server is started. */
export interface OwnServerOptions {
  readonly keeping: Keeping;
  /** 0 (the default) picks a free one. */
  readonly port?: number | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The environment without settings meant for another server, but for limits and how commits are synced. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const stays = ([name]: [string, unknown]): boolean =>
    !name.startsWith('SHEAF_') || name.startsWith('SHEAF_LIMIT_') || name === 'SHEAF_FSYNC';
  return Object.fromEntries(Object.entries(env).filter(stays));
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

/** Waits for the line that says where it listens. */
async function listening(child: ChildProcess, errors: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (why: string): void =>
    reject(new SheafError('internal', `The server ${why}. ${errors.join('').trim()}`.trim()));
  const timer = setTimeout(
    () => fail(`did not start within ${REPLAY_LIMITS.serverStartMs / 1_000} s`),
    REPLAY_LIMITS.serverStartMs,
  );
  child.once('error', (error) => fail(`cannot be started: ${error.message}`));
  child.once('exit', (code, signal) => fail(`ended at its start (${signal ?? code})`));
  if (child.stdout === null) throw new SheafError('internal', 'The server has no standard output.');
  // Read to its end, not only to that line: a full pipe would stop the server.
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, url] = /^listening on (http:\S+)/.exec(line) ?? [];
    if (url !== undefined) resolve(url.replace(/\/$/, ''));
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Starts `serve` of this same program on the loopback, open to everybody on it. Throws `internal`. */
export async function startOwnServer({ keeping, port = 0, env }: OwnServerOptions): Promise<OwnServer> {
  const temporary = keeping.kind === 'temporary' ? await mkdtemp(join(tmpdir(), 'sheaf-replay-')) : null;
  const folder = keeping.kind === 'folder' ? keeping.path : temporary;
  const settings: NodeJS.ProcessEnv = {
    ...withoutSettings(env),
    SHEAF_HOST: '127.0.0.1',
    SHEAF_PORT: String(port),
    SHEAF_ACCESS: 'open',
    ...(folder === null ? {} : { SHEAF_DATA: folder }),
    ...(keeping.kind === 'database' ? { SHEAF_DATABASE_URL: keeping.url } : {}),
  };
  const args = [CLI, 'serve', ...(keeping.kind === 'memory' ? ['--memory'] : [])];
  // Detached: Ctrl+C in a terminal is then for the replay alone, which stops its server in order.
  const child = spawn(process.execPath, args, {
    env: settings,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const orphan = (): void => void child.kill('SIGKILL');
  process.once('exit', orphan);
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors.push(text);
    if (errors.length > 20) errors.shift();
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
    process.off('exit', orphan);
  };
  const removeTemporary = async (): Promise<void> => {
    if (temporary !== null) await rm(temporary, { recursive: true, force: true });
  };
  let url: string;
  try {
    url = await listening(child, errors);
  } catch (thrown) {
    await kill();
    await removeTemporary();
    throw thrown;
  }
  return {
    url,
    pid: child.pid ?? 0,
    bytesOnDisk: async () => (folder === null ? null : folderBytes(folder)),
    kill,
    stop: async () => {
      const late = setTimeout(orphan, REPLAY_LIMITS.serverStopMs);
      child.kill('SIGTERM');
      await gone;
      clearTimeout(late);
      process.off('exit', orphan);
      await removeTemporary();
    },
  };
}

/** Resident memory of a process, bytes, as Linux tells it; `null` elsewhere. */
async function residentBytesOf(pid: number): Promise<number | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
    return kib === undefined ? null : Number(kib) * 1_024;
  } catch {
    // Not Linux, or the process is gone: there is no figure, and the report says so.
    return null;
  }
}

/** Resident memory of a server, bytes: from its `/metrics`, else of process `pid`; `null` when nobody tells. */
export async function serverResidentBytes(base: string, pid: number | null): Promise<number | null> {
  try {
    const response = await fetch(`${base}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const [, value] = /^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)/m.exec(await response.text()) ?? [];
    if (response.ok && value !== undefined) return Number(value);
  } catch {
    // A server without metrics, another product for example: the process may still be known.
  }
  return pid === null ? null : residentBytesOf(pid);
}
