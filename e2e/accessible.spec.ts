import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { documentPath, editor, expect, saved, test, title } from './site.ts';

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

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
      const look = (name: string) =>
        page.screenshot({ path: info.outputPath(`${name}.png`), animations: 'disabled' });
      await expect(page.getByTestId('create-document')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await look('empty');

      await page.goto(new URL(documentPath('launch'), page.url()).href);
      await expect(editor(page)).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await look('new');
      await write(page);
      await saved(page);
      const friend = await visit(documentPath('launch'), { name: 'Asha Singh' });
      await editor(friend).getByText('Restore drill').click();
      await friend.keyboard.press('End');
      await friend.keyboard.type(' tonight');
      await expect(editor(page).locator('.caret')).toBeAttached();
      expect(await violations(page)).toEqual([]);
      await look('document');

      if (shape === 'narrow') await page.getByTestId('menu').click();
      await look('menu');
      await page.getByTestId('self').click();
      await expect(page.getByRole('dialog', { name: 'Your name' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await look('name');
      await page.keyboard.press('Escape');
      await page.goto(new URL('/', page.url()).href);
      await expect(page.getByTestId('document-list')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await look('list');
      const answer = await page.goto(new URL('/nowhere', page.url()).href);
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await look('not-found');
    });

test('right-to-left text starts at the right', async ({ visit }) => {
  const page = await visit(documentPath('rtl'));
  await title(page).click();
  await page.keyboard.type('مرحبا');
  const box = await title(page).evaluate((heading) => {
    const range = document.createRange();
    range.selectNodeContents(heading);
    return { text: range.getBoundingClientRect().right, block: heading.getBoundingClientRect().right };
  });
  expect(box.block - box.text).toBeLessThan(4);
});
