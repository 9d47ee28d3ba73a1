import type { Page } from '@playwright/test';
import { documentPath, editor, expect, saved, test, title, violations } from './site.ts';

async function write(page: Page): Promise<void> {
  await title(page).click();
  await page.keyboard.type('Launch plan');
  await page.keyboard.press('Enter');
  await page.keyboard.type('We open the doors on the ninth. Everything below has to be true by then.\n');
  await page.keyboard.type('## What we promise\n');
  await page.keyboard.type(
    'A team can write together within **five minutes**, and `nothing` is ever lost.\n',
  );
  await page.keyboard.type('- Restore drill\n');
  await page.keyboard.type('Walk through with a screen reader\n\n');
  await page.keyboard.type('> The guest link works without an account.\n\n');
  await page.keyboard.type('```\nnpm start');
}

for (const colorScheme of ['light', 'dark'] as const)
  for (const [shape, viewport] of [
    ['wide', { width: 1440, height: 900 }],
    ['narrow', { width: 390, height: 800 }],
  ] as const)
    test(`no violation in the ${colorScheme} theme, ${shape}`, async ({ visit }, info) => {
      const page = await visit('/', { colorScheme, viewport });
      const rules = { onlyColours: colorScheme === 'dark' };
      const look = (name: string) =>
        page.screenshot({ path: info.outputPath(`${name}.png`), animations: 'disabled' });
      await expect(page.getByTestId('create-document')).toBeVisible();
      expect(await violations(page, rules)).toEqual([]);
      await look('empty');

      await page.goto(new URL(documentPath('launch'), page.url()).href);
      await expect(editor(page)).toBeVisible();
      expect(await violations(page, rules)).toEqual([]);
      await look('new');
      await write(page);
      await saved(page);
      const friend = await visit(documentPath('launch'), { name: 'Asha Singh' });
      await editor(friend).getByText('Restore drill').click();
      await friend.keyboard.press('End');
      await friend.keyboard.type(' tonight');
      await expect(editor(page).locator('.caret')).toBeAttached();
      expect(await violations(page, rules)).toEqual([]);
      await look('document');

      if (shape === 'narrow') await page.getByTestId('menu').click();
      await look('menu');
      await page.getByTestId('self').click();
      await expect(page.getByRole('dialog', { name: 'Your name' })).toBeVisible();
      expect(await violations(page, rules)).toEqual([]);
      await look('name');
      await page.keyboard.press('Escape');
      await page.goto(new URL('/', page.url()).href);
      await expect(page.getByTestId('document-list')).toBeVisible();
      expect(await violations(page, rules)).toEqual([]);
      await look('list');
      const answer = await page.goto(new URL('/nowhere', page.url()).href);
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
      expect(await violations(page, rules)).toEqual([]);
      await look('not-found');
    });

test('right-to-left text starts at the right, with what marks its lists and quotes', async ({ visit }) => {
  const page = await visit(documentPath('rtl'));
  await title(page).click();
  await page.keyboard.type('مرحبا');
  const box = await title(page).evaluate((heading) => {
    const range = document.createRange();
    range.selectNodeContents(heading);
    return { text: range.getBoundingClientRect().right, block: heading.getBoundingClientRect().right };
  });
  expect(box.block - box.text).toBeLessThan(4);
  await page.keyboard.press('Enter');
  await page.keyboard.type('[ ] مهمة\n\n- بند\n\n> اقتباس\n\n- item');
  // The box of a task has a name in the page's language, which says nothing of the list's.
  const task = editor(page).locator('[data-type=taskList] li');
  await expect(task).toHaveCSS('direction', 'rtl');
  const [checkbox, words] = [
    await task.locator('input').boundingBox(),
    await task.locator('p').boundingBox(),
  ];
  expect(checkbox?.x).toBeGreaterThan((words?.x ?? 0) + (words?.width ?? 0) - 1);
  await expect(editor(page).getByText('بند')).toHaveCSS('direction', 'rtl');
  await expect(editor(page).getByRole('blockquote')).toHaveCSS('direction', 'rtl');
  await expect(editor(page).getByRole('listitem').last()).toHaveCSS('direction', 'ltr');
});

test('long titles end where their place does, from either side', async ({ visit }) => {
  for (const words of ['A title that goes on ', 'عنوان طويل جدا ']) {
    const page = await visit(documentPath(words));
    await title(page).click();
    await page.keyboard.insertText(words.repeat(10));
    await saved(page);
    const sidebar = page.getByRole('navigation', { name: 'Documents' });
    for (const place of [sidebar.getByRole('listitem').first(), page.getByTestId('page-title')]) {
      await expect(place).toContainText(words.trim());
      const { inside, of } = await place.evaluate((element) => ({
        inside: element.getBoundingClientRect(),
        of: (element.closest('header') ?? element.closest('aside') ?? element).getBoundingClientRect(),
      }));
      expect(inside.right).toBeLessThan(of.right - 4);
      expect(inside.left).toBeGreaterThan(of.left);
    }
    await expect(page.getByTestId('page-title')).toHaveCSS('text-overflow', 'ellipsis');
    // It begins where the header does.
    const [name, header] = await Promise.all(
      [page.getByTestId('page-title'), page.getByRole('banner')].map((part) => part.boundingBox()),
    );
    expect((name?.x ?? 0) - (header?.x ?? 0)).toBeLessThan(30);
  }
});

test('who wants less motion gets none', async ({ visit, site }) => {
  const page = await visit('/', { reducedMotion: 'reduce' });
  await page.route('**/GetDocument', () => undefined);
  await page.goto(site.url + documentPath('still'));
  await expect(page.getByTestId('opening')).toBeVisible();
  const moving = () =>
    page.evaluate(() =>
      document
        .getAnimations()
        .map((animation) => animation.effect?.getComputedTiming())
        .filter((timing) => Number(timing?.duration) > 1 || timing?.iterations === Infinity),
    );
  expect(await moving()).toEqual([]);
  await page.unroute('**/GetDocument');
  await page.reload();
  await title(page).click();
  await page.keyboard.type('Still');
  expect(await moving()).toEqual([]);
});
