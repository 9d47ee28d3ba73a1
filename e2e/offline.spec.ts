import type { BrowserContext, Page } from '@playwright/test';
import type { Site } from './server.ts';
import { documentPath, editor, expect, installed, saveState, saved, test, title } from './site.ts';

test.use({ serviceWorkers: 'allow' });

/** Makes the browser's disk full or gives it room again, in every page that is opened after this too. */
async function setFull(page: Page, full: boolean): Promise<void> {
  await page.evaluate((wanted) => {
    const { prototype } = IDBObjectStore;
    if (!('realAdd' in prototype)) Object.assign(prototype, { realAdd: prototype.add });
    prototype.add = wanted
      ? () => {
          throw new DOMException('No room.', 'QuotaExceededError');
        }
      : Reflect.get(prototype, 'realAdd');
  }, full);
}

/** A document with `before`, saved, whose server is then gone. */
async function goOffline(page: Page, site: Site, before: string): Promise<void> {
  await title(page).click();
  await page.keyboard.type(before);
  await saved(page);
  await installed(page);
  await site.stop();
  await expect(saveState(page)).toHaveAttribute('data-state', 'offline', { timeout: 30_000 });
}

/** Leaves a document that says "Before" on the server, and "Before the tunnel" in this browser alone; gives the browser. */
async function leaveUnsent(page: Page, site: Site): Promise<BrowserContext> {
  await goOffline(page, site, 'Before');
  const context = page.context();
  await context.setOffline(true);
  await page.keyboard.type(' the tunnel');
  await expect(saveState(page)).toHaveText('Offline, 11 changes kept on this device');
  await page.close({ runBeforeUnload: true });
  return context;
}

test('KEEP-1 SW-1: words typed without a network outlive the tab, open again without it, and reach the others', async ({
  visit,
  site,
}) => {
  const path = documentPath('offline');
  const context = await leaveUnsent(await visit(path), site);

  const again = await context.newPage();
  await again.goto(site.url + path);
  await expect(title(again)).toHaveText('Before the tunnel');
  await expect(saveState(again)).toHaveText('Offline, 11 changes kept on this device');
  await title(again).click();
  await again.keyboard.press('End');
  await again.keyboard.type('!');
  await expect(saveState(again)).toHaveText('Offline, 12 changes kept on this device');

  await site.start();
  await context.setOffline(false);
  await expect(saveState(again)).toHaveAttribute('data-state', 'saved', { timeout: 40_000 });
  const other = await visit(path);
  await expect(title(other)).toHaveText('Before the tunnel!');
  await again.reload();
  await saved(again);
  await expect(title(again)).toHaveText('Before the tunnel!');
});

test('SW-5: what a page says by POST goes past the worker, which need not be awake for it', async ({
  visit,
}) => {
  const page = await visit(`${documentPath('past-the-worker')}?carrier=sse`);
  await installed(page);
  await page.reload();
  await title(page).click();
  await page.keyboard.type('Past the worker');
  await saved(page);
  const seen = await page.evaluate(() => {
    const entries = performance.getEntriesByType('resource').map((entry) => ({
      path: new URL(entry.name).pathname,
      // Static Routing API: what its rule led to; '' where the worker is asked.
      source: String(Reflect.get(entry, 'workerMatchedSourceType')),
    }));
    return {
      controlled: navigator.serviceWorker.controller !== null,
      channel: entries.filter(({ path }) => path.includes('/channel/')),
      files: entries.filter(({ path }) => path.startsWith('/assets/')),
    };
  });
  expect(seen.controlled).toBe(true);
  expect(seen.channel.filter(({ path }) => path.endsWith('/messages'))).not.toEqual([]);
  expect(seen.channel.filter(({ source }) => source !== 'network')).toEqual([]);
  expect(seen.files.filter(({ source }) => source === 'network')).toEqual([]);
});

test('KEEP-1: a server that dies while somebody types, and a reload meanwhile, cost nothing', async ({
  visit,
  site,
}) => {
  const path = documentPath('killed');
  const page = await visit(path);
  await title(page).click();
  await page.keyboard.type('One ');
  await saved(page);
  await installed(page);
  const typing = page.keyboard.type('two three four five six seven eight nine ten', { delay: 15 });
  await site.stop();
  await typing;
  await expect(saveState(page)).toHaveText(/kept on this device/, { timeout: 30_000 });
  // Those before are called kept while the latest are on their way; leaving now would warn, and lose them.
  await expect(saveState(page)).toHaveAttribute('data-at-risk', '0');
  await page.reload();
  await expect(title(page)).toHaveText('One two three four five six seven eight nine ten');
  await expect(saveState(page)).toHaveText(/Offline, \d+ changes kept on this device/, { timeout: 30_000 });
  await site.start();
  await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: 40_000 });
  const other = await visit(path);
  await expect(title(other)).toHaveText('One two three four five six seven eight nine ten');
});

