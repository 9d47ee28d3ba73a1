import type { Page, Request } from '@playwright/test';
import * as Y from 'yjs';
import {
  begin,
  documentPath,
  editor,
  expect,
  insertBlocks,
  inspect,
  paste,
  peer,
  press,
  saved,
  test,
  title,
  violations,
} from './site.ts';

const VIDEO = 'M7lc1UVf-VE';
const FRAME = `https://www.youtube-nocookie.com/embed/${VIDEO}`;

/** Answers for all other servers with a page that says its own address; gives what is asked of them. */
async function elsewhere(page: Page): Promise<Request[]> {
  const asked: Request[] = [];
  await page.context().route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => {
      asked.push(route.request());
      return route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>v</title><h1>A video</h1>',
      });
    },
  );
  return asked;
}

const cards = (page: Page) => editor(page).locator('figure[data-media=embed]');

test('EMBED-2, EMBED-4: a card is put in, named, shown and deleted by keys; its site is asked only when somebody wants it', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('card'));
  const asked = await elsewhere(page);
  await begin(page, 'Cards');
  await page.keyboard.type('/embed');
  await expect(page.getByTestId('slash-embed')).toBeVisible();
  await press(page, 'Enter');
  await expect(page.getByTestId('card-address')).toBeFocused();
  await page.keyboard.type('javascript:alert(1)');
  await press(page, 'Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'no address of the web' })).toBeVisible();
  await press(page, 'Control+a');
  await page.keyboard.type(`youtu.be/${VIDEO}?t=1m16s`);
  await press(page, 'Enter', 'Enter');
  await expect(page.getByTestId('card-title')).toBeFocused();
  await page.keyboard.type('The player');
  await press(page, 'Enter');
  const card = editor(page).getByRole('figure', { name: 'The player, link to youtu.be' });
  await expect(card).toHaveClass(/selected/);
  const link = card.getByRole('link', { name: 'The player' });
  await expect(link).toHaveAttribute('href', `https://youtu.be/${VIDEO}?t=1m16s`);
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', /noopener noreferrer/);
  await saved(page);
  await inspect(page, info, 'card');
  expect(asked).toEqual([]);

  // From the card its buttons are reached by Tab, and the frame is loaded by one.
  await press(page, 'Enter', 'Shift+Tab');
  const show = card.getByRole('button', { name: 'Show here: The player' });
  await expect(show).toBeFocused();
  await expect(show).toHaveAttribute('aria-expanded', 'false');
  await press(page, 'Enter');
  const frame = card.locator('iframe');
  await expect(frame).toHaveAttribute('src', `${FRAME}?start=76`);
  await expect(frame).toHaveAttribute('title', 'The player, shown by YouTube');
  await expect(frame).toHaveAttribute('sandbox', /^(?!.*top-navigation).*allow-scripts/);
  await expect(card.frameLocator('iframe').getByRole('heading')).toHaveText('A video');
  expect(asked.map((request) => request.url())).toEqual([`${FRAME}?start=76`]);
  // What YouTube demands, and no more: where the page is, not which one.
  expect(await asked[0]?.headerValue('referer')).toBe(`${new URL(page.url()).origin}/`);
  await page.screenshot({ path: info.outputPath('shown.png') });

  // Somebody else sees the card, and asks nobody; who changes the address takes the frame away.
  const other = await visit(documentPath('card'));
  const askedByOther = await elsewhere(other);
  const seen = editor(other).getByRole('figure', { name: 'The player, link to youtu.be' });
  await expect(seen.locator('iframe')).toHaveCount(0);
  await seen.locator('.card-sign').click();
  await press(other, 'Enter', 'Tab', 'Control+a');
  await other.keyboard.type('https://example.org/notes');
  await press(other, 'Enter');
  await expect(cards(page).getByRole('link')).toHaveAttribute('href', 'https://example.org/notes');
  await expect(frame).toHaveCount(0);
  await expect(cards(page).getByTestId('card-show')).toBeHidden();
  await press(other, 'Control+z');
  await expect(cards(page).getByTestId('card-show')).toBeVisible();
  await expect(frame).toHaveCount(0);
  expect(askedByOther).toEqual([]);

  // Arrows reach it, Delete deletes it, undo brings it back; on paper its address can be read.
  await title(page).click();
  await press(page, 'End', 'ArrowDown', 'Delete');
  await expect(cards(page)).toHaveCount(0);
  await press(page, 'Control+z');
  await expect(cards(page)).toHaveCount(1);
  await page.emulateMedia({ media: 'print' });
  await expect(cards(page).getByTestId('card-show')).toBeHidden();
  await expect(cards(page).getByTestId('card-title')).toBeHidden();
  const printed = await cards(page)
    .getByRole('link')
    .evaluate((element) => {
      const { content, display } = getComputedStyle(element, '::after');
      return [content, display];
    });
  expect(printed).toEqual([`"https://youtu.be/${VIDEO}?t=1m16s"`, 'block']);
});

