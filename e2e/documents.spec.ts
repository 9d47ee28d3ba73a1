import { documentPath, editor, expect, saved, test, title } from './site.ts';

test('the list is empty at first, and a new document is one click away', async ({ visit }) => {
  const page = await visit('/');
  await expect(page.getByRole('heading', { name: 'Nothing here yet' })).toBeVisible();
  await page.getByTestId('create-document').click();
  await expect(page).toHaveURL(/\/d\/.+/);
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('Weekly notes');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Monday');
  await saved(page);
  await expect(page.getByRole('navigation', { name: 'Documents' })).toContainText('Weekly notes');
  await page.getByRole('link', { name: 'Home' }).click();
  const row = page.getByTestId('document-list').getByRole('listitem');
  await expect(row).toHaveCount(1);
  await expect
    .poll(async () => {
      // As when the person comes back to this tab.
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      return row.first().innerText();
    })
    .toContain('Weekly notes');
  await expect(row.locator('time')).toHaveAttribute('datetime', /\d{4}-/);
  await row.getByRole('link').click();
  await expect(editor(page).locator('p')).toHaveText('Monday');
});

test('names hold slashes, percent signs and any script', async ({ visit }) => {
  const page = await visit('/');
  for (const name of ['a/b c', '100%', 'ملاحظات', 'x?y#z', '議事録/二']) {
    await page.goto(new URL(documentPath(name), page.url()).href);
    await title(page).click();
    await page.keyboard.type(`I am ${name}`);
    await saved(page);
    await page.reload();
    await expect(editor(page).getByRole('heading')).toHaveText(`I am ${name}`);
  }
});

test('a list that cannot be loaded says what happened and can be asked again', async ({ visit, site }) => {
  const page = await visit('/nowhere');
  await page.route('**/ListDocuments', (route) => route.abort());
  await page.goto(`${site.url}/`);
  await expect(page.getByRole('alert')).toContainText('The list could not be loaded');
  await page.unroute('**/ListDocuments');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: /Documents|Nothing here yet/ }).last()).toBeVisible();
});