/** Holds back whatever the browser's store answers in pages that are opened after this, until `releaseStore` is called there. */
async function holdStore(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { promise, resolve } = Promise.withResolvers<void>();
    Object.assign(globalThis, { releaseStore: resolve });
    const { prototype } = IDBFactory;
    const open = Reflect.get(prototype, 'open');
    prototype.open = function held(this: IDBFactory, ...names: [string, number?]) {
      const request = Reflect.apply(open, this, names);
      const listen = request.addEventListener.bind(request);
      request.addEventListener = (type: string, heard: EventListener) =>
        listen(type, (event: Event) =>
          type === 'success' ? promise.then(() => heard(event)) : heard(event),
        );
      return request;
    };
  });
}

test('KEEP-2: what only this browser has is sent also where its store answers after the server', async ({
  visit,
  site,
}) => {
  const path = documentPath('slow-store');
  const context = await leaveUnsent(await visit(path), site);

  await site.start();
  const again = await context.newPage();
  await holdStore(again);
  await context.setOffline(false);
  await again.goto(site.url + path);
  await expect(title(again)).toHaveText('Before');
  await again.evaluate(() => Reflect.apply(Reflect.get(globalThis, 'releaseStore'), null, []));
  await expect(title(again)).toHaveText('Before the tunnel');
  await saved(again);
  const other = await visit(path);
  await expect(title(other)).toHaveText('Before the tunnel');
});

test('KEEP-8: what was left behind is sent by whatever page is opened next', async ({ visit, site }) => {
  const path = documentPath('left');
  const page = await visit(path);
  await goOffline(page, site, 'Left');
  await page.keyboard.type(' behind');
  await expect(saveState(page)).toHaveText('Offline, 7 changes kept on this device');
  const context = page.context();
  await page.close();
  await site.start();
  const home = await context.newPage();
  await home.goto(site.url);
  const other = await visit(path);
  await expect(title(other)).toHaveText('Left behind', { timeout: 30_000 });
  await expect(other.getByTestId('faces').getByRole('listitem')).toHaveCount(0);
});

test('SW-1 KEEP-9: without a network the list is of what this device keeps, and says so', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('kept one'));
  await goOffline(page, site, 'Kept one');
  await page.keyboard.type('!');
  await expect(saveState(page)).toHaveText('Offline, 1 change kept on this device');
  await page.goto(site.url);
  await expect(page.getByTestId('kept-list')).toContainText('documents kept on this device');
  const row = page.getByTestId('document-list').getByRole('listitem');
  await expect(row).toHaveText(/Kept one!\s*1 change not sent/);
  await row.getByRole('link').click();
  await expect(title(page)).toHaveText('Kept one!');
  await page.goto(site.url + documentPath('never opened'));
  await expect(page.getByRole('alert')).toContainText('could not be reached');
  await site.start();
});

test('KEEP-7 PILL-4: a full disk is told, leaving asks while words are in the page alone, and not when they are kept', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('full'));
  await goOffline(page, site, 'Full');
  await setFull(page, true);
  await page.keyboard.type(' up');
  await expect(saveState(page)).toHaveText('Offline, 3 changes only in this page');
  await expect(saveState(page)).toHaveAttribute('data-keeping', 'full');
  await expect(page.getByRole('alert')).toContainText('no room left to keep changes');
  await saveState(page).click();
  await expect(page.getByRole('status')).toContainText('Keep this page open: 3 changes');

  const asked = new Promise<string>((resolve) => {
    page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    });
  });
  void page.close({ runBeforeUnload: true });
  expect(await asked).toBe('beforeunload');

  await setFull(page, false);
  await expect(saveState(page)).toHaveText('Offline, 3 changes kept on this device', { timeout: 30_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
  page.once('dialog', (dialog) => void dialog.dismiss());
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
  await site.start();
});

