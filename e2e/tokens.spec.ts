import { Writable } from 'node:stream';
import type { Page } from '@playwright/test';
import { HocuspocusProvider } from '@hocuspocus/provider';
import { JwtAccess } from '@sheaf/server';
import * as Y from 'yjs';
import { startSite } from './server.ts';
import {
  documentPath,
  editor,
  expect,
  saveState,
  saved,
  test as base,
  textOf,
  title,
  violations,
} from './site.ts';
import { TokenProgram } from './token-program.ts';

/** Stories of a server whose people are signed in elsewhere. */
const test = base.extend<{ program: TokenProgram; log: { text: string } }>({
  program: async ({ browser: _browser }, use) => {
    await using program = await TokenProgram.start();
    await use(program);
  },
  log: async ({ browser: _browser }, use) => use({ text: '' }),
  site: async ({ program, log, form }, use) => {
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done): void {
        log.text += chunk.toString();
        done();
      },
    });
    const options = {
      access: new JwtAccess({ secret: new TextEncoder().encode(TokenProgram.SECRET), keys: null }),
      tokenUrl: `${program.url}/token`,
      logger: { level: 'debug', stream },
    };
    await using site = await startSite(options, form);
    await use(site);
  },
});

/** The document as a server has it, by somebody who may only read. */
async function onServer(url: string, program: TokenProgram, name: string): Promise<string> {
  const document = new Y.Doc();
  const provider = new HocuspocusProvider({
    url: `${url.replace('http', 'ws')}/hocuspocus`,
    name,
    document,
    token: program.sign(name, 'read', 60),
  });
  await expect.poll(() => provider.synced).toBe(true);
  const text = textOf(document);
  provider.destroy();
  return text;
}

/** The page is looked at again, as after another tab. */
function look(page: Page): Promise<boolean> {
  return page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
}

for (const carrier of ['websocket', 'sse', 'poll'] as const)
  test(`ACCESS-5 HP-7: a page whose tokens run out gets newer ones in band, by ${carrier}`, async ({
    visit,
    site,
    program,
    log,
  }) => {
    program.seconds = 4;
    const page = await visit('/');
    const channels: string[] = [];
    page.on('websocket', (socket) => channels.push(socket.url()));
    page.on('request', (request) => {
      if (request.url().endsWith('/channel/open')) channels.push(request.url());
    });
    const states = new Set<string | null>();
    await page.goto(`${site.url}${documentPath('long')}?carrier=${carrier}`);
    await title(page).click();
    await page.keyboard.type('Before');
    await saved(page);
    const before = program.asked.filter((doc) => doc === 'long').length;
    await expect
      .poll(async () => {
        states.add(await saveState(page).getAttribute('data-state'));
        return program.asked.filter((doc) => doc === 'long').length;
      })
      .toBeGreaterThan(before + 2);
    await page.keyboard.type(', and after');
    await saved(page);
    expect([...states]).toEqual(['saved']);
    expect(channels).toHaveLength(1);
    await expect.poll(() => onServer(site.otherUrl, program, 'long')).toContain('Before, and after');
    // HTTP-5
    expect(log.text).toContain('A request');
    for (const token of program.given) expect(log.text).not.toContain(token.slice(-20));
  });

test('ACCESS-6: a program that is away while the right runs out costs no words, and the pill says so', async ({
  visit,
  site,
  program,
}) => {
  program.seconds = 3;
  const page = await visit(documentPath('away'));
  await title(page).click();
  await page.keyboard.type('Here');
  await saved(page);
  program.door = 'down';
  await expect(saveState(page)).toHaveText('Not connected');
  await page.keyboard.type(' and there');
  await expect(saveState(page)).toHaveText('Not connected, 10 changes kept on this device');
  await saveState(page).click();
  await expect(page.getByRole('status')).toContainText('Whoever lets people in here does not answer');
  program.seconds = 300;
  program.door = 'write';
  await saved(page);
  await expect.poll(() => onServer(site.otherUrl, program, 'away')).toContain('Here and there');
});

test('RECOVER-1: a right to write that goes while somebody types leaves the words; back again, they are sent', async ({
  visit,
  site,
  program,
}) => {
  program.seconds = 4;
  const page = await visit(documentPath('narrowed'));
  await title(page).click();
  await page.keyboard.type('Mine:');
  await saved(page);
  program.door = 'read';
  let typed = 'Mine:';
  await expect
    .poll(async () => {
      if ((await editor(page).getAttribute('contenteditable')) === 'false') return true;
      await page.keyboard.type('x');
      typed += 'x';
      return false;
    })
    .toBe(true);
  await page.keyboard.type('no');
  const shown = (await title(page).textContent()) ?? '';
  // The last key may have met a page that took none any more.
  expect([typed, typed.slice(0, -1)]).toContain(shown);
  await expect(saveState(page)).toHaveAttribute('data-state', /^(read-only|not-saved)$/);
  if ((await saveState(page).getAttribute('data-state')) === 'not-saved')
    await expect(page.getByTestId('recover-text')).toBeVisible();

  program.door = 'write';
  await expect(editor(page)).toHaveAttribute('contenteditable', 'true');
  await saved(page);
  await expect.poll(() => onServer(site.otherUrl, program, 'narrowed')).toContain(shown);
  program.seconds = 300;
});

