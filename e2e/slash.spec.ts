import type { Page } from '@playwright/test';
import { begin, documentPath, editor, expect, peer, press, saved, test, textOf, violations } from './site.ts';

const menu = (page: Page) => page.getByRole('listbox', { name: 'Insert' });

test('a slash offers blocks; what is typed behind it is searched, and goes when something is chosen', async ({
  visit,
  site,
}, info) => {
  const page = await visit(documentPath('slash'));
  const friend = peer(site, 'slash');
  await begin(page);
  await page.keyboard.type('/');
  await expect(menu(page)).toBeVisible();
  await expect(menu(page).getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  const active = () => editor(page).getAttribute('aria-activedescendant');
  expect(await page.locator(`[id="${await active()}"]`).innerText()).toContain('Text');
  await page.keyboard.press('ArrowDown');
  expect(await page.locator(`[id="${await active()}"]`).innerText()).toContain('Heading 1');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('slash.png'), animations: 'disabled' });

  await page.keyboard.type('todo');
  await expect(menu(page).getByRole('option')).toHaveText(/Task list/);
  // Until it is chosen there is nothing in the document but what was typed.
  await expect.poll(() => textOf(friend.doc)).toBe('Title\n/todo\n');
  await page.keyboard.press('Enter');
  await expect(menu(page)).toBeHidden();
  await page.keyboard.type('Ring the bell');
  await expect(editor(page).locator('li p')).toHaveText('Ring the bell');
  await expect(editor(page).locator('[data-type=taskList]')).toHaveCount(1);
  await expect(editor(page)).not.toHaveAttribute('aria-activedescendant');
  await saved(page);
  friend.close();
});

test('Escape leaves the slash as it is, and so does anything that is no search', async ({ visit }) => {
  const page = await visit(documentPath('slash'));
  await begin(page);
  await page.keyboard.type('1/2 and/or ');
  await expect(menu(page)).toBeHidden();
  await page.keyboard.type('/quo');
  await expect(menu(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(menu(page)).toBeHidden();
  await page.keyboard.type('te');
  await expect(menu(page)).toBeHidden();
  await expect(editor(page).locator('p')).toHaveText('1/2 and/or /quote');
  await page.keyboard.type(' /zzz');
  await expect(menu(page)).toContainText('Nothing is called that');
  await page.keyboard.type(' top');
  await expect(menu(page)).toBeHidden();
  await page.keyboard.press('Enter');
  await page.keyboard.type('```\n/');
  await expect(editor(page).locator('pre')).toHaveText('/');
  await expect(menu(page)).toBeHidden();
});

test('undo brings back what was typed behind the slash, and not more', async ({ visit }) => {
  const page = await visit(documentPath('slash'));
  await begin(page);
  await page.keyboard.type('words /h2');
  await expect(menu(page).getByRole('option').first()).toHaveText(/Heading 2/);
  await menu(page).getByRole('option').first().click();
  await expect(editor(page).locator('h2')).toHaveText('words');
  await expect(editor(page)).toBeFocused();
  await press(page, 'Control+z');
  await expect(editor(page).locator('p')).toHaveText('words /h2');
});

test('the menu follows an input method and does not take its keys', async ({ visit }) => {
  const page = await visit(documentPath('slash'));
  await begin(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { selectionStart: 1, selectionEnd: 1, text: '/' });
  await session.send('Input.insertText', { text: '/' });
  await expect(menu(page)).toBeVisible();
  await session.send('Input.imeSetComposition', { selectionStart: 2, selectionEnd: 2, text: 'zi' });
  await expect(menu(page)).toContainText('Nothing is called that');
  await page.evaluate(() =>
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }),
    ),
  );
  await expect(editor(page).locator('p')).toHaveText('/zi');
});
