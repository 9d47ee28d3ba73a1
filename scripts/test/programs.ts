import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { inPath, isExecutable } from './in-path.ts';

/** Programs of the system that some tests need; undefined where there is none. */
export interface Programs {
  readonly chromium: string | undefined;
  readonly firefox: string | undefined;
  readonly strace: string | undefined;
}

/** What Playwright starts as well: a Chromium without windows, in which stories take a third less. */
const SHELL = 'chromium-headless-shell';
/** Programs that the stories of WebKit start, by the package of Debian and its kin that holds them. */
const WEBKIT: Readonly<Record<string, string>> = { WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' };
/** The Firefox that people have, as Debian brings it: not Playwright's own, which is another. */
const FIREFOX = 'firefox-esr';

/**
 * Looks for the programs: what SHEAF_TEST_CHROMIUM, SHEAF_TEST_FIREFOX and SHEAF_TEST_STRACE name, Playwright's own Chromium, the system's
 * without windows, and where that can't be installed without asking (as root on Debian and its kin) any other Chromium.
 *
 * @param browsers whether stories are to run at all
 * @param webkit whether those of WebKit are, which find their programs themselves
 * @throws Error where a variable names what cannot be run
 */
export function findPrograms({ browsers, webkit }: { browsers: boolean; webkit: boolean }): Programs {
  const lacking = webkit ? Object.keys(WEBKIT).filter((name) => inPath([name]) === undefined) : [];
  const missing = [
    ...lacking.map((name) => WEBKIT[name] ?? name),
    ...(findShell() === undefined ? [SHELL] : []),
    ...(browsers && findFirefox() === undefined ? [FIREFOX] : []),
    ...(findStrace() === undefined ? ['strace'] : []),
  ];
  if (missing.length > 0 && process.getuid?.() === 0 && inPath(['apt-get']) !== undefined) install(missing);
  return {
    chromium:
      findShell() ?? inPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']),
    firefox: findFirefox(),
    strace: findStrace(),
  };
}

/** One by one: what a system does not know must not cost the others. */
function install(packages: readonly string[]): void {
  console.log(`Installing ${packages.join(' and ')} with apt-get, for the tests that need it …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args: readonly string[]): boolean =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  if (!aptGet('update')) console.log('apt-get could not update its lists.');
  for (const name of packages)
    if (!aptGet('install', '--yes', '--no-install-recommends', name))
      console.log(`apt-get could not install ${name}: tests do without.`);
}

function findShell(): string | undefined {
  const own = chromium.executablePath();
  return named('SHEAF_TEST_CHROMIUM') ?? (existsSync(own) ? own : undefined) ?? inPath([SHELL]);
}

/**
 * Only where the program that stories start in its place (e2e/firefox.js) can be started by its name. Another `firefox` in the path is
 * not taken: that of Ubuntu, a snap, sees no folder of the stories.
 */
function findFirefox(): string | undefined {
  return process.platform === 'linux' ? (named('SHEAF_TEST_FIREFOX') ?? inPath([FIREFOX])) : undefined;
}

function findStrace(): string | undefined {
  return process.platform === 'linux' ? (named('SHEAF_TEST_STRACE') ?? inPath(['strace'])) : undefined;
}

function named(variable: string): string | undefined {
  const path = process.env[variable];
  if (path === undefined || path === '') return undefined;
  if (!isExecutable(path)) throw new Error(`${variable} names ${path}, which cannot be run.`);
  return path;
}
