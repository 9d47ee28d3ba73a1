import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { inPath } from '../../scripts/test/in-path.ts';
import { freePort } from '../../server/src/free-port-for-tests.ts';

/** The driver answers within this, ms. */
const START_MS = 20_000;
/** Pause between two looks at a driver that does not answer yet, ms. */
const LOOK_MS = 20;
/** Longest wait for one command, ms: what hangs fails, and says where. */
const COMMAND_MS = 30_000;
/** Where `Xvfb -displayfd` is told to write its number: behind the three streams that every program has. */
const DISPLAY_FD = 3;
const SCREEN = '1280x900x24';

/** Why stories of WebKit are skipped. */
export const NO_WEBKIT = 'no WebKitWebDriver (webkit2gtk-driver) or no Xvfb was found';

/** A driver of WebKitGTK, and the screen without a screen that its windows are on. */
export interface WebKit extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` of the driver. */
  readonly url: string;
}

/** Starts the system's WebKit (WebDriver, "Classic"); null where there is none. */
export async function startWebKit(): Promise<WebKit | null> {
  const [driver, screen] = [inPath(['WebKitWebDriver']), inPath(['Xvfb'])];
  if (driver === undefined || screen === undefined) return null;
  await using cleanUp = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-webkit-'));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe'] as const;
  const xvfb = start(cleanUp, () =>
    spawn(screen, ['-displayfd', String(DISPLAY_FD), '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
      stdio: [...stdio],
      detached: true,
    }),
  );
  const failed = once(xvfb, 'exit').then(() =>
    Promise.reject(new Error('Xvfb ended before it had a screen.')),
  );
  // The pipe was asked for by the line above.
  const [number] = (await Promise.race([once(xvfb.stdio[DISPLAY_FD] as Readable, 'data'), failed])) as [
    Buffer,
  ];
  const port = await freePort();
  // What a browser keeps for itself goes with its folder.
  const homes = { HOME: folder, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  const env = { ...process.env, ...homes, DISPLAY: `:${number.toString().trim()}`, GDK_BACKEND: 'x11' };
  const program = start(cleanUp, () =>
    spawn(driver, [`--port=${String(port)}`], { env, stdio: 'ignore', detached: true }),
  );
  const url = `http://127.0.0.1:${String(port)}`;
  const until = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (program.exitCode !== null || Date.now() > until) throw new Error('WebKitWebDriver does not answer.');
    await wait(LOOK_MS);
  }
  const kept = cleanUp.move();
  return { url, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** A process group of its own, so that a driver's browser ends with it, also when this process ends before its stories. */
function start<T extends ChildProcess>(cleanUp: AsyncDisposableStack, make: () => T): T {
  const child = make();
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      // Nothing is left of it.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  const ended = once(child, 'exit');
  process.once('exit', kill);
  cleanUp.defer(async () => {
    kill();
    await ended;
    process.off('exit', kill);
  });
  return child;
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/status`).then(
    ({ ok }) => ok,
    // Nobody listens there yet.
    () => false,
  );
}

/** Asks the driver (WebDriver, section 6.3) and gives the answer's value; throws what it calls an error. */
export async function command(url: string, method: 'POST' | 'DELETE', body?: object): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(COMMAND_MS),
  });
  const { value } = (await answer.json()) as { value: unknown };
  if (answer.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`${method} ${url}: ${error}: ${message}`);
}
