import type { Page } from '@playwright/test';
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding';
import { documentPath, editor, expect, saveState, saved, test, title } from './site.ts';

test('the pill is true through a stop and a start of the server', async ({ visit, site }) => {
  const path = documentPath('pill');
  const page = await visit(path);
  await title(page).click();
  await page.keyboard.type('Before');
  await saved(page);
  await expect(saveState(page)).toHaveText('Saved');

  await site.stop();
  await expect(saveState(page)).toHaveAttribute('data-state', /reconnecting|offline/);
  await expect(saveState(page)).toHaveAttribute('data-state', 'offline', { timeout: 15_000 });
  await expect(saveState(page)).toHaveText('Offline');
  await page.keyboard.type(' and after');
  await expect(saveState(page)).toHaveText('Offline, 10 changes kept on this device');
  await expect(page.getByText('Offline', { exact: true })).toHaveAttribute('aria-live', 'polite');
  await saveState(page).click();
  await expect(page.getByRole('status')).toContainText('kept on this device, also if you close this page');
  await saveState(page).press('Escape');
  await expect(page.getByRole('status')).toHaveCount(0);

  await site.start();
  await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: 30_000 });
  const other = await visit(path);
  await expect(title(other)).toHaveText('Before and after');
});

/** Whether a message of the server acknowledges something (Hocuspocus's type 8). */
function isAcknowledgement(message: string | Buffer): boolean {
  if (typeof message === 'string' || message.length < 2) return false;
  const decoder = createDecoder(new Uint8Array(message));
  readVarString(decoder);
  return readVarUint(decoder) === 8;
}

/** Lets pass what the pill waits before it says "Saved": what it shows after that is its last word. */
function calm(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((passed) => setTimeout(() => passed(), 700)));
}

test('"Saved" waits for the last acknowledgement, also after typing between two connections', async ({
  visit,
  site,
}) => {
  const page = await visit('/');
  const held: (() => void)[] = [];
  let holding = false;
  let cut: () => Promise<void> = () => Promise.resolve();
  await page.routeWebSocket(/\/hocuspocus$/, (socket) => {
    const server = socket.connectToServer();
    cut = () => socket.close({ code: 4205, reason: 'cut' });
    server.onMessage((message) => {
      if (holding && isAcknowledgement(message)) held.push(() => socket.send(message));
      else socket.send(message);
    });
  });
  await page.goto(site.url + documentPath('held'));
  await title(page).click();
  await page.keyboard.type('a');
  await saved(page);
  holding = true;
  await page.keyboard.type('bcd');
  await expect.poll(() => held.length).toBe(3);
  for (const release of held.splice(0)) {
    await calm(page);
    await expect(saveState(page)).toHaveAttribute('data-state', 'saving');
    release();
  }
  await saved(page);

  await cut();
  await expect(saveState(page)).toHaveAttribute('data-state', 'reconnecting');
  await page.keyboard.type('efg');
  await expect.poll(() => held.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const other = await visit(documentPath('held'));
  await expect(title(other)).toHaveText('abcdefg');
  while (held.length > 0) {
    await calm(page);
    await expect(saveState(page)).toHaveAttribute('data-state', 'saving');
    held.shift()?.();
  }
  await saved(page);
});

test('leaving with changes that are nowhere else asks first, and leaving the document keeps them', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('leaving'));
  // A browser that keeps nothing: what is written is in this page alone.
  await page.evaluate(() => {
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('No room.', 'QuotaExceededError');
    };
  });
  await title(page).click();
  await page.keyboard.type('Kept');
  await saved(page);
  await site.stop();
  await expect(saveState(page)).toHaveAttribute('data-state', 'offline', { timeout: 15_000 });
  await page.keyboard.type(' on');

  const asked = new Promise<string>((resolve) => {
    page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    });
  });
  void page.close({ runBeforeUnload: true });
  expect(await asked).toBe('beforeunload');

  await page.getByRole('link', { name: 'Home' }).click();
  await expect(page.getByRole('heading', { name: 'Documents' }).last()).toBeVisible();
  await site.start();
  await expect
    .poll(
      async () => {
        const other = await visit(documentPath('leaving'));
        await expect(editor(other)).toBeVisible();
        const text = await title(other).innerText();
        await other.context().close();
        return text;
      },
      { timeout: 40_000 },
    )
    .toBe('Kept on');
});
