import { editor, expect, press, saved, test, title } from './site.ts';

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

test('the dialog for the name opens, is left with Escape, and gives the focus back', async ({ visit }) => {
  const page = await visit('/');
  await page.getByTestId('self').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Your name' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByTestId('self')).toBeFocused();
});
