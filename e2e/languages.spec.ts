import { documentPath, expect, saved, test, violations } from './site.ts';

test('the page speaks the language of the browser, from its side of the screen', async ({ visit }, info) => {
  const page = await visit('/', { locale: 'ar-EG' });
  const html = page.locator('html');
  await expect(html).toHaveAttribute('lang', 'ar');
  await expect(html).toHaveAttribute('dir', 'rtl');
  await page.getByTestId('create-document').click();
  const text = page.getByTestId('editor');
  await expect(text).toBeFocused();
  await page.keyboard.type('خطة الإطلاق\nنفتح الأبواب في التاسع.');
  await saved(page);
  await expect(page.getByTestId('save-state')).toHaveText('محفوظ');
  const sidebar = await page.getByRole('navigation').boundingBox();
  const stage = await text.boundingBox();
  expect(sidebar?.x).toBeGreaterThan((stage?.x ?? 0) + (stage?.width ?? 0));
  // The letters are drawn with the font that came for them.
  await expect
    .poll(() => page.evaluate(() => document.fonts.check('16px "Noto Sans Arabic Variable"', 'خطة')))
    .toBe(true);
  // Keys stand at the end of their row, which is on the left.
  const keys = await page.getByTestId('search').locator('kbd').boundingBox();
  expect((keys?.x ?? 0) - (sidebar?.x ?? 0)).toBeLessThan(24);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('arabic.png'), animations: 'disabled' });
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.screenshot({ path: info.outputPath('arabic-phone.png'), animations: 'disabled' });
});

test('who reads English gets no other language and no other font', async ({ visit }) => {
  const page = await visit('/nowhere');
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(new URL(documentPath('plain'), page.url()).href);
  await saved(page);
  expect(fetched.filter((path) => /arabic|assets\/(?:de|ar)-/.test(path))).toEqual([]);
});

test('a language is chosen beside the name, and is kept', async ({ visit }) => {
  const page = await visit(documentPath('sprache'));
  await saved(page);
  await page.getByTestId('self').click();
  await page.getByTestId('person-language').selectOption('de');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByTestId('save-state')).toHaveText('Gespeichert');
  await expect(page.getByRole('textbox', { name: 'Dokument' })).toBeVisible();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  // An address may ask for another one, for once.
  await page.goto(`${page.url()}?lang=en`);
  await expect(page.getByTestId('save-state')).toHaveText('Saved');
});
