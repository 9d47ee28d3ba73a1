import { begin, documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';

test('a selection is formatted and linked where it is, and stays selected', async ({ visit }, info) => {
  const page = await visit(documentPath('bubble'));
  await title(page).click();
  await page.keyboard.type('Title\nsee the plan for more');
  const text = editor(page).locator('p').first();
  const bubble = page.getByRole('toolbar', { name: 'Selected text' });
  await expect(bubble).toBeHidden();
  await press(page, 'Control+ArrowLeft', 'Control+ArrowLeft', 'Control+Shift+ArrowLeft');
  await expect(bubble).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('bubble.png'), animations: 'disabled' });
  await bubble.getByRole('button', { name: 'Bold' }).click();
  await expect(bubble.getByRole('button', { name: 'Bold' })).toHaveAttribute('aria-pressed', 'true');
  await expect(text.locator('strong')).toHaveText(/plan/);
  expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe('plan');

  await press(page, 'Control+k');
  const address = page.getByRole('textbox', { name: 'Address' });
  await expect(address).toBeFocused();
  await expect(text.locator('.kept-selection')).toHaveText(/plan/);
  await address.fill('javascript:alert(1)');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('That is no address that a link can lead to.');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('link.png'), animations: 'disabled' });
  await address.fill('example.org/plan');
  await page.keyboard.press('Enter');
  await expect(text.locator('a')).toHaveAttribute('href', 'https://example.org/plan');
  await expect(editor(page)).toBeFocused();
  await expect(text.locator('.kept-selection')).toHaveCount(0);

  // With the caret in it the link is opened, changed and removed.
  await press(page, 'ArrowLeft');
  const card = page.getByRole('toolbar', { name: 'Link' });
  await expect(card.getByRole('link')).toHaveAttribute('href', 'https://example.org/plan');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('card.png'), animations: 'disabled' });
  await card.getByRole('button', { name: 'Edit link' }).click();
  await expect(address).toHaveValue('https://example.org/plan');
  await page.keyboard.press('Escape');
  await expect(address).toBeHidden();
  await expect(editor(page)).toBeFocused();
  await card.getByRole('button', { name: 'Remove link' }).click();
  await expect(text.locator('a')).toHaveCount(0);
  await expect(text).toHaveText('see the plan for more');
  // What is typed next replaces nothing.
  await page.keyboard.type('!');
  await expect(text).toHaveText('see the plan! for more');
  await saved(page);
});

test('who has linked words, or changed or removed a link, types on beside it', async ({ visit }) => {
  const page = await visit(documentPath('linked, and on'));
  await begin(page);
  await page.keyboard.type('see the plan');
  const text = editor(page).locator('p').first();
  const address = page.getByRole('textbox', { name: 'Address' });
  await press(page, 'Control+Shift+ArrowLeft', 'Control+k');
  await address.fill('example.org/plan');
  await press(page, 'Enter');
  await page.keyboard.type(', all of it');
  await expect(text).toHaveText('see the plan, all of it');
  await expect(text.locator('a')).toHaveText('plan');

  // In the link: the caret stays in it.
  for (let step = 0; step < ', all of it'.length + 2; step += 1) await press(page, 'ArrowLeft');
  await press(page, 'Control+k');
  await address.fill('example.org/plans');
  await press(page, 'Enter');
  await expect(text.locator('a')).toHaveAttribute('href', 'https://example.org/plans');
  await page.keyboard.type('a');
  await expect(text.locator('a')).toHaveText('plaan');
  await press(page, 'Control+k');
  await address.fill('');
  await press(page, 'Enter');
  await expect(text.locator('a')).toHaveCount(0);
  await page.keyboard.type('a');
  await expect(text).toHaveText('see the plaaan, all of it');
  await saved(page);
});

test('the words that are being linked stay the ones that were meant while somebody else writes', async ({
  visit,
}) => {
  const path = documentPath('linked together');
  const ada = await visit(path, { name: 'Ada' });
  const ben = await visit(path, { name: 'Ben' });
  await title(ada).click();
  await ada.keyboard.type('Title\nsee the plan');
  await press(ada, 'Control+Shift+ArrowLeft', 'Control+k');
  await ada.getByRole('textbox', { name: 'Address' }).fill('https://example.org/');
  await editor(ben).locator('p').click();
  await press(ben, 'Home');
  await ben.keyboard.type('Please ');
  await expect(editor(ada).locator('p')).toHaveText('Please see the plan');
  await ada.keyboard.press('Enter');
  await expect(editor(ben).locator('a')).toHaveText('plan');
});

test('on a touch screen the bar below does what the bubble does', async ({ visit }) => {
  const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
  const page = await visit(documentPath('touch'), phone);
  await title(page).tap();
  await page.keyboard.type('Title\nword');
  await press(page, 'Control+Shift+ArrowLeft');
  await expect(page.getByTestId('bubble')).toBeHidden();
  await page.getByTestId('format-bold').tap();
  await expect(editor(page).locator('strong')).toHaveText('word');
  await page.getByTestId('format-more').tap();
  const menu = page.getByRole('menu', { name: 'More formatting' });
  await menu.getByRole('menuitemcheckbox', { name: 'Link' }).tap();
  await page.getByRole('textbox', { name: 'Address' }).fill('example.org');
  await page.getByRole('button', { name: 'Apply' }).tap();
  await expect(editor(page).locator('a')).toHaveText('word');
  await page.getByTestId('format-more').tap();
  await menu.getByRole('menuitem', { name: 'Duplicate' }).tap();
  await expect(editor(page).locator('p')).toHaveText(['word', 'word']);
});
