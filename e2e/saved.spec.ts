import type { Page } from '@playwright/test';
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding';
import { messagesIn } from './channel-messages.ts';
import { documentPath, editor, expect, saveState, saved, test, title } from './site.ts';

test.use({ serviceWorkers: 'allow' });

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

/** How many acknowledgements a message of the server holds (Hocuspocus's type 8). */
function acknowledgements(payload: string | Buffer): number {
  return messagesIn(payload).filter((message) => {
    if (message.length < 2) return false;
    const decoder = createDecoder(message);
    readVarString(decoder);
    return readVarUint(decoder) === 8;
  }).length;
}

/** Lets pass what the pill waits before it says "Saved": what it shows after that is its last word. */
function calm(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((passed) => setTimeout(() => passed(), 700)));
}

test('"Saved" waits for the last acknowledgement, also after typing between two connections', async ({
  visit,
  site,
}) => {
  // Another time the page knows that this server speaks in channels, and does not try a plain WebSocket when it is slow.
  const page = await visit(documentPath('held'));
  await saved(page);
  // A channel counts what comes: what follows something that is held waits too.
  const held: { count: number; send: () => void }[] = [];
  const owed = () => held.reduce((sum, { count }) => sum + count, 0);
  const release = () => {
    for (let next = held.shift(); next; next = held.shift()) {
      next.send();
      if (next.count > 0) return;
    }
  };
  let holding = false;
  let cut: () => Promise<void> = () => Promise.resolve();
  await page.routeWebSocket(/\/hocuspocus$/, (socket) => {
    const server = socket.connectToServer();
    cut = () => socket.close({ code: 3000, reason: 'cut' });
    server.onMessage((message) => {
      const count = acknowledgements(message);
      if (holding && (count > 0 || held.length > 0)) held.push({ count, send: () => socket.send(message) });
      else socket.send(message);
    });
  });
  // Over a WebSocket alone: what comes another way is not held.
  await page.goto(`${site.url}${documentPath('held')}?carrier=websocket`);
  await title(page).click();
  await page.keyboard.type('a');
  await saved(page);
  holding = true;
  await page.keyboard.type('bcd');
  await expect.poll(owed).toBe(3);
  while (owed() > 0) {
    await calm(page);
    await expect(saveState(page)).toHaveAttribute('data-state', 'saving');
    release();
  }
  await saved(page);
  for (const { send } of held.splice(0)) send();

  await cut();
  await expect(saveState(page)).toHaveAttribute('data-state', 'reconnecting');
  await page.keyboard.type('efg');
  await expect.poll(owed, { timeout: 20_000 }).toBeGreaterThan(0);
  const other = await visit(documentPath('held'));
  await expect(title(other)).toHaveText('abcdefg');
  while (owed() > 0) {
    await calm(page);
    await expect(saveState(page)).toHaveAttribute('data-state', 'saving');
    release();
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
