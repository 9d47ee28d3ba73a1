import { readFile } from 'node:fs/promises';
import { encodeFrame } from '@sheaf/proto/channel/frame';
import {
  documentPath,
  editor,
  expect,
  peer,
  press,
  saveState,
  saved,
  test,
  title,
  violations,
} from './site.ts';

test('a server that cannot store makes the pill say "Not saved", until it can', async ({ visit, site }) => {
  const page = await visit('/');
  let storing = true;
  let end = (): void => undefined;
  await page.routeWebSocket(/\/hocuspocus$/, (socket) => {
    const server = socket.connectToServer();
    // As a server's channel does: the protocol's close is a frame of it.
    const frame = encodeFrame({ type: 'close', code: 1013, reason: 'The disk does not take writes.' });
    end = () => socket.send(Buffer.from(frame));
    server.onMessage((message) => {
      socket.send(message);
      if (!storing) end();
    });
  });
  await page.goto(site.url + documentPath('disk'));
  await title(page).click();
  await page.keyboard.type('Before');
  await saved(page);
  storing = false;
  end();
  await expect(saveState(page)).toHaveAttribute('data-state', 'not-saved');
  await page.keyboard.type('!');
  await expect(saveState(page)).toHaveText('Not saved, 1 change kept on this device');
  storing = true;
  await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: 20_000 });
  const other = await visit(documentPath('disk'));
  await expect(title(other)).toHaveText('Before!');
});

test('an editor that throws leaves the text readable, and a way out', async ({ visit, site, problems }) => {
  const page = await visit('/');
  await page.addInitScript(() => {
    const create = document.createElement.bind(document);
    document.createElement = (name: string) => {
      if (name === 'blockquote') throw new Error('broken on purpose');
      return create(name);
    };
  });
  await page.goto(site.url + documentPath('throws'));
  await title(page).click();
  await page.keyboard.type('Precious');
  await saved(page);
  const friend = await visit(documentPath('throws'));
  await title(friend).click();
  await friend.keyboard.press('Control+End');
  await friend.keyboard.type('> quoted');
  await expect(page.getByTestId('editor-failed')).toContainText('The editor stopped');
  await expect(page.getByTestId('readable-text')).toHaveText(/Precious\s+quoted/);
  await friend.keyboard.type(' and more');
  await press(friend, 'Enter', 'Enter', 'Control+Alt+t');
  await friend.keyboard.type('in a cell');
  await expect(page.getByTestId('readable-text')).toContainText('in a cell');
  await expect(editor(page)).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  const downloading = page.waitForEvent('download');
  await page.getByTestId('editor-failed').getByRole('button', { name: 'Download' }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe('Precious.txt');
  const taken = await readFile(await file.path(), 'utf8');
  expect(taken.split('\n').filter((line) => line !== '')).toEqual([
    'Precious',
    'quoted and more',
    'in a cell',
  ]);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems.splice(0)) expect(problem).toContain('broken on purpose');
});

test('the words of a document that was deleted meanwhile are not lost from the page', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('gone'));
  await title(page).click();
  await page.keyboard.type('Soon gone');
  await saved(page);
  const observer = peer(site, 'gone');
  await expect.poll(() => observer.provider.synced).toBe(true);
  const answer = await page.request.post(
    `${site.otherUrl}/sheaf.documents.v1.DocumentService/DeleteDocument`,
    {
      data: { name: 'gone' },
    },
  );
  expect(answer.ok()).toBe(true);
  await expect(saveState(page)).toHaveAttribute('data-state', 'deleted', { timeout: 15_000 });
  await expect(title(page)).toHaveText('Soon gone');
  await expect(editor(page)).toHaveAttribute('contenteditable', 'false');
  observer.close();
});

test('SW-3: a page whose parts are gone from the server says that there is a new version', async ({
  visit,
  site,
}) => {
  const page = await visit('/', { serviceWorkers: 'block' });
  await expect(page.getByTestId('create-document').first()).toBeVisible();
  // The server was updated: other names in its page, and the old parts gone.
  await page.route('**/assets/document-*.js', (route) => route.fulfill({ status: 404 }));
  await page.route(`${site.url}/`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ body: (await answer.text()).replace(/index-[\w-]+\.js/, 'index-new.js') });
  });
  await page.getByTestId('create-document').first().click();
  await expect(page.getByRole('alert')).toContainText('There is a new version of Sheaf');
  await page.unroute('**/assets/document-*.js');
  await page.unroute(`${site.url}/`);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(title(page)).toBeVisible();
});
