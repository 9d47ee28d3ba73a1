import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { IN_FIREFOX } from './e2e/in-firefox.ts';

const asRoot = process.getuid?.() === 0;

/** Stories that several servers could spoil. */
const ABOUT_SEVERAL = /\/(two-people|documents)\.spec\.ts$/;
/** And one that has nodes of its own, which share the database only if they are told to. */
const ABOUT_SHARED = /\/(two-people|documents|channel\/other-server)\.spec\.ts$/;

/** What Playwright has a pattern match: project, path, and names. */
const ABOUT_FIREFOX = IN_FIREFOX.map(
  ([file, name]) => new RegExp(`\\b${file}\\.spec\\.ts ${RegExp.escape(name)}`),
);

/** Bits of ui.*PointerCapabilities: a mouse's point, and that it can stay over something. */
const FINE_AND_HOVER = 0x2 | 0x4;

/** Each test starts its own server (startServer of @sheaf/server); `npm test` finds the browser. */
export default defineConfig<{ topology: 'one' | 'replicas' | 'shared' }>({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  retries: 0,
  workers: 2,
  // Generous, for a busy machine: what hangs fails all the same.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  projects: [
    { name: 'one' },
    // SHEAF_TEST_TOPOLOGY=replicas (or shared) runs all of them so.
    { name: 'replicas', testMatch: ABOUT_SEVERAL, use: { topology: 'replicas' } },
    { name: 'shared', testMatch: ABOUT_SHARED, use: { topology: 'shared' } },
    {
      // A Firefox as people have it.
      name: 'firefox',
      grep: ABOUT_FIREFOX,
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        serviceWorkers: 'allow',
        // It would put a style into the page that the page's own policy refuses.
        screenshot: 'off',
        launchOptions: {
          executablePath: fileURLToPath(new URL('e2e/firefox.js', import.meta.url)),
          // Without a screen there is no mouse, and what waits for one is not shown.
          firefoxUserPrefs: {
            'ui.primaryPointerCapabilities': FINE_AND_HOVER,
            'ui.allPointerCapabilities': FINE_AND_HOVER,
          },
        },
      },
    },
  ],
  use: {
    browserName: 'chromium',
    // A trace makes stories take twice as long: `--trace on` for the one that one looks into.
    trace: 'off',
    screenshot: 'only-on-failure',
    // Each person of a story would fetch, compile and keep the whole app anew, which takes a core for a second and more. Stories
    // about networks, and about what opens without one, have the worker as people do: they allow it.
    serviceWorkers: 'block',
    launchOptions: {
      ...(process.env['SHEAF_TEST_CHROMIUM'] === undefined
        ? {}
        : { executablePath: process.env['SHEAF_TEST_CHROMIUM'] }),
      args: [
        ...(asRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        // A browser that looks for updates of itself makes tests wait where there is no network.
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
