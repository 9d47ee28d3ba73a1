import type { Page } from '@playwright/test';
import { documentPath, editor, expect, saveState, saved, test, title } from './site.ts';

/** How far the page could be scrolled sideways, px. */
function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

for (const width of [320, 390]) {
  test(`at ${width} px nothing scrolls sideways and every control can be hit`, async ({ visit }) => {
    const phone = { viewport: { width, height: 700 }, hasTouch: true, isMobile: true };
    const page = await visit(documentPath('phone'), phone);
    await title(page).tap();
    await page.keyboard.type('A title that is far too long for the header of a phone, but not for its page');
    await page.keyboard.press('Enter');
    await page.keyboard.type('averyveryveryveryveryveryveryveryverylongwordwithoutanyspacesinit '.repeat(3));
    const friend = await visit(documentPath('phone'), { name: 'Bartholomew Featherstonehaugh' });
    await expect(page.getByTestId('faces')).toBeVisible();
    await saved(page);
    expect(await overhang(page)).toBe(0);
    await expect(saveState(page)).toBeInViewport({ ratio: 1 });
    await friend.close();

    for (const name of ['undo', 'redo', 'bold', 'italic']) {
      const box = await page.getByTestId(`format-${name}`).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
      expect(box?.width).toBeGreaterThanOrEqual(44);
    }
    const bar = await page.getByRole('toolbar', { name: 'Format' }).boundingBox();
    expect(Math.round((bar?.y ?? 0) + (bar?.height ?? 0))).toBe(700);

    await page.getByTestId('menu').tap();
    const drawer = page.getByRole('dialog', { name: 'Menu' });
    await expect(drawer).toBeVisible();
    expect(await overhang(page)).toBe(0);
    await drawer.getByRole('link', { name: 'Home' }).tap();
    await expect(drawer).toHaveCount(0);
    await expect(page.getByTestId('document-list')).toBeVisible();
    expect(await overhang(page)).toBe(0);
    await page.getByTestId('document-list').getByRole('link').tap();
    await expect(editor(page)).toBeVisible();
  });
}
