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
