import { begin, documentPath, editor, expect, peer, press, saved, test, textOf, title } from './site.ts';

test('everything works from the keyboard alone', async ({ visit }) => {
  const page = await visit('/');
  await expect(page.getByTestId('create-document')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('create-document')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('Title');
  await page.keyboard.press('Enter');
  await page.keyboard.type('words');
  await press(page, 'Control+a', 'Alt+F10');
  await expect(page.getByTestId('format-undo')).toBeFocused();
  // The last one holds what does not fit.
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('format-more')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('format-undo')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor(page)).toBeFocused();

  await press(page, 'Control+End', 'Alt+F10', 'ArrowRight', 'ArrowRight');
  const bold = page.getByTestId('format-bold');
  await expect(bold).toBeFocused();
  await expect(bold).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('Enter');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type(' strong');
  await expect(bold).toHaveAttribute('aria-pressed', 'true');
  await expect(editor(page).locator('strong')).toHaveText(' strong');
  await saved(page);
});

test('a document with a heading, a list and a table is written from its address on without a mouse', async ({
  visit,
  site,
}) => {
  const path = documentPath('no mouse');
  const page = await visit(path);
  await expect(editor(page)).toBeVisible();
  await press(page, 'Tab', 'Enter');
  // Past the header and the bar, each of which is a few stops.
  for (let stop = 0; stop < 12; stop += 1) {
    if (await editor(page).evaluate((text) => text === document.activeElement)) break;
    await press(page, 'Tab');
  }
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('Stock');
  await press(page, 'Enter', 'Control+Alt+2');
  await page.keyboard.type('To do');
  await press(page, 'Enter');
  await page.keyboard.type('- count');
  await press(page, 'Enter', 'Tab');
  await page.keyboard.type('shelves');
  // Tab in a list stays in it, also where an item can go no deeper.
  await press(page, 'Tab', 'Enter', 'Shift+Tab');
  await page.keyboard.type('order');
  await press(page, 'Enter', 'Shift+Tab');
  await expect(editor(page)).toBeFocused();
  await press(page, 'Control+Alt+t');
  for (const words of ['Thing', 'Shelf', 'Count', 'Nails', 'B4']) {
    await page.keyboard.type(words);
    await press(page, 'Tab');
  }
  await page.keyboard.type('20');
  await press(page, 'Shift+Tab', 'Shift+Tab', 'End');
  await page.keyboard.type(' 40 mm');
  await press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown');
  await page.keyboard.type('behind the table');
  await press(page, 'Escape', 'Tab');
  await expect(editor(page)).not.toBeFocused();
  await saved(page);

  const friend = peer(site, 'no mouse');
  await expect.poll(() => textOf(friend.doc)).toContain('behind the table');
  friend.close();
  await page.reload();
  const text = editor(page);
  await expect(title(page)).toHaveText('Stock');
  await expect(text.locator('h2')).toHaveText('To do');
  await expect(text.locator(':scope > ul > li > p')).toHaveText(['count', 'order']);
  await expect(text.locator('li li')).toHaveText('shelves');
  await expect(text.locator('th')).toHaveText(['Thing', 'Shelf', 'Count']);
  await expect(text.locator('tr').nth(1).locator('td')).toHaveText(['Nails 40 mm', 'B4', '20']);
  await expect(text.locator(':scope > p').filter({ hasText: 'behind the table' })).toHaveCount(1);
});

test('who is on the button for a new document stays on it when the list comes', async ({ visit, site }) => {
  const page = await visit('/d/first', { serviceWorkers: 'block' });
  const answers: (() => void)[] = [];
  await page.route('**/ListDocuments', async (route) => {
    await new Promise<void>((resolve) => answers.push(resolve));
    await route.fulfill({ json: {} });
  });
  await page.goto(site.url);
  const create = page.getByTestId('create-document');
  await create.focus();
  await expect(page.getByText('Nothing here yet')).toHaveCount(0);
  await expect.poll(() => answers.length).toBeGreaterThan(0);
  for (const answer of answers) answer();
  await expect(page.getByText('Nothing here yet')).toBeVisible();
  await expect(create).toBeFocused();
});

test('Enter in the title goes to the text', async ({ visit }) => {
  const page = await visit('/d/enter');
  await title(page).click();
  await page.keyboard.type('Title and more');
  await page.keyboard.press('Enter');
  await page.keyboard.type('text');
  await expect(editor(page).locator('> *')).toHaveText(['Title and more', 'text']);
  await press(page, 'Control+Home', ...Array.from({ length: 5 }, () => 'ArrowRight'), 'Enter');
  await expect(editor(page).locator('h1')).toHaveText('Title');
  await expect(editor(page).locator('p').first()).toHaveText('and more', { useInnerText: true });
});

test('a key works where the one before it left the caret, however quickly it came', async ({ visit }) => {
  const page = await visit('/d/quick');
  await begin(page);
  await page.keyboard.type('one two');
  // Both within one task, as keys that waited for a busy page: the browser tells of the caret behind them.
  const both = (key: string) =>
    editor(page).evaluate((text, pressed) => {
      document.getSelection()?.modify('move', 'backward', 'word');
      text.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true, cancelable: true }));
    }, key);
  await both('Enter');
  await expect(editor(page).locator('p')).toHaveText(['one ', 'two'], { useInnerText: false });
  await press(page, 'End');
  await both('Backspace');
  await expect(editor(page).locator('p')).toHaveText('one two');
});

test('the dialog for the name opens, is left with Escape, and gives the focus back', async ({ visit }) => {
  const page = await visit('/');
  await page.getByTestId('self').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Your name' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByTestId('self')).toBeFocused();
});
