import { existsSync, readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { binary } from '../binary.js';
import { root, runNode } from '../pinned-node.js';
import type { Outcome } from './outcome.ts';
import { decodeOutcomes, OUTCOMES_FILE } from './outcome.ts';
import { PROXIES } from './proxies.ts';

/** Environment variables that tell which browsers to start: playwright.config.ts, and e2e/firefox.js. */
const CHROMIUM = 'SHEAF_TEST_CHROMIUM';
const FIREFOX = 'SHEAF_TEST_FIREFOX';

/** The Playwright files whose path contains one of `filters`, or all; from the root, sorted. */
export async function browserTestFiles(filters: readonly string[]): Promise<string[]> {
  const files = await Array.fromAsync(glob('e2e/**/*.spec.ts', { cwd: root }));
  return files
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .toSorted();
}

/** The projects of playwright.config.ts, by the browser that they need. */
const PROJECTS = { Chromium: ['one', 'replicas', 'shared'], Firefox: ['firefox'] };

/** What is looked for. */
const NAMES = {
  Chromium: 'Chromium',
  Firefox: "Debian's firefox-esr, nor one that SHEAF_TEST_FIREFOX names on Linux,",
};

/** Paths: of the browsers, and of the folder with proxies; undefined where there is none. */
interface Found {
  readonly chromium: string | undefined;
  readonly firefox: string | undefined;
  readonly proxies: string | undefined;
}

/**
 * Runs `files` in the browsers that there are and gives what became of their tests; those for another are listed as skipped.
 *
 * @param folder an empty folder for the reporter's files
 */
export async function runBrowserTests(
  files: readonly string[],
  folder: string,
  found: Found,
): Promise<Outcome[]> {
  const there: string[] = [];
  const skipped: Outcome[] = [];
  for (const [browser, path] of [
    ['Chromium', found.chromium],
    ['Firefox', found.firefox],
  ] as const) {
    if (path !== undefined) there.push(...PROJECTS[browser]);
    else {
      const listed = await runPlaywright(['--list', ...files], PROJECTS[browser], { ...found, folder });
      for (const { outcome, title, detail } of listed)
        skipped.push(
          outcome === 'failed'
            ? { outcome, title, detail }
            : { outcome: 'skipped', title, detail: `no ${NAMES[browser]} was found` },
        );
    }
  }
  const ran = there.length === 0 ? [] : await runPlaywright(files, there, { ...found, folder });
  return [...ran, ...skipped];
}

async function runPlaywright(
  args: readonly string[],
  projects: readonly string[],
  { chromium, firefox, proxies, folder }: Found & { folder: string },
): Promise<Outcome[]> {
  const destination = join(folder, `${projects.join('-')}.jsonl`);
  const reporter = join(root, 'scripts', 'test', 'browser-reporter.ts');
  const status = await runNode(
    [
      binary('@playwright/test'),
      'test',
      '--forbid-only',
      // A file that is asked for has stories, but may have none for Firefox.
      ...(projects.includes('one') ? [] : ['--pass-with-no-tests']),
      `--reporter=${reporter}`,
      ...projects.map((project) => `--project=${project}`),
      ...args,
    ],
    {
      env: {
        ...process.env,
        [CHROMIUM]: chromium,
        [FIREFOX]: firefox,
        [PROXIES]: proxies,
        [OUTCOMES_FILE]: destination,
      },
    },
  );
  const outcomes = existsSync(destination) ? decodeOutcomes(readFileSync(destination, 'utf8')) : [];
  const none = outcomes.length === 0 && projects.includes('one');
  if (none || (status !== 0 && !outcomes.some(({ outcome }) => outcome === 'failed'))) {
    const detail = `Playwright ended with exit code ${String(status)} and ${String(outcomes.length)} tests.`;
    outcomes.push({ outcome: 'failed', title: 'e2e', detail });
  }
  return outcomes;
}
