import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { startSite } from './server.ts';
import { documentPath, expect, installed, saved, saveState, test, title } from './site.ts';

test.use({ serviceWorkers: 'allow' });

const BUILD = join(import.meta.dirname, '../client/dist');

/**
 * Makes the build in `folder` another version: each of its scripts says so, and has another name, as a build with a change
 * in it would give.
 */
async function remake(folder: string): Promise<void> {
  const assets = join(folder, 'assets');
  const renamed = new Map<string, string>();
  for (const name of await readdir(assets))
    if (name.endsWith('.js')) renamed.set(name, name.replace(/-([\w-]{8})\.js$/, '-V2$1.js'));
  const rewrite = (text: string): string => {
    let changed = text;
    for (const [before, after] of renamed) changed = changed.replaceAll(before, after);
    return changed;
  };
  for (const [before, after] of renamed) {
    const text = rewrite(await readFile(join(assets, before), 'utf8'));
    await rm(join(assets, before));
    await writeFile(join(assets, after), text);
  }
  const page = rewrite(await readFile(join(folder, 'index.html'), 'utf8'));
  await writeFile(join(folder, 'index.html'), page);
  const worker = rewrite(await readFile(join(folder, 'sw.js'), 'utf8'));
  const hash = createHash('sha256').update(page).digest('base64');
  const remade = worker
    .replace(/(["'`]?\/["'`]?:\s*["'`])sha256-[^"'`]+/, `$1sha256-${hash}`)
    .replace(/(version["'`]?:\s*["'`])[0-9a-f]{16}/, '$12222222222222222');
  expect(remade).toContain('2222222222222222');
  expect(remade).toContain(`sha256-${hash}`);
  await writeFile(join(folder, 'sw.js'), remade);
}

/** The address of the script that a page was started with. */
function entry(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector<HTMLScriptElement>('script[type="module"]')?.src ?? '');
}

/** The versions whose files the browser keeps. */
function versions(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('sheaf-')));
}

test('SW-3: an old tab goes on when the server has a new version, also with parts that it never loaded; a new tab is new', async ({
  browser,
  form,
}) => {
  await using cleanUp = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-builds-'));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  await cp(BUILD, first, { recursive: true });
  await cp(BUILD, second, { recursive: true });
  await remake(second);
  await using site = await startSite({ clientFolder: first }, form);
  const context = await browser.newContext();
  cleanUp.defer(() => context.close());

  const tab = await context.newPage();
  await tab.goto(site.url);
  await installed(tab);
  await expect.poll(() => versions(tab)).toHaveLength(1);
  const writing = await context.newPage();
  await writing.goto(site.url + documentPath('upgrade'));
  await title(writing).click();
  await writing.keyboard.type('Before');
  await saved(writing);
  const before = await entry(writing);

  await site.stop();
  await writing.keyboard.type(' meanwhile');
  await site.start({ clientFolder: second });
  // The server was away, and who found it so waits a while before the next attempt.
  await expect(saveState(writing)).toHaveAttribute('data-state', 'saved', { timeout: 40_000 });
  await writing.keyboard.type(' and after');
  await saved(writing);

  // The new version is installed whole before it answers for pages.
  await writing.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  await expect.poll(() => versions(writing)).toHaveLength(2);
  const fresh = await context.newPage();
  await fresh.goto(site.url + documentPath('upgrade'));
  await expect(title(fresh)).toHaveText('Before meanwhile and after');
  expect(await entry(fresh)).toContain('-V2');

  // The list's tab never opened a document: the parts for that are of its own version still.
  const asked: string[] = [];
  tab.on('request', (request) => asked.push(request.url()));
  await tab.getByRole('link', { name: 'Before meanwhile and after' }).first().click();
  await expect(title(tab)).toHaveText('Before meanwhile and after');
  expect(await entry(tab)).toBe(before);
  expect(asked.filter((url) => url.includes('/document-') && !url.includes('-V2'))).not.toEqual([]);
  await title(tab).click();
  await tab.keyboard.press('End');
  await tab.keyboard.type('!');
  await saved(tab);
  await expect(title(writing)).toHaveText('Before meanwhile and after!');
  await expect(title(fresh)).toHaveText('Before meanwhile and after!');

  // And both versions' next page is the new one, with a network and without.
  await tab.reload();
  await saved(tab);
  expect(await entry(tab)).toContain('-V2');
  await site.stop();
  await tab.reload();
  await expect(title(tab)).toHaveText('Before meanwhile and after!');
  expect(await entry(tab)).toContain('-V2');
});
