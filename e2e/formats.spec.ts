import type { Locator } from '@playwright/test';
import { documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';

for (const [shape, viewport, colorScheme] of [
  ['wide', { width: 1280, height: 900 }, 'light'],
  ['narrow', { width: 320, height: 640 }, 'dark'],
] as const)
  test(`MARK-1: colours, script and alignment by keyboard; others see them, and clearing takes them off, ${shape}`, async ({
    visit,
  }, info) => {
    const page = await visit(documentPath('formats'), { viewport, colorScheme });
    await title(page).click();
    await page.keyboard.type('Formats');
    await press(page, 'Enter');
    await page.keyboard.type('water H');
    await press(page, 'Control+,');
    await page.keyboard.type('2');
    await press(page, 'Control+,');
    await page.keyboard.type('O');
    await press(page, 'Shift+Home', 'Control+Shift+H', 'Control+Shift+E');
    await expect(editor(page).locator('sub')).toHaveText('2');
    await expect(editor(page).locator('mark').first()).toHaveText(/^water H/);
    const paragraph = editor(page).locator('p').filter({ hasText: 'water' });
    await expect(paragraph).toHaveCSS('text-align', 'center');

    const opener = page.getByRole('button', { name: 'Colours' });
    await press(page, 'Alt+F10', 'End', 'ArrowLeft');
    await expect(opener).toBeFocused();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu', { name: 'Colours' });
    await expect(menu.getByRole('menuitemradio', { checked: true })).toHaveCount(2);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('colours.png'), animations: 'disabled' });
    await press(page, 'ArrowRight', 'ArrowRight', 'Enter');
    await expect(menu).toBeHidden();
    await expect(editor(page)).toBeFocused();
    await expect(editor(page).locator('span[data-color="red"]').first()).toBeVisible();
    await saved(page);
    await page.screenshot({ path: info.outputPath('formats.png'), animations: 'disabled' });

    const other = await visit(documentPath('formats'));
    await expect(editor(other).locator('mark').first()).toHaveText(/^water H/);
    await expect(editor(other).locator('p').filter({ hasText: 'water' })).toHaveCSS('text-align', 'center');
    await page.emulateMedia({ media: 'print' });
    await expect(editor(page).locator('mark').first()).toHaveCSS('print-color-adjust', 'exact');
    await page.emulateMedia({ media: 'screen' });

    await press(page, 'Control+\\');
    await expect(editor(page).locator('mark, sub, span[data-color]')).toHaveCount(0);
    await expect(paragraph).toHaveCSS('text-align', 'start');
    await press(page, 'Control+z');
    await expect(editor(other).locator('sub')).toHaveText('2');
    await expect(paragraph).toHaveCSS('text-align', 'center');
  });

/** How far a text stands in from the side where it begins, px. */
function insetOf(text: Locator): Promise<number> {
  return text.evaluate((element) => {
    const [box, around] = [element, element.parentElement ?? element].map((one) =>
      one.getBoundingClientRect(),
    );
    if (!box || !around) return Number.NaN;
    const rightToLeft = getComputedStyle(element).direction === 'rtl';
    return Math.round(rightToLeft ? around.right - box.right : box.left - around.left);
  });
}

for (const [shape, options] of [
  ['wide', { viewport: { width: 1280, height: 900 } }],
  ['on a phone', { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }],
  ['right to left', { locale: 'ar-EG', colorScheme: 'dark' }],
] as const)
  test(`MARK-6: a text is indented by keys and by the bar, others see it, and it is printed so, ${shape}`, async ({
    visit,
  }, info) => {
    const page = await visit(documentPath('indentation'), options);
    const written = page.getByTestId('editor');
    await written.locator('h1').click();
    await page.keyboard.type('Steps');
    await press(page, 'Enter');
    await page.keyboard.type('alpha');
    await press(page, 'Enter');
    const empty = written.locator('p').nth(1);
    const side = await empty.evaluate((element) => getComputedStyle(element).direction);
    await press(page, 'Control+]');
    // Nothing is written there yet: the caret stays on the side of the page.
    await expect(empty).toHaveCSS('direction', side);
    await page.keyboard.type('bravo');
    const text = written.locator('p').filter({ hasText: 'bravo' });
    await expect(text).toHaveAttribute('data-inset', '1');
    const step = await insetOf(text);
    expect(step).toBeGreaterThanOrEqual(16);
    await expect(page.getByTestId('menu-said')).toContainText(
      shape === 'right to left' ? '1' : 'Indented by 1 step',
    );

    const button = page.getByTestId('format-indent');
    const more = page.getByTestId('format-more');
    const isFolded = await button.evaluate((element) => getComputedStyle(element).visibility === 'hidden');
    if (isFolded) {
      await more.click();
      expect(await violations(page)).toEqual([]);
      await page.getByTestId('format-menu').getByTestId('item-indent').click();
    } else await button.click();
    expect(await insetOf(text)).toBe(2 * step);
    await expect(written).toBeFocused();
    for (let at = 3; at <= 8; at += 1) await press(page, 'Control+]');
    await expect(text).toHaveAttribute('data-inset', '8');
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    const [width, room] = await text.evaluate((element) => [
      element.clientWidth,
      element.parentElement?.clientWidth ?? 0,
    ]);
    expect(width).toBeGreaterThan((room ?? 0) / 2 - 8);
    for (let at = 7; at >= 2; at -= 1) await press(page, 'Control+[');
    await page.screenshot({ path: info.outputPath('indented.png'), animations: 'disabled' });

    const other = await visit(documentPath('indentation'));
    const seen = editor(other).locator('p').filter({ hasText: 'bravo' });
    await expect(seen).toHaveAttribute('data-inset', '2');
    await seen.click();
    await press(other, 'End');
    await other.keyboard.type(' charlie');
    await expect(text).toHaveText('bravo charlie');
    await press(page, 'Home', 'Backspace');
    await expect(seen).toHaveAttribute('data-inset', '1');
    await expect(text).toHaveText('bravo charlie');
    await press(page, 'Control+z');
    await expect(seen).toHaveText('bravo charlie');
    await page.emulateMedia({ media: 'print' });
    expect(await insetOf(text)).toBeGreaterThan(0);
    await page.emulateMedia({ media: 'screen' });

    // A text in the other direction stands in from where it begins.
    await press(page, 'Control+A', 'Delete', 'Control+]');
    await page.keyboard.type(shape === 'right to left' ? 'delta' : 'مرحبا');
    const turned = written.locator('[data-inset]');
    await expect(turned).toHaveCSS('direction', shape === 'right to left' ? 'ltr' : 'rtl');
    expect(await insetOf(turned)).toBeGreaterThan(0);
    await press(page, 'Home', 'Backspace');
    await expect(written.locator('[data-inset]')).toHaveCount(0);
  });

