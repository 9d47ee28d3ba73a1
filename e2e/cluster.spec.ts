import type { Page } from '@playwright/test';
import { type NodeProcess, startNodeProcesses } from '../server/src/node-process-for-tests.ts';
import { settingsOf } from './server.ts';
import { expect, test as stories, violations } from './site.ts';

/** Nodes that tire of each other quickly, so that a story need not wait. */
const IMPATIENT = {
  SHEAF_LIMIT_PEER_HEARTBEAT_MS: '300',
  SHEAF_LIMIT_PEER_SUSPECT_MS: '1500',
  SHEAF_LIMIT_PEER_DEAD_MS: '4000',
  SHEAF_LIMIT_PEER_RETRY_MS: '200',
};

/** Stories with three real nodes, which may be killed. */
const test = stories.extend<{ nodes: readonly NodeProcess[] }>({
  nodes: async ({ form }, use) => {
    await using started = await startNodeProcesses(3, { ...IMPATIENT, ...settingsOf(form) });
    await use(started.nodes);
  },
  site: async ({ nodes }, use) => {
    const nothing = (): Promise<void> => Promise.resolve();
    const urls = nodes.map(({ url }) => url);
    const url = urls[0] ?? '';
    await use({
      url,
      urls: [url],
      otherUrl: urls.at(-1) ?? '',
      stop: nothing,
      start: nothing,
      [Symbol.asyncDispose]: nothing,
    });
  },
});

const summary = (page: Page) => page.getByTestId('cluster-summary');

test('ADMIN-3 the page follows nodes that stand still, die and come back', async ({ visit, nodes }, info) => {
  const page = await visit('/admin/cluster', { colorScheme: 'light' });
  const look = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
  await expect(summary(page)).toHaveText('3 nodes, all linked with each other.');
  await expect(page.getByTestId('cluster-links').getByRole('row')).toHaveCount(1 + 6);
  await expect(page.getByRole('table', { name: 'Nodes' }).getByRole('row')).toHaveCount(1 + 3);
  expect(await violations(page)).toEqual([]);
  await look('linked');

  const [own, second, third] = nodes;
  second?.signal('SIGSTOP');
  await expect(summary(page)).toHaveText('3 nodes. node-2 is silent.');
  await look('silent');
  second?.signal('SIGCONT');
  await expect(summary(page)).toHaveText('3 nodes, all linked with each other.');

  await third?.kill();
  await expect(summary(page)).toHaveText('3 nodes. node-3 is out of reach.');
  await expect(summary(page)).toHaveText('3 nodes. node-3 is gone.');
  expect(await violations(page)).toEqual([]);
  await look('gone');
  await third?.start();
  await expect(summary(page)).toHaveText('3 nodes, all linked with each other.');

  await own?.kill();
  await expect(page.getByRole('alert')).toContainText('This server does not answer.');
  await expect(summary(page)).toHaveText('3 nodes, all linked with each other.');
  await look('not reachable');
  await own?.start();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

for (const [words, options] of [
  ['a phone of 320 px, dark', { viewport: { width: 320, height: 700 }, colorScheme: 'dark' }],
  ['a desktop, dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' }],
] as const)
  test(`the cluster on ${words}: no violation, nothing scrolls sideways`, async ({ visit }, info) => {
    const page = await visit('/admin/cluster', options);
    await expect(summary(page)).toHaveText('3 nodes, all linked with each other.');
    const overhang = (): Promise<number> =>
      page.evaluate(() => {
        const parts = [document.documentElement, ...document.querySelectorAll('.scroll')];
        return Math.max(...parts.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
      });
    expect(await overhang()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('page.png') });
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    expect(await overhang()).toBe(0);
    await page.screenshot({ path: info.outputPath('rtl.png') });
  });

stories.describe('a server with a token', () => {
  stories.skip(({ topology }) => topology !== 'one', 'its page says that the server is on its own');
  stories.use({ server: { adminToken: 'the-token-of-the-story' } });

  stories('ADMIN-1 asks for it, says when it is wrong, and keeps it for the tab', async ({ visit }, info) => {
    const page = await visit('/admin/cluster', { viewport: { width: 390, height: 700 } });
    const field = page.getByLabel('Administrator’s token');
    await field.fill('not the token');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toHaveText('This is not the token.');
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('token.png') });
    await field.fill('the-token-of-the-story');
    await page.getByRole('button', { name: 'Show the cluster' }).click();
    await expect(page.getByRole('heading', { name: 'This server is on its own' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'This server is on its own' })).toBeVisible();
    const other = await visit('/admin/cluster');
    await expect(other.getByLabel('Administrator’s token')).toBeVisible();
  });
});
