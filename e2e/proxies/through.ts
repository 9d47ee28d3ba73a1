import { test as base } from '@playwright/test';
import type { BrowserContextOptions, Page } from '@playwright/test';
import { startServer } from '@sheaf/server';
import type { Server } from '@sheaf/server';
import { freePorts } from '../../server/src/free-port-for-tests.ts';
import { chosenTopology } from '../server.ts';
import { editor, expect, saveState, saved, title } from '../site.ts';
import { startProxy } from './launch.ts';
import type { Configuration, RunningProxy } from './launch.ts';
import { findProgram } from './programs.ts';
import { CARRIERS, isConfiguration } from './rows.ts';
import type { Carrier, Row } from './rows.ts';
import { TcpProxy } from './tcp-proxy.ts';
import type { Treatment } from './tcp-proxy.ts';

/** Ports for proxies, more than a worker's tests start one after another. */
const PORTS = 80;

/**
 * How long a stranger may stay: the doctor leaves each rung silent for so long. Longer than what the rows' proxies take
 * for idle, and shorter than usual, since tests wait for it, ms.
 */
const AUTHENTICATE_MS = 8_000;

/** What the tests of one worker share: a server that knows by which addresses people will come. */
export interface Estate {
  readonly server: Server;
  /** A port that a proxy may have. */
  port(): number;
}

/** A way to the server. */
export interface Way {
  /** What people type into their browsers, without a slash at the end. */
  readonly url: string;
  /** What their browsers are set to. */
  readonly options: BrowserContextOptions;
}

/** What every test here gets. Pages that throw, or that break the content security policy, fail their test. */
export const test = base.extend<
  {
    problems: string[];
    /** A way through a row's proxy; skips the test where there is no such program. */
    through: (row: Row) => Promise<Way>;
    /** A way through our own proxy. */
    treated: (treatment?: Treatment) => Promise<Way & { proxy: TcpProxy }>;
    /** A way through a program that can be started anew. */
    configured: (configuration: Configuration) => Promise<Way & { proxy: RunningProxy }>;
    /** Opens a page as a person with a browser profile of their own. */
    open: (way: Way, path: string) => Promise<Page>;
    onlyOne: void;
  },
  { estate: Estate }
>({
  estate: [
    async ({ browser: _browser }, use) => {
      const ports = await freePorts(PORTS);
      const origins = ports.map((port) => `http://127.0.0.1:${port}`);
      await using server = await startServer({ origins, limits: { authenticateMs: AUTHENTICATE_MS } });
      let given = 0;
      const port = (): number => {
        given += 1;
        return ports[given % PORTS] ?? 0;
      };
      await use({ server, port });
    },
    { scope: 'worker' },
  ],
  onlyOne: [
    async ({ browser: _browser }, use, info) => {
      const why = 'a proxy here stands before one server; load-balancers.spec.ts puts one before several';
      info.skip(chosenTopology() !== 'one', why);
      await use();
    },
    { auto: true },
  ],
  problems: async ({ browser: _browser }, use) => {
    const problems: string[] = [];
    await use(problems);
    expect(problems).toEqual([]);
  },
  treated: async ({ estate }, use) => {
    await using proxies = new AsyncDisposableStack();
    await use(async (treatment = {}) => {
      const upstream = `127.0.0.1:${estate.server.port}`;
      const proxy = proxies.use(await TcpProxy.listen({ port: estate.port(), upstream, treatment }));
      return { url: `http://127.0.0.1:${proxy.port}`, options: {}, proxy };
    });
  },
  configured: async ({ estate }, use) => {
    await using proxies = new AsyncDisposableStack();
    await use(async (configuration) => {
      const { program } = configuration;
      test.skip(findProgram(program) === null, `there is no ${program} here`);
      const upstream = `127.0.0.1:${estate.server.port}`;
      const proxy = proxies.use(await startProxy(configuration, { port: estate.port(), upstream }));
      return { url: `http://127.0.0.1:${proxy.port}`, options: {}, proxy };
    });
  },
  through: async ({ estate, configured, treated }, use) => {
    await use(async ({ proxy, kind }) => {
      const way = isConfiguration(proxy) ? await configured(proxy) : await treated(proxy);
      if (kind === 'reverse') return way;
      // Browsers leave this machine's own addresses out unless told.
      return { url: estate.server.url, options: { proxy: { server: way.url, bypass: '<-loopback>' } } };
    });
  },
  open: async ({ browser, problems }, use) => {
    await using contexts = new AsyncDisposableStack();
    await use(async ({ url, options }, path) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        serviceWorkers: 'allow',
        ...options,
      });
      contexts.defer(() => context.close());
      const page = await context.newPage();
      watch(page, problems);
      await page.goto(url + path);
      return page;
    });
  },
});

/** Notes what a page complains of, beyond a network that does what the test wants it to. */
export function watch(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(`${error.message}\n${error.stack ?? ''}`));
  page.on('console', (message) => {
    const network = /WebSocket connection|Failed to load resource|net::ERR/.test(message.text());
    if (message.type() === 'error' && !network) problems.push(message.text());
  });
}

/** Waits until a page is on `carrier` or a better one, and returns which. */
export async function carriedBy(page: Page, carrier: Carrier): Promise<Carrier> {
  const enough = CARRIERS.slice(0, CARRIERS.indexOf(carrier) + 1);
  await expect(saveState(page)).toHaveAttribute('data-carrier', new RegExp(`^(${enough.join('|')})$`));
  const found = await saveState(page).getAttribute('data-carrier');
  return CARRIERS.find((one) => one === found) ?? carrier;
}

/**
 * Two people open one document, one after the other; how long it took each until the page said "Saved", ms. The second has a
 * browser without service workers: that one is installed meanwhile is seen with the first.
 */
export async function openTwo(
  open: (way: Way, path: string) => Promise<Page>,
  way: Way,
  path: string,
): Promise<{ readonly pages: readonly [Page, Page]; readonly ms: readonly [number, number] }> {
  const openOne = async (by: Way): Promise<readonly [Page, number]> => {
    const begun = performance.now();
    const page = await open(by, path);
    await saved(page);
    return [page, Math.round(performance.now() - begun)];
  };
  const [ada, adaMs] = await openOne(way);
  const [ben, benMs] = await openOne({ ...way, options: { ...way.options, serviceWorkers: 'block' } });
  return { pages: [ada, ben], ms: [adaMs, benMs] };
}

/** Two people write into one document, each sees the other's words, and both are told that all is saved. Returns their carriers. */
export async function writeTogether(
  [ada, ben]: readonly [Page, Page],
  carrier: Carrier,
): Promise<readonly [Carrier, Carrier]> {
  await title(ada).click();
  await ada.keyboard.type('Ada');
  await expect(title(ben)).toHaveText('Ada');
  await title(ben).click();
  await ben.keyboard.press('End');
  await ben.keyboard.type(' Ben');
  await expect(title(ada)).toHaveText('Ada Ben');
  await expect(editor(ben)).toContainText('Ada Ben');
  const carriers = [await carriedBy(ada, carrier), await carriedBy(ben, carrier)] as const;
  await saved(ada);
  await saved(ben);
  return carriers;
}

/** Notes a figure that the run prints behind the test's name. */
export function measured(words: string): void {
  test.info().annotations.push({ type: 'measured', description: words });
}
