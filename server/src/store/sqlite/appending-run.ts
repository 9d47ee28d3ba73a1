import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseDocumentName } from '../document-name.ts';
import { decodeEntries } from '../entries.ts';
import type { LogEntry, Store } from '../store.ts';
import type { AppendingOptions } from './appending-program.ts';
import { openSqliteStore } from './sqlite-store.ts';

const PROGRAM = fileURLToPath(new URL('./appending-program.ts', import.meta.url));

const DEFAULTS: Omit<AppendingOptions, 'folder'> = {
  fsync: 'full',
  seed: 1,
  acks: 0,
  end: 'kill',
  documents: 3,
  updateBytes: 300,
  inFlight: 2,
  walPages: 50,
  compact: true,
};

/** What the program said: for each document, the author of each acknowledged number, and what was refused. */
export interface Said {
  readonly acknowledged: Map<string, Map<number, string>>;
  readonly refused: {
    readonly document: string;
    readonly number: number;
    readonly tried: string;
    readonly code: string;
  }[];
  readonly lines: string[];
}

export interface RunOptions extends Partial<AppendingOptions> {
  readonly folder: string;
  /** A program and its arguments that run the appending program, such as strace. */
  readonly under?: readonly string[];
  /** Called with each line; `kill` ends the program with SIGKILL. */
  readonly onLine?: (line: string, child: { readonly pid: number; kill(): void }) => void;
}

/** Runs the appending program to its end. */
export async function runAppending({ under = [], onLine, ...options }: RunOptions): Promise<Said> {
  const settings: AppendingOptions = { ...DEFAULTS, ...options };
  const [command = '', ...rest] = [...under, process.execPath, PROGRAM, JSON.stringify(settings)];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = readLines([]);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = Promise.withResolvers<NodeJS.Signals | null>();
  child.on('error', ended.reject);
  child.on('close', (code, signal) => {
    // Under strace a killed program ends strace by the same signal, or with 128 + 9.
    if (code === 0 || signal === 'SIGKILL' || code === 137) ended.resolve(signal);
    else ended.reject(new Error(`the appending program ended with ${code ?? signal}: ${errors}`));
  });
  for await (const line of createInterface(child.stdout)) {
    read(said, line);
    onLine?.(line, { pid: child.pid ?? 0, kill: () => child.kill('SIGKILL') });
  }
  await ended.promise;
  return said;
}

/** What these lines say. */
export function readLines(lines: readonly string[]): Said {
  const said: Said = { acknowledged: new Map(), refused: [], lines: [] };
  for (const line of lines) read(said, line);
  return said;
}

function read(said: Said, line: string): void {
  said.lines.push(line);
  const [kind, document = '', number = '', tried = '', code = ''] = line.split(' ');
  if (kind === 'ack') {
    const numbers = said.acknowledged.get(document) ?? new Map<number, string>();
    said.acknowledged.set(document, numbers.set(Number(number), tried));
  }
  if (kind === 'refused') said.refused.push({ document, number: Number(number), tried, code });
}

/**
 * Asserts that every acknowledged update that the current snapshot does not hold is there with its author,
 * that what is there is whole and without a gap, and that no refused one is there. (Compaction keeps the
 * rest in history, which is checked too.)
 */
export async function assertKept(store: Store, said: Said, where: string): Promise<void> {
  assert.deepEqual(await store.log.verify(), [], where);
  for (const [name, numbers] of said.acknowledged) {
    const kept = await allEntries(store, name);
    for (const [number, author] of numbers) {
      assert.equal(
        kept[number - 1]?.author,
        author,
        `${where}: update ${number} of ${name} was acknowledged`,
      );
      assert.ok(kept[number - 1]?.update.every((byte) => byte === number % 256));
    }
  }
  for (const { document, number, tried } of said.refused) {
    const kept = await allEntries(store, document);
    assert.notEqual(kept[number - 1]?.author, tried, `${where}: update ${number} of ${document} was refused`);
  }
}

async function allEntries(store: Store, document: string): Promise<LogEntry[]> {
  const name = parseDocumentName(document);
  const stored = await store.log.load(name);
  const history = await store.log.history(name, 1, Number.MAX_SAFE_INTEGER);
  const through = stored?.snapshot?.through ?? 0;
  const old = history.flatMap(({ entries }) => decodeEntries(entries));
  assert.equal(old.length, through, 'history holds what the snapshot does');
  return [...old, ...(stored?.tail.flatMap(decodeEntries) ?? [])];
}

/** Opens the store of a folder, and closes it whatever happens in between. */
export async function withStore(folder: string, use: (store: Store) => Promise<void>): Promise<void> {
  const store = await openSqliteStore({ folder, fsync: 'full' });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

/** A folder that goes away after the test. */
export function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-store-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Whether a program can be run and, run with these arguments, succeeds. */
export function canRun(command: string, ...rest: readonly string[]): boolean {
  return spawnSync(command, rest, { stdio: 'ignore' }).status === 0;
}