test('KEEP-7: a browser that keeps nothing still saves, and says what it lacks', async ({ visit, site }) => {
  const page = await visit('/');
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', {
      get: () => {
        throw new DOMException('Not here.', 'SecurityError');
      },
    });
  });
  await page.goto(site.url + documentPath('private'));
  await title(page).click();
  await page.keyboard.type('Saved all the same');
  await saved(page);
  await expect(saveState(page)).toHaveAttribute('data-keeping', 'unavailable');
  await saveState(page).click();
  await expect(page.getByRole('status')).toContainText('keeps nothing for this site');
});

test('RECOVER-1 KEEP-5: a document that was deleted while its words waited gives them back as files', async ({
  visit,
  site,
}) => {
  const path = documentPath('gone');
  const page = await visit(path);
  await goOffline(page, site, 'Gone');
  await page.keyboard.type(' but not lost');
  await expect(saveState(page)).toHaveText('Offline, 13 changes kept on this device');
  const context = page.context();
  await page.close();
  await site.start();
  const answer = await fetch(`${site.url}/sheaf.documents.v1.DocumentService/DeleteDocument`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'gone' }),
  });
  expect(answer.ok).toBe(true);

  const again = await context.newPage();
  await again.goto(site.url + path);
  await expect(saveState(again)).toHaveText('Deleted, 13 changes kept on this device', { timeout: 30_000 });
  await expect(title(again)).toHaveText('Gone but not lost');
  await expect(editor(again)).toHaveAttribute('contenteditable', 'false');
  const downloading = again.waitForEvent('download');
  await again.getByTestId('recover-text').click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe('Gone but not lost.md');
  const chunks = await (await file.createReadStream()).toArray();
  expect(Buffer.concat(chunks).toString()).toContain('Gone but not lost');
});

test('KEEP-5: a document that was deleted with all of its words saved leaves nothing behind', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('clean'));
  await title(page).click();
  await page.keyboard.type('Clean');
  await saved(page);
  await page.request.post(`${site.url}/sheaf.documents.v1.DocumentService/DeleteDocument`, {
    data: { name: 'clean' },
  });
  await expect(saveState(page)).toHaveText('Deleted');
  await page.goto(`${site.url}/device`);
  await expect(page.getByTestId('nothing-kept')).toBeVisible();
});

test('KEEP-10: forgetting the device waits for words that are nowhere else, until their person decides', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('first'));
  await goOffline(page, site, 'First');
  await page.keyboard.type('!!');
  await expect(saveState(page)).toHaveText('Offline, 2 changes kept on this device');
  const tab = await page.context().newPage();
  await tab.goto(site.url + documentPath('first'));
  await expect(title(tab)).toHaveText('First!!');

  await page.getByTestId('self').click();
  await page.getByTestId('device-link').click();
  await expect(page).toHaveURL(/\/device$/);
  const row = page.getByTestId('kept-document');
  await expect(row).toContainText('2 changes not on the server');
  await page.getByTestId('forget-device').click();
  await expect(page.getByTestId('forget-reason')).toContainText('Not yet');
  await expect(row).toHaveCount(1);

  const downloading = page.waitForEvent('download');
  await row.getByRole('button', { name: 'Download text' }).click();
  expect((await downloading).suggestedFilename()).toBe('First!!.md');
  await expect(row).toContainText('downloaded');
  await page.getByTestId('forget-device').click();
  await expect(page.getByTestId('nothing-kept')).toContainText('Everything was removed');
  await page.reload();
  await expect(page.getByTestId('nothing-kept')).toBeVisible();
  // The other tab keeps its words on the page, and writes no copy any more.
  await expect(title(tab)).toHaveText('First!!');
  await expect(saveState(tab)).toHaveAttribute('data-keeping', 'stopped');
  await site.start();
});

test('KEEP-10: a document’s changes are discarded by a choice that asks twice', async ({ visit, site }) => {
  const page = await visit(documentPath('unwanted'));
  await goOffline(page, site, 'Wanted');
  await page.keyboard.type(', not');
  await expect(saveState(page)).toHaveText('Offline, 5 changes kept on this device');
  await page.goto(`${site.url}/device`);
  const row = page.getByTestId('kept-document');
  await row.getByRole('button', { name: 'Discard' }).click();
  await expect(row).toHaveCount(1);
  await row.getByRole('button', { name: 'Discard for ever?' }).click();
  await expect(row).toHaveCount(0);
  await site.start();
  await page.goto(site.url + documentPath('unwanted'));
  await saved(page);
  await expect(title(page)).toHaveText('Wanted');
});