test('EMBED-2, EMBED-5: cards come from links, frames and copies, and are links again; no other frame is shown', async ({
  visit,
  problems,
}) => {
  const page = await visit(documentPath('pasted'));
  const asked = await elsewhere(page);
  await begin(page, 'Pasted');
  await paste(page, { 'text/plain': 'https://example.org/plan?a=1' });
  await expect(editor(page).getByRole('link')).toHaveText('https://example.org/plan?a=1');
  await expect(cards(page)).toHaveCount(0);
  await press(page, 'ArrowLeft');
  await page.getByTestId('link-to-card').click();
  await expect(cards(page)).toHaveAccessibleName('example.org/plan, link to example.org');

  // Copied and pasted it is the same card, and to other programs its address.
  await page.evaluate(() =>
    addEventListener(
      'copy',
      ({ clipboardData }) =>
        Reflect.set(
          globalThis,
          'copied',
          ['text/plain', 'text/html'].map((type) => clipboardData?.getData(type) ?? ''),
        ),
      { once: true },
    ),
  );
  await press(page, 'Control+c');
  const copied = await page.waitForFunction(() => Reflect.get(globalThis, 'copied') as string[] | undefined);
  const [text, html] = (await copied.jsonValue()) ?? [];
  expect(text).toBe('https://example.org/plan?a=1');
  expect(html).toContain('<a href="https://example.org/plan?a=1">');
  await press(page, 'ArrowRight', 'Control+v');
  await expect(cards(page)).toHaveCount(2);
  await press(page, 'Control+z');
  await expect(cards(page)).toHaveCount(1);

  // By the menu of its handle, which is of the card and not of the text behind it, it is a link again.
  await title(page).click();
  await cards(page).hover();
  await page.getByTestId('block-handle').click();
  await page.getByTestId('item-link-card').click();
  await expect(cards(page)).toHaveCount(0);
  await expect(editor(page).getByRole('link')).toHaveText('https://example.org/plan?a=1');

  await press(page, 'End', 'Enter');
  await paste(page, {
    'text/plain': `<iframe width="560" src="https://www.youtube.com/embed/${VIDEO}?si=x"></iframe>`,
  });
  await expect(cards(page).getByRole('link')).toHaveAttribute(
    'href',
    `https://www.youtube.com/watch?v=${VIDEO}`,
  );
  await saved(page);
  expect(asked).toEqual([]);

  // The page's policy lets no frame of another site be shown, whoever puts it there.
  const refused = page.evaluate(
    () =>
      new Promise((tell) => {
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
          tell([effectiveDirective, blockedURI]),
        );
        const frame = document.createElement('iframe');
        frame.src = 'https://elsewhere.example/';
        document.body.append(frame);
      }),
  );
  expect(await refused).toEqual(['frame-src', 'https://elsewhere.example']);
  expect(asked).toEqual([]);
  for (const problem of problems.splice(0)) expect(problem).toMatch(/frame-src/);
});

test('EMBED-4: on a phone, from right to left, a card is as wide as the page and every part of it can be hit', async ({
  visit,
  site,
}, info) => {
  const phone = { viewport: { width: 320, height: 700 }, hasTouch: true, isMobile: true };
  const writer = peer(site, 'phone');
  await expect.poll(() => writer.provider.synced).toBe(true);
  const flow = writer.doc.getText('content');
  const put = (url: string) => {
    const card = new Y.XmlElement('embed');
    card.setAttribute('url', url);
    card.setAttribute('title', 'العرض');
    flow.insertEmbed(flow.length, card);
  };
  insertBlocks(writer.doc, 0, ['بطاقات']);
  put(`https://www.youtube.com/watch?v=${VIDEO}`);
  for (let line = 0; line < 80; line += 1) flow.insert(flow.length, `${String(line)}\u2029`);
  put('https://example.org/far/below');
  const page = await visit(`${documentPath('phone')}?lang=ar`, phone);
  await elsewhere(page);
  // One that was never near to being seen says on paper what it is, and leads there.
  const far = page.locator('figure[data-media=embed]').last();
  await expect(far.locator('.media-card')).toHaveCount(0);
  await expect(far.getByRole('link')).toHaveText('العرض https://example.org/far/below');
  const shown = page.locator('figure[data-media=embed]').first();
  await shown.locator('.card-sign').tap();
  await expect(shown).toHaveClass(/selected/);
  await expect(shown).toHaveCSS('direction', 'rtl');
  for (const part of ['card-link', 'card-show', 'card-title', 'card-address'])
    expect((await shown.getByTestId(part).boundingBox())?.height, part).toBeGreaterThanOrEqual(44);
  await shown.getByTestId('card-show').tap();
  await expect(shown.locator('iframe')).toBeVisible();
  const box = await shown.locator('iframe').boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(280);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: info.outputPath('phone.png') });
  writer.close();
  await page.emulateMedia({ forcedColors: 'active' });
  await page.screenshot({ path: info.outputPath('forced.png') });
  expect(await violations(page, { without: ['page-has-heading-one'] })).toEqual([]);
});