test('MARK-1: each mark and each alignment by its key and by its button, and others see them', async ({
  visit,
}) => {
  const page = await visit(documentPath('marks'));
  const other = await visit(documentPath('marks'));
  await title(page).click();
  await page.keyboard.type('Marks');
  const marks = [
    ['bold', 'Control+b', 'strong'],
    ['italic', 'Control+i', 'em'],
    ['underline', 'Control+u', 'u'],
    ['strike', 'Control+Shift+s', 's'],
    ['subscript', 'Control+,', 'sub'],
    ['superscript', 'Control+.', 'sup'],
    ['highlight', 'Control+Shift+h', 'mark'],
    ['code', 'Control+e', 'code'],
  ] as const;
  for (const [id, key, selector] of marks)
    await test.step(id, async () => {
      await press(page, 'Control+End', 'Enter');
      await page.keyboard.type(`is ${id}`);
      const paragraph = (of: typeof page) =>
        editor(of)
          .locator('p')
          .filter({ hasText: `is ${id}` });
      const button = page.getByTestId(`format-${id}`);
      await press(page, 'Control+Shift+ArrowLeft', key);
      await expect(paragraph(other).locator(selector)).toHaveText(id);
      await expect(button).toHaveAttribute('aria-pressed', 'true');
      await button.click();
      await expect(paragraph(other).locator(selector)).toHaveCount(0);
      await expect(button).toHaveAttribute('aria-pressed', 'false');
      await button.click();
      await expect(paragraph(other).locator(selector)).toHaveText(id);
      await press(page, 'Control+z');
      await expect(paragraph(other).locator(selector)).toHaveCount(0);
      await press(page, 'Control+Shift+z');
      await expect(paragraph(other).locator(selector)).toHaveText(id);
    });
  for (const [align, key] of [
    ['end', 'Control+Shift+r'],
    ['justify', 'Control+Shift+j'],
    ['center', 'Control+Shift+e'],
  ] as const)
    await test.step(align, async () => {
      await press(page, 'Control+End', 'Enter', 'Control+Shift+l');
      await page.keyboard.type(`at ${align}`);
      const paragraph = (of: typeof page) =>
        editor(of)
          .locator('p')
          .filter({ hasText: `at ${align}` });
      // What does not fit into the bar is in its menu.
      const choose = async (id: string) => {
        await page.getByTestId('format-more').click();
        const item = page.getByRole('menu', { name: 'More formatting' }).getByTestId(`item-align-${id}`);
        const checked = await item.getAttribute('aria-checked');
        await item.click();
        return checked;
      };
      await expect(paragraph(page)).toHaveCSS('text-align', 'start');
      await press(page, key);
      await expect(paragraph(other)).toHaveCSS('text-align', align);
      expect(await choose('start')).toBe('false');
      await expect(paragraph(other)).toHaveCSS('text-align', 'start');
      expect(await choose(align)).toBe('false');
      await expect(paragraph(other)).toHaveCSS('text-align', align);
      expect(await choose(align)).toBe('true');
    });
  await saved(page);
});

test('A11Y-5: a task is checked by mouse, by key and by touch, and its box is named by what is to be done', async ({
  visit,
}) => {
  const page = await visit(documentPath('tasks'), { hasTouch: true });
  const other = await visit(documentPath('tasks'));
  await title(page).click();
  await page.keyboard.type('Tasks\n[ ] buy glue\ncount nails');
  const glue = page.getByRole('checkbox', { name: 'Task: buy glue' });
  const seen = (name: string) => other.getByRole('checkbox', { name });
  await expect(page.getByRole('checkbox')).toHaveCount(2);
  await glue.click();
  await expect(seen('Task: buy glue')).toBeChecked();
  await expect(seen('Task: count nails')).not.toBeChecked();
  await glue.click();
  await expect(seen('Task: buy glue')).not.toBeChecked();
  // By key from within the text.
  await editor(page).locator('p').filter({ hasText: 'count nails' }).click();
  await press(page, 'Control+Enter');
  await expect(seen('Task: count nails')).toBeChecked();
  await expect(editor(page)).toBeFocused();
  await press(page, 'Control+Enter');
  await expect(seen('Task: count nails')).not.toBeChecked();
  await glue.tap();
  await expect(seen('Task: buy glue')).toBeChecked();
  await editor(page).locator('p').filter({ hasText: 'buy glue' }).click();
  await press(page, 'End');
  await page.keyboard.type(' and tape');
  await expect(seen('Task: buy glue and tape')).toBeChecked();
  expect(await violations(page)).toEqual([]);
  await saved(page);
});
