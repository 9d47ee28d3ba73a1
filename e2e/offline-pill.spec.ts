import type { Page, TestInfo } from '@playwright/test';
import { documentPath, expect, inspect, installed, saveState, saved, test, title } from './site.ts';

test.use({ serviceWorkers: 'allow' });

/** Looks at the page with what the pill tells. */
async function inspectPill(page: Page, info: TestInfo, picture: string): Promise<void> {
  await saveState(page).click();
  const told = page.getByRole('status');
  await expect(told).toBeVisible();
  await page.setViewportSize({ width: 320, height: 800 });
  await expect(told).toBeInViewport({ ratio: 1 });
  await inspect(page, info, picture);
  await saveState(page).press('Escape');
}

test('the pill and what it tells can be read in each of its states', async ({ visit, site }, info) => {
  const page = await visit(documentPath('states'));
  await title(page).click();
  await page.keyboard.type('States');
  await saved(page);
  await inspectPill(page, info, 'saved');
  await site.stop();
  await expect(saveState(page)).toHaveAttribute('data-state', 'offline', { timeout: 30_000 });
  await title(page).click();
  await page.keyboard.type(' of it');
  await expect(saveState(page)).toHaveText('Offline, 6 changes kept on this device');
  await inspectPill(page, info, 'offline');
  await page.evaluate(() => {
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('No room.', 'QuotaExceededError');
    };
  });
  await title(page).click();
  await page.keyboard.type('!');
  await expect(saveState(page)).toHaveText('Offline, 1 change only in this page');
  await inspectPill(page, info, 'full');
  await site.start();
  await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: 40_000 });
  const answer = await page.request.post(`${site.url}/sheaf.documents.v1.DocumentService/DeleteDocument`, {
    data: { name: 'states' },
  });
  expect(answer.ok()).toBe(true);
  await expect(saveState(page)).toHaveText('Deleted');
  await inspectPill(page, info, 'deleted');
});

test('PILL-3: a page that is carried over HTTP says so beside "Saved"', async ({ visit }, info) => {
  const page = await visit(`${documentPath('http')}?carrier=sse`);
  await title(page).click();
  await page.keyboard.type('Over HTTP');
  await saved(page);
  await expect(page.getByTestId('carrier')).toHaveAttribute('data-carrier', 'sse');
  await expect(page.getByTestId('carrier')).toHaveAccessibleName('Connected over HTTP');
  await inspectPill(page, info, 'http');
});

test('the page of what this device keeps can be read', async ({ visit, site }, info) => {
  const page = await visit(documentPath('kept'));
  await title(page).click();
  await page.keyboard.type('Kept');
  await saved(page);
  // Then that page is kept too, which was not needed before.
  await installed(page);
  await site.stop();
  await page.keyboard.type(' here');
  await expect(saveState(page)).toHaveText('Offline, 5 changes kept on this device', { timeout: 30_000 });
  await page.getByTestId('self').click();
  await page.getByTestId('device-link').click();
  await page.getByTestId('forget-device').click();
  await expect(page.getByTestId('forget-reason')).toContainText('Not yet');
  await inspect(page, info, 'device');
  await site.start();
});
