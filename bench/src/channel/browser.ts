import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { RESULTS, writePlan } from './plan.ts';
import type { PageLetters, PagePlan } from './plan.ts';
import { Writer } from './writer.ts';

/** Where a Chromium may be; the tests' is first. */
const PROGRAMS = [
  process.env['SHEAF_TEST_CHROMIUM'],
  chromium.executablePath(),
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/chromium-headless-shell',
];

const FLAGS = [
  '--headless=new',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page has done what it was asked for within, ms. */
const PAGE_MS = 10 * 60_000;

/** The Chromium of this machine; null if there is none. */
export function findChromium(): string | null {
  return PROGRAMS.find((program) => program !== undefined && existsSync(program)) ?? null;
}

/** Makes a folder of what a server serves in place of the editor: `page.ts`. */
export async function buildPage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'esnext',
      lib: { entry: fileURLToPath(new URL('page.ts', import.meta.url)), formats: ['es'], name: 'page' },
    },
  });
  const first = [built].flat()[0];
  const script = first && 'output' in first ? first.output[0].code : null;
  if (script === null) throw new Error('The page of the bench was not built.');
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-bench-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets', 'page.js'), script);
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><title>Letters</title><script type="module" src="/assets/page.js"></script>',
  );
  return folder;
}

/**
 * What a page at `port` finds by `plan`. Nothing looks into the browser: a program that steers one hears of each of its
 * requests, and each then takes twice as long. Throws if the page does not end.
 */
export async function measureInBrowser(
  program: string,
  port: number,
  plan: PagePlan,
): Promise<readonly PageLetters[]> {
  const profile = await mkdtemp(join(tmpdir(), 'sheaf-bench-profile-'));
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const url = `http://127.0.0.1:${port}/${writePlan(plan)}`;
  const args = [...FLAGS, ...asRoot, `--user-data-dir=${profile}`, url];
  const browser = spawn(program, args, { stdio: 'ignore', detached: true });
  const ended = once(browser, 'exit');
  const tooEarly = ended.then(() => {
    throw new Error('The browser ended before its page did.');
  });
  const reader = new Writer(`ws://127.0.0.1:${port}/yjs/${plan.document}`, 'websocket');
  try {
    return await Promise.race([resultsOf(reader), tooEarly]);
  } finally {
    reader.leave();
    const runs = browser.exitCode === null && browser.signalCode === null;
    if (browser.pid !== undefined && runs) process.kill(-browser.pid, 'SIGKILL');
    // It has ended now, as it should.
    await tooEarly.catch(() => undefined);
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function resultsOf(reader: Writer): Promise<readonly PageLetters[]> {
  const text = reader.doc.getText(RESULTS);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('The page of the bench did not end.')), PAGE_MS).unref();
    text.observe(() => {
      clearTimeout(late);
      // Written by page.ts, in one transaction.
      resolve(JSON.parse(text.toJSON()) as PageLetters[]);
    });
  });
}
