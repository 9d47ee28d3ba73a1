import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../pinned-node.js';
import type { Outcome } from './outcome.ts';
import { decodeOutcomes } from './outcome.ts';

const PACKAGES = ['proto', 'schema', 'server', 'client', 'bench', 'scripts'];
const FILES_AT_ONCE = 2;
/** A file that runs longer than this hangs, ms. */
const FILE_LIMIT_MS = 300_000;

/** The node:test files whose path contains one of `filters`, or all; from the root, sorted. */
export async function nodeTestFiles(filters: readonly string[]): Promise<string[]> {
  const pattern = `{${PACKAGES.join(',')}}/**/*.test.ts`;
  const exclude = ['**/node_modules/**', '**/dist/**'];
  const files = await Array.fromAsync(glob(pattern, { cwd: root, exclude }));
  return files
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .toSorted();
}

/**
 * Runs each file in a process of its own, two at a time, prints a line for each and gives what became of
 * their tests. A file that crashes, hangs or holds no test counts as a failed test.
 *
 * @param folder an empty folder for the reporters' files
 */
export async function runNodeTests(files: readonly string[], folder: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...files.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, file] = next;
      outcomes.push(...(await runFile(file, join(folder, `${String(index)}.jsonl`))));
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  return outcomes;
}

async function runFile(file: string, destination: string): Promise<Outcome[]> {
  const started = performance.now();
  const reporter = join(root, 'scripts', 'test', 'node-reporter.ts');
  const { output, ending } = await runToEnd([
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
    file,
  ]);
  const written = existsSync(destination) ? decodeOutcomes(readFileSync(destination, 'utf8')) : [];
  const outcomes = written.filter(({ outcome }) => outcome !== 'told');
  const failed = outcomes.some(({ outcome }) => outcome === 'failed');
  if (!failed && ending !== '') outcomes.push({ outcome: 'failed', title: file, detail: ending });
  else if (outcomes.length === 0)
    outcomes.push({ outcome: 'failed', title: file, detail: 'It holds no test.' });

  const good = outcomes.every(({ outcome }) => outcome !== 'failed');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${good ? 'ok  ' : 'FAIL'} ${file} (${String(outcomes.length)} tests, ${seconds} s)`);
  for (const { outcome, title } of written) if (outcome === 'told') console.log(`     ${title}`);
  if (!good && output !== '') console.log(output.replaceAll(/^/gm, '     | '));
  return outcomes;
}

/**
 * Runs Node in a process group of its own, so that what a test started and left behind ends with it.
 *
 * @returns everything printed, and how it ended where that was not with exit code 0
 */
function runToEnd(args: readonly string[]): Promise<{ output: string; ending: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    let late = false;
    const end = () => {
      if (child.pid !== undefined) endGroup(child.pid);
    };
    const limit = setTimeout(() => {
      late = true;
      end();
    }, FILE_LIMIT_MS);
    process.once('exit', end);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('exit', end);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      process.off('exit', end);
      const how = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
      const ending = late
        ? `It did not end within ${String(FILE_LIMIT_MS / 1000)} s.`
        : `It ended with ${how}.`;
      resolve({ output: Buffer.concat(chunks).toString().trimEnd(), ending: code === 0 ? '' : ending });
    });
  });
}

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    // Nothing is left of it: the usual case.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
