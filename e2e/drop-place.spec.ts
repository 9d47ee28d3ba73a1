import { begin, documentPath, editor, expect, test } from './site.ts';

test('where what is dragged over the text would be dropped is shown', async ({ visit }) => {
  const page = await visit(documentPath('drop'));
  await begin(page, 'Drop');
  await page.keyboard.type('one');
  const drag = (type: string) =>
    editor(page)
      .locator('p')
      .last()
      .evaluate((element, name) => {
        const { left, bottom } = element.getBoundingClientRect();
        const over = { clientX: left + 1, clientY: bottom - 1, dataTransfer: new DataTransfer() };
        element.dispatchEvent(new DragEvent(name, { ...over, bubbles: true, cancelable: true }));
      }, type);
  await drag('dragenter');
  await expect(async () => {
    await drag('dragover');
    await expect(page.locator('.drop-here')).toBeVisible({ timeout: 500 });
  }).toPass();
  await drag('dragend');
  await expect(page.locator('.drop-here')).toHaveCount(0);
});
