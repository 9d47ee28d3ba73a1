import type { Page } from '@playwright/test';
import { documentPath, editor, expect, heldBack, press, saved, test, title, violations } from './site.ts';

async function write(page: Page, words: string): Promise<void> {
  await title(page).click();
  await page.keyboard.type(words);
  await saved(page);
}

test('one palette goes to documents and headings, and does what can be done', async ({
  visit,
  site,
}, info) => {
  const page = await visit(documentPath('first'));
  await write(page, 'Weekly notes\nwords\n## Next steps\nmore');
  // The server's list has a title a little after the document is saved, and is asked for by a page that opens.
  await expect(async () => {
    await page.goto(site.url + documentPath('second'));
    await expect(page.getByRole('link', { name: 'Weekly notes' })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await write(page, 'Budget\nwords');
  await press(page, 'Control+k');
  const text = page.getByRole('combobox', { name: 'Search documents and commands' });
  const options = page.getByRole('option');
  await expect(text).toBeFocused();
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('palette.png'), animations: 'disabled' });
  await page.keyboard.type('weekly');
  await expect(options.first()).toHaveText(/Weekly/);
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('Weekly notes');

  await page.getByTestId('search').click();
  await expect(text).toBeFocused();
  await page.keyboard.type('next');
  await expect(options.first()).toHaveText(/Next steps/);
  await page.keyboard.press('Enter');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('The ');
  await expect(editor(page).locator('h2')).toHaveText('The Next steps');

  await press(page, 'Control+k');
  await expect(text).toBeFocused();
  await page.keyboard.type('task');
  await page.keyboard.press('Enter');
  await expect(editor(page).locator('[data-type=taskList]')).toHaveCount(1);
  await press(page, 'Control+k');
  await expect(text).toBeFocused();
  await page.keyboard.type('xyzzy');
  await expect(page.getByRole('status').filter({ hasText: 'Nothing found' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the palette finds documents that came since the page was opened, and keeps what one is at', async ({
  visit,
}) => {
  const page = await visit(documentPath('early'));
  await write(page, 'Early notes\nwords');
  const friend = await visit(documentPath('late'));
  await write(friend, 'Late notes');
  await expect(page.getByRole('link', { name: 'Late notes' })).toHaveCount(0);
  const option = page.getByRole('option', { name: 'Late notes' });
  // The server's list has a title a little after the document is saved.
  await expect(async () => {
    if ((await page.getByRole('dialog').count()) > 0) await press(page, 'Escape');
    await press(page, 'Control+k');
    await page.keyboard.type('late notes');
    await expect(option).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await press(page, 'Escape');

  // What was known is there before the answer, and what one has gone to stays that.
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    void page.route('**/*ListDocuments*', async (route) => {
      resolve();
      await new Promise<void>((go) => (answer = go));
      await route.continue();
    });
  });
  const other = await visit(documentPath('newest'));
  await write(other, 'Newest notes');
  await expect(async () => {
    await friend.reload();
    await expect(friend.getByRole('link', { name: 'Newest notes' })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await press(page, 'Control+k');
  await asked;
  await expect(option).toBeVisible();
  const chosen = page.getByRole('option', { selected: true });
  await press(page, 'ArrowDown');
  const name = await chosen.textContent();
  answer();
  await expect(page.getByRole('option', { name: 'Newest notes' })).toBeVisible();
  await expect(chosen).toHaveText(name ?? '');
});

test('what is typed while the palette is fetched is for it, and not for the text', async ({ visit }) => {
  const page = await visit(documentPath('slow-palette'), { serviceWorkers: 'block' });
  await write(page, 'Notes\nwords');
  const go = await heldBack(page, 'Palette');
  await page.reload();
  await editor(page).locator('p').click();
  await press(page, 'Control+k');
  await page.keyboard.type('taks');
  await press(page, 'Backspace', 'Backspace');
  await page.keyboard.type('sk');
  go();
  const text = page.getByRole('combobox', { name: 'Search documents and commands' });
  await expect(text).toHaveValue('task');
  await page.keyboard.type(' list');
  await expect(text).toHaveValue('task list');
  await press(page, 'Escape');
  await expect(editor(page).locator('p')).toHaveText('words');

  // Keys that type nothing are the browser's, and who goes elsewhere waits for no panel.
  const later = await heldBack(page, 'Shortcuts');
  await page.reload();
  await editor(page).locator('p').click();
  await press(page, 'End', 'Control+/');
  await page.keyboard.type('x');
  await page.evaluate(() =>
    addEventListener('keydown', (event) => Reflect.set(globalThis, 'kept', event.defaultPrevented), {
      once: true,
    }),
  );
  await press(page, 'F6');
  expect(await page.evaluate(() => Reflect.get(globalThis, 'kept') as unknown)).toBe(false);
  await press(page, 'Escape');
  await page.keyboard.type(' more');
  await expect(editor(page).locator('p')).toHaveText('words more');
  await press(page, 'Control+/');
  await page.keyboard.type('x');
  await title(page).click();
  await press(page, 'End');
  await page.keyboard.type(' of today');
  await expect(title(page)).toHaveText('Notes of today');
  later();
  await saved(page);
});

test('a palette that cannot be fetched takes no word', async ({ visit }) => {
  const page = await visit(documentPath('no-palette'), { serviceWorkers: 'block' });
  await write(page, 'Notes\nwords');
  await page.route('**/assets/Palette-*.js', (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await editor(page).locator('p').click();
  await press(page, 'End', 'Control+k');
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
  await page.keyboard.type(' more');
  await expect(editor(page).locator('p')).toHaveText('words more');
  await saved(page);
});

test('the sheet of shortcuts is searched, and what it says works', async ({ visit }, info) => {
  const page = await visit(documentPath('keys'));
  await write(page, 'Title\nwords');
  await press(page, 'Control+/');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet.getByText('Numbered list')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('shortcuts.png'), animations: 'disabled' });
  await page.getByRole('searchbox', { name: 'Search shortcuts' }).fill('code');
  await expect(sheet.getByText('Numbered list')).toBeHidden();
  await expect(sheet.getByText('Ctrl+Alt+C')).toBeVisible();
  await page.keyboard.press('Escape');
  await press(page, 'Control+Alt+c');
  await expect(editor(page).locator('pre')).toHaveText('words');
});

test('the outline shows where one is and leads on', async ({ visit }, info) => {
  const page = await visit(documentPath('outline'), { viewport: { width: 1700, height: 700 } });
  const part = (name: string) => `## ${name}\n${'w\n'.repeat(22)}`;
  await write(page, `Title\n${part('First')}${part('Second')}${part('Third')}`);
  const outline = page.getByRole('navigation', { name: 'Outline' });
  await expect(outline.getByRole('button')).toHaveText(['Title', 'First', 'Second', 'Third']);
  await outline.getByRole('button', { name: 'Second' }).click();
  await expect(outline.locator('[aria-current]')).toHaveText('Second');
  await expect(editor(page).getByRole('heading', { name: 'Second' })).toBeInViewport();
  await page.getByTestId('editor').evaluate((text) => text.parentElement?.parentElement?.scrollTo(0, 0));
  await expect(outline.locator('[aria-current]')).toHaveText('Title');
  await page.screenshot({ path: info.outputPath('outline.png'), animations: 'disabled' });
  await page.setViewportSize({ width: 1280, height: 700 });
  await page.screenshot({ path: info.outputPath('ticks.png'), animations: 'disabled' });
  await outline.hover();
  await page.screenshot({ path: info.outputPath('ticks-hover.png'), animations: 'disabled' });
  expect(await violations(page)).toEqual([]);
});

test('focus mode shows one block, full width is kept, and both are left again', async ({ visit }, info) => {
  const page = await visit(documentPath('focus'));
  await write(page, 'Title\none\ntwo');
  await press(page, 'Control+Shift+f');
  await expect(page.getByRole('toolbar', { name: 'Format' })).toHaveCount(0);
  await expect(page.getByRole('navigation', { name: 'Documents' })).toBeHidden();
  await expect(editor(page).locator('.is-current')).toHaveText('two');
  await press(page, 'ArrowUp');
  await expect(editor(page).locator('.is-current')).toHaveText('one');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('focus.png'), animations: 'disabled' });
  await page.getByTestId('leave-focus').click();
  await expect(page.getByRole('toolbar', { name: 'Format' })).toBeVisible();
  await expect(editor(page).locator('.is-current')).toHaveCount(0);

  const width = async () => (await editor(page).boundingBox())?.width ?? 0;
  const narrow = await width();
  await page.getByTestId('document-menu').click();
  await page.getByRole('menuitemcheckbox', { name: 'Full width' }).click();
  expect(await width()).toBeGreaterThan(narrow + 100);
  await page.reload();
  await expect(editor(page)).toBeVisible();
  expect(await width()).toBeGreaterThan(narrow + 100);
});

test('WAYS-9: Tab stays in the text; Escape, then Tab, leaves it, which is told once', async ({ visit }) => {
  const page = await visit(documentPath('leave'), { permissions: ['clipboard-read', 'clipboard-write'] });
  // What is told to who hears the page, as often as it is told.
  const told = page.getByTestId('menu-said').evaluateHandle((said) => {
    const texts: string[] = [];
    const tell = () => said.textContent && texts.push(said.textContent);
    new MutationObserver(tell).observe(said, { subtree: true, characterData: true, childList: true });
    return texts;
  });
  const hint = 'Press Escape, then Tab, to leave the text.';
  const texts = await told;
  await title(page).click();
  await expect.poll(() => texts.jsonValue()).toEqual([hint]);
  await write(page, 'Title\n- one\ntwo');
  await press(page, 'Tab');
  await expect(editor(page)).toBeFocused();
  await expect(editor(page).locator('li li')).toHaveText('two');
  await press(page, 'Escape', 'Tab');
  await expect(editor(page)).not.toBeFocused();
  await expect(editor(page).locator('li li')).toHaveText('two');

  // Who comes back knows it. Something else that is told shows that this would have been heard.
  await editor(page).locator('li li').click();
  await expect(editor(page)).toBeFocused();
  await press(page, 'Shift+Tab');
  await expect(editor(page).locator(':scope > ul > li')).toHaveText(['one', 'two']);
  // Out of the list, and still in the text.
  await press(page, 'Shift+Tab');
  await expect(editor(page).locator(':scope > p').first()).toHaveText('two');
  await expect(editor(page)).toBeFocused();
  // Where there are controls in the text, it leads to none of them.
  await press(page, 'End', 'Enter');
  await page.keyboard.type('```js code');
  await expect(page.getByRole('combobox', { name: 'Language of the code' })).toBeAttached();
  await press(page, 'Tab');
  await page.keyboard.type('more');
  await expect(editor(page).locator('pre')).toHaveText('code  more');
  await press(page, 'ArrowUp', 'Tab');
  await page.keyboard.type(' in');
  await expect(editor(page).getByText('two in')).toHaveCSS('margin-inline-start', /^[1-9]/);
  await expect(editor(page)).toBeFocused();
  // From a control of the text it leads on, and changes nothing.
  await press(page, 'End', 'Enter');
  await page.keyboard.type('[ ] task');
  await editor(page).getByText('two in').click();
  await editor(page).getByRole('checkbox').focus();
  await press(page, 'Tab');
  await expect(editor(page).getByRole('checkbox')).not.toBeFocused();
  await expect(editor(page).getByText('two in')).toHaveAttribute('data-inset', '1');
  await page.getByTestId('document-menu').click();
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).click();
  await expect.poll(() => texts.jsonValue()).toEqual([hint, 'Indented by 1 step', 'Copied as Markdown']);
});
