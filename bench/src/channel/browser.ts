import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import type { PageLetters, PageTask } from './page.ts';

/** Where a Chromium may be; the tests' is first. */
const PROGRAMS = [
  process.env['SHEAF_TEST_CHROMIUM'],
  chromium.executablePath(),
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
];

/** The Chromium of this machine; null if there is none. */
export function findChromium(): string | null {
  return PROGRAMS.find((program) => program !== undefined && existsSync(program)) ?? null;
}

/** A page of a server that was opened in Chromium. */
export interface BrowserPage extends AsyncDisposable {
  /** What `task` finds in the page. */
  readonly measure: (task: PageTask) => Promise<PageLetters>;
}

/** Opens a page of the server at `port`, with `page.ts` in it. */
export async function openPage(program: string, port: number): Promise<BrowserPage> {
  const asRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: program,
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  // A page of the server's own, whose rules about scripts are set aside for ours.
  const context = await browser.newContext({ bypassCSP: true });
  const page: Page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/livez`);
  await page.addScriptTag({ content: await bundle() });
  return {
    measure: (task) =>
      page.evaluate<PageLetters, PageTask>(
        (asked) => Reflect.apply(Reflect.get(globalThis, 'measureInPage'), null, [asked]),
        task,
      ),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** `page.ts` and what it needs as one script. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'esnext',
      lib: { entry: fileURLToPath(new URL('page.ts', import.meta.url)), formats: ['iife'], name: 'page' },
    },
  });
  const first = [built].flat()[0];
  const script = first && 'output' in first ? first.output[0].code : null;
  if (script === null) throw new Error('The page of the bench was not built.');
  return script;
}
