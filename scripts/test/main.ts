// Runs the tests of both runners and adds them up; `npm test` starts it after installing and building.
// Arguments are parts of paths: only the files that contain one of them are run.
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { browserTestFiles, runBrowserTests } from './browser-tests.ts';
import { nodeTestFiles, runNodeTests } from './node-tests.ts';
import type { Outcome } from './outcome.ts';
import { findPrograms } from './programs.ts';
import { fetchGrpcio, fetchProxies, GRPCIO_ENVIRONMENT } from './proxies.ts';

// An interrupted run ends what it started: node-tests.ts does so when the process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

const filters = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'sheaf-test-'));
try {
  const outcomes = await runAll();
  printSkipped(outcomes);
  printFailed(outcomes);
  const count = (wanted: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  if (passed + failed === 0) console.log('No test ran.');
  console.log(`${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function runAll(): Promise<Outcome[]> {
  const files = await nodeTestFiles(filters);
  const browserFiles = await browserTestFiles(filters);
  const webkit = browserFiles.some((file) => file.startsWith('e2e/webkit/'));
  const { chromium, firefox, strace } = findPrograms({ browsers: browserFiles.length > 0, webkit });
  // These name no setting of the server, which refuses to start with one that it does not know.
  delete process.env['SHEAF_TEST_CHROMIUM'];
  delete process.env['SHEAF_TEST_FIREFOX'];
  delete process.env['SHEAF_TEST_STRACE'];
  if (strace !== undefined) process.env['PATH'] = dirname(strace) + delimiter + process.env['PATH'];
  if (chromium === undefined && browserFiles.length > 0) {
    console.log('No Chromium was found: the tests in e2e are skipped. SHEAF_TEST_CHROMIUM can name one.');
  }
  const throughProxies =
    chromium !== undefined && browserFiles.some((file) => file.startsWith('e2e/proxies/'));
  const proxies = throughProxies ? fetchProxies() : undefined;
  if (files.some((file) => file.endsWith('/other-stacks.test.ts')))
    process.env[GRPCIO_ENVIRONMENT] = fetchGrpcio();
  const outcomes = await runNodeTests(files, folder);
  if (browserFiles.length > 0)
    outcomes.push(...(await runBrowserTests(browserFiles, folder, { chromium, firefox, proxies })));
  return outcomes;
}

function printSkipped(outcomes: readonly Outcome[]): void {
  for (const { outcome, title, detail } of outcomes) {
    if (outcome === 'skipped') console.log(`skipped: ${title}${detail === '' ? '' : ` (${detail})`}`);
  }
}

function printFailed(outcomes: readonly Outcome[]): void {
  for (const { outcome, title, detail } of outcomes) {
    if (outcome === 'failed') console.log(`\nFAILED: ${title}\n${detail.replaceAll(/^/gm, '    ')}`);
  }
}