test('RECOVER-1: what was written without a network by somebody who may only read by now is kept and offered', async ({
  visit,
  site,
  program,
}) => {
  const page = await visit(documentPath('offered'));
  await title(page).click();
  await page.keyboard.type('Ours');
  await saved(page);
  await site.stop();
  await expect(saveState(page)).toHaveAttribute('data-state', 'offline');
  await page.keyboard.type(', mine');
  await expect(saveState(page)).toHaveText('Offline, 6 changes kept on this device');
  const context = page.context();
  await page.close();
  program.door = 'read';
  program.seconds = 4;
  await site.start();
  const again = await context.newPage();
  await again.goto(site.url + documentPath('offered'));
  await expect(saveState(again)).toHaveText('Not saved, 6 changes kept on this device', { timeout: 40_000 });
  await expect(editor(again)).toHaveAttribute('contenteditable', 'false');
  await expect(title(again)).toHaveText('Ours, mine');
  await expect(again.getByTestId('recover-text')).toBeVisible();
  expect(await violations(again)).toEqual([]);
  expect(await onServer(site.url, program, 'offered')).not.toContain('mine');
  // In band the right comes back, and with it what was refused.
  program.door = 'write';
  await saved(again);
  await expect(editor(again)).toHaveAttribute('contenteditable', 'true');
  await expect.poll(() => onServer(site.otherUrl, program, 'offered')).toContain('Ours, mine');
});

test('ACCESS-6: who has no access any more is told and keeps the page; who has it again goes on', async ({
  visit,
  site,
  program,
}) => {
  program.seconds = 3;
  const page = await visit(documentPath('shut'));
  await title(page).click();
  await page.keyboard.type('Seen');
  await saved(page);
  program.door = 'forbidden';
  await expect(saveState(page)).toHaveText('No access');
  await expect(editor(page)).toHaveAttribute('contenteditable', 'false');
  await expect(title(page)).toHaveText('Seen');
  program.door = 'write';
  program.seconds = 300;
  await expect(async () => {
    await look(page);
    await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: 1_000 });
  }).toPass();
  await title(page).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' again');
  await saved(page);
  await expect.poll(() => onServer(site.otherUrl, program, 'shut')).toContain('Seen again');
});

test('ACCESS-6: who is signed out signs in elsewhere, and this page goes on', async ({ visit, program }) => {
  program.seconds = 3;
  const page = await visit(documentPath('out'));
  await title(page).click();
  await page.keyboard.type('Still here');
  await saved(page);
  program.door = 'signed-out';
  await expect(saveState(page)).toHaveText('Signed out');
  await expect(page.getByRole('alert')).toContainText('You are signed out.');
  program.seconds = 300;
  const opening = page.context().waitForEvent('page');
  await page.getByTestId('sign-in').click();
  const tab = await opening;
  await expect(tab).toHaveTitle('Welcome');
  await tab.close();
  await expect(async () => {
    await look(page);
    await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: 1_000 });
  }).toPass();
  await expect(page.getByTestId('sign-in')).toHaveCount(0);
  await expect(editor(page)).toHaveAttribute('contenteditable', 'true');
});

test('ACCESS-6: a first visit without a right says what is missing, on the list and in a document', async ({
  visit,
  site,
  program,
}) => {
  program.door = 'signed-out';
  const page = await visit(documentPath('new'));
  await expect(page.getByRole('alert')).toContainText('You are not signed in.');
  await expect(page.getByTestId('sign-in')).toHaveAttribute('href', `${program.url}/login`);
  await page.goto(site.url);
  await expect(page.getByRole('alert')).toContainText('You are not signed in.');
  await expect(page.getByTestId('sign-in')).toBeVisible();
  program.door = 'forbidden';
  await page.goto(site.url + documentPath('new'));
  await expect(page.getByRole('alert')).toContainText('You have no access here');
  program.door = 'down';
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toContainText('Whoever lets people in here does not answer');
  program.door = 'write';
  await page.getByRole('button', { name: 'Try again' }).click();
  await saved(page);
  await page.goto(site.url);
  await expect(page.getByTestId('document-list')).toContainText('Untitled');
  await page.getByTestId('create-document').click();
  await saved(page);
});
