import { documentPath, editor, expect, saveState, saved, test, title } from './site.ts';

test('the pill is true through a stop and a start of the server', async ({ visit, site }) => {
  const path = documentPath('pill');
  const page = await visit(path);
  await title(page).click();
  await page.keyboard.type('Before');
  await saved(page);
  await expect(saveState(page)).toHaveText('Saved');

  await site.stop();
  await expect(saveState(page)).toHaveAttribute('data-state', /reconnecting|offline/);
  await expect(saveState(page)).toHaveAttribute('data-state', 'offline', { timeout: 15_000 });
  await expect(saveState(page)).toHaveText('Offline');
  await page.keyboard.type(' and after');
  await expect(saveState(page)).toHaveText('Offline, 10 changes not saved yet');
  await expect(page.getByText('Offline', { exact: true })).toHaveAttribute('aria-live', 'polite');
  await saveState(page).click();
  await expect(page.getByRole('status')).toContainText('Keep this page open');
  await saveState(page).press('Escape');
  await expect(page.getByRole('status')).toHaveCount(0);

  await site.start();
  await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: 30_000 });
  const other = await visit(path);
  await expect(title(other)).toHaveText('Before and after');
});

test('leaving with changes that are nowhere else asks first, and leaving the document keeps them', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('leaving'));
  await title(page).click();
  await page.keyboard.type('Kept');
  await saved(page);
  await site.stop();
  await expect(saveState(page)).toHaveAttribute('data-state', 'offline', { timeout: 15_000 });
  await page.keyboard.type(' on');

  const asked = new Promise<string>((resolve) => {
    page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    });
  });
  void page.close({ runBeforeUnload: true });
  expect(await asked).toBe('beforeunload');

  await page.getByRole('link', { name: 'Home' }).click();
  await expect(page.getByRole('heading', { name: 'Documents' }).last()).toBeVisible();
  await site.start();
  await expect
    .poll(
      async () => {
        const other = await visit(documentPath('leaving'));
        await expect(editor(other)).toBeVisible();
        const text = await title(other).innerText();
        await other.context().close();
        return text;
      },
      { timeout: 40_000 },
    )
    .toBe('Kept on');
});
