import { existsSync, readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { binary } from '../binary.js';
import { root, runNode } from '../pinned-node.js';
import type { Outcome } from './outcome.ts';
import { decodeOutcomes, OUTCOMES_FILE } from './outcome.ts';
import { PROXIES } from './proxies.ts';

/** Environment variable that tells playwright.config.ts which browser to start. */
const CHROMIUM = 'SHEAF_TEST_CHROMIUM';

/** The Playwright files whose path contains one of `filters`, or all; from the root, sorted. */
export async function browserTestFiles(filters: readonly string[]): Promise<string[]> {
  const files = await Array.fromAsync(glob('e2e/**/*.spec.ts', { cwd: root }));
  return files
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .toSorted();
}

/**
 * Runs `files` in Chromium and gives what became of their tests; without a Chromium they are listed as skipped.
 *
 * @param folder an empty folder for the reporter's file
 * @param found paths: of Chromium, and of the folder with proxies; undefined where there is none
 */
export async function runBrowserTests(
  files: readonly string[],
  folder: string,
  { chromium, proxies }: { chromium: string | undefined; proxies: string | undefined },
): Promise<Outcome[]> {
  const destination = join(folder, 'e2e.jsonl');
  const reporter = join(root, 'scripts', 'test', 'browser-reporter.ts');
  const status = await runNode(
    [
      binary('@playwright/test'),
      'test',
      '--forbid-only',
      `--reporter=${reporter}`,
      ...(chromium === undefined ? ['--list'] : []),
      ...files,
    ],
    { env: { ...process.env, [CHROMIUM]: chromium, [PROXIES]: proxies, [OUTCOMES_FILE]: destination } },
  );

  const outcomes = existsSync(destination) ? decodeOutcomes(readFileSync(destination, 'utf8')) : [];
  if (chromium === undefined && status === 0) {
    return outcomes.map(({ title }) => ({ outcome: 'skipped', title, detail: 'no Chromium was found' }));
  }
  if (outcomes.length === 0 || (status !== 0 && !outcomes.some(({ outcome }) => outcome === 'failed'))) {
    const detail = `Playwright ended with exit code ${String(status)} and ${String(outcomes.length)} tests.`;
    outcomes.push({ outcome: 'failed', title: 'e2e', detail });
  }
  return outcomes;
}
