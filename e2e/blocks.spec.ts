import type { Page } from '@playwright/test';
import { boxOf, documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';

async function write(page: Page, lines: string): Promise<void> {
  await title(page).click();
  await page.keyboard.type(`Title\n${lines}`);
  await saved(page);
}

const blocks = (page: Page) => editor(page).locator('p, h2, pre');

test('a block is moved, copied and deleted by keyboard, and its menu opens there', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('blocks'));
  await write(page, 'one\ntwo\nthree');
  await press(page, 'Alt+Shift+ArrowUp', 'Alt+Shift+ArrowUp');
  await expect(blocks(page)).toHaveText(['three', 'one', 'two']);
  await press(page, 'Alt+Shift+ArrowUp');
  await expect(blocks(page)).toHaveText(['three', 'one', 'two']);
  await expect(title(page)).toHaveText('Title');
  await press(page, 'Alt+Shift+ArrowDown', 'Control+Shift+d');
  await expect(blocks(page)).toHaveText(['one', 'three', 'three', 'two']);

  await press(page, 'Alt+Shift+b');
  const menu = page.getByRole('menu', { name: 'Block' });
  await expect(menu.getByRole('menuitemcheckbox').first()).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('menu.png'), animations: 'disabled' });
  await page.keyboard.press('q');
  await expect(menu.getByRole('menuitemcheckbox', { name: 'Quote' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(menu).toBeHidden();
  await expect(editor(page)).toBeFocused();
  await expect(editor(page).locator('blockquote')).toHaveText('three');
  await press(page, 'Alt+Shift+b', 'End', 'Enter');
  await expect(blocks(page)).toHaveText(['one', 'three', 'two']);
});

test('the handle goes with the mouse that leaves the window', async ({ visit }) => {
  const page = await visit(documentPath('leaves'));
  await write(page, 'one');
  await editor(page).getByText('one', { exact: true }).hover();
  const handle = page.getByTestId('block-handle');
  await expect(handle).toBeVisible();
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  // Through the edge beside which there is nothing but the text.
  await page.mouse.move(width - 2, height / 2);
  await editor(page).getByText('one', { exact: true }).hover();
  await expect(handle).toBeVisible();
  await page.mouse.move(width + 40, height / 2);
  await expect(handle).toBeHidden();
});

test('a block is dragged between levels by its handle, with what stands in it', async ({ visit }, info) => {
  const page = await visit(documentPath('drag'));
  await write(page, '- list\ninner\n\nlast');
  await expect(editor(page).getByRole('listitem')).toHaveCount(2);
  const last = editor(page).getByText('last', { exact: true });
  await last.hover();
  const handle = page.getByTestId('block-handle');
  await expect(handle).toBeVisible();
  const from = await boxOf(handle);
  const inner = await boxOf(editor(page).getByText('inner', { exact: true }));
  const column = await boxOf(editor(page));
  await page.mouse.move(from.x + 12, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(column.x + 40, inner.y + inner.height - 3, { steps: 8 });
  await page.screenshot({ path: info.outputPath('drag.png'), animations: 'disabled' });
  await page.mouse.up();
  await expect(editor(page).getByRole('listitem').nth(1)).toHaveText('innerlast');
  await press(page, 'Control+z');
  await expect(editor(page).getByRole('listitem').nth(1)).toHaveText('inner');
  // Escape ends a drag without moving anything.
  await last.hover();
  const again = await boxOf(handle);
  await page.mouse.move(again.x + 12, again.y + 12);
  await page.mouse.down();
  await page.mouse.move(column.x + 5, inner.y + 2, { steps: 5 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(blocks(page)).toHaveText(['list', 'inner', 'last']);
});

test('a drag goes on while others write, also above it, and ends where they delete the block', async ({
  visit,
}) => {
  const path = documentPath('drag meanwhile');
  const page = await visit(path);
  await write(page, 'one\ntwo\nthree\nfour');
  const friend = await visit(path);
  await expect(blocks(friend)).toHaveText(['one', 'two', 'three', 'four']);
  const handle = page.getByTestId('block-handle');
  const line = page.getByTestId('drop-line');
  const drag = async (words: string, to: string) => {
    await editor(page).getByText(words, { exact: true }).hover();
    const from = await boxOf(handle);
    await page.mouse.move(from.x + 12, from.y + 12);
    await page.mouse.down();
    const { x, y } = await boxOf(editor(page).getByText(to, { exact: true }));
    await page.mouse.move(x + 40, y + 3, { steps: 5 });
    await expect(line).toBeVisible();
  };
  await drag('four', 'two');
  await editor(friend).getByText('one', { exact: true }).click();
  await press(friend, 'End');
  await friend.keyboard.type('!\nnew');
  await expect(blocks(page)).toHaveText(['one!', 'new', 'two', 'three', 'four']);
  await expect(line).toBeVisible();
  // The handle has gone down with its block.
  const block = await boxOf(editor(page).getByText('four', { exact: true }));
  await expect.poll(async () => Math.abs((await boxOf(handle)).y - block.y)).toBeLessThan(block.height);
  const { x, y } = await boxOf(editor(page).getByText('two', { exact: true }));
  await page.mouse.move(x + 40, y + 3, { steps: 5 });
  await page.mouse.up();
  await expect(blocks(page)).toHaveText(['one!', 'new', 'four', 'two', 'three']);
  await expect(blocks(friend)).toHaveText(['one!', 'new', 'four', 'two', 'three']);

  await drag('three', 'new');
  await editor(friend).getByText('three', { exact: true }).click({ clickCount: 3 });
  await friend.keyboard.press('Backspace');
  await friend.keyboard.press('Backspace');
  await expect(blocks(page)).toHaveText(['one!', 'new', 'four', 'two']);
  await expect(line).toHaveCount(0);
  await page.mouse.up();
  await expect(blocks(page)).toHaveText(['one!', 'new', 'four', 'two']);
});

test('a choice in the menu of the handle closes it, and one types on in the block', async ({ visit }) => {
  const page = await visit(documentPath('choose in menu'));
  await write(page, 'one\ntwo');
  for (const [name, expected] of [
    ['Heading 2', ['one', 'two!']],
    ['Move up', ['two!!', 'one']],
    ['Duplicate', ['two!!', 'two!!!', 'one']],
  ] as const) {
    await blocks(page).filter({ hasText: 'two' }).last().hover();
    await page.getByTestId('block-handle').click();
    const menu = page.getByRole('menu', { name: 'Block' });
    await menu.getByRole('menuitem', { name }).or(menu.getByRole('menuitemcheckbox', { name })).click();
    await expect(menu, name).toHaveCount(0);
    await press(page, 'End', '!');
    await expect(blocks(page), name).toHaveText([...expected]);
  }
});

test('the handle opens the menu of its block, and a link to it leads there', async ({ visit }) => {
  const path = documentPath('link to block');
  const page = await visit(path, { permissions: ['clipboard-read', 'clipboard-write'] });
  await write(page, `${'f\n'.repeat(30)}the place`);
  await editor(page).getByText('the place').hover();
  const handle = page.getByTestId('block-handle');
  // WebKit says so between a press on it and its click: the pointer went nowhere else.
  await handle.evaluate((element) =>
    element.parentElement?.dispatchEvent(new PointerEvent('pointerleave', { clientX: 300, clientY: 300 })),
  );
  await handle.click();
  await page
    .getByRole('menu', { name: 'Block' })
    .getByRole('menuitem', { name: 'Copy link to block' })
    .click();
  await expect(page.getByTestId('menu-said')).toHaveText('Link to the block copied');
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toMatch(/#at=\d+\.\d+$/);
  // Whatever was written before it meanwhile, and wherever the block went.
  await press(page, 'Alt+Shift+ArrowUp');
  await saved(page);
  const friend = await visit(path + new URL(address).hash);
  await expect(editor(friend).getByText('the place')).toBeInViewport();
  await expect(editor(friend).locator('.linked-place')).toHaveCount(0);
  // So does one to what is no text: the menu at its handle is of it alone.
  await press(page, 'Control+End', 'Enter');
  await page.keyboard.type('---');
  await page.keyboard.type('under it');
  await editor(page).locator('hr').hover();
  await page.getByTestId('block-handle').click();
  await page.getByRole('menuitem', { name: 'Copy link to block' }).click();
  const line = new URL(await page.evaluate(() => navigator.clipboard.readText())).hash;
  expect(line).not.toBe(new URL(address).hash);
  await press(page, 'Alt+Shift+ArrowUp');
  await expect(editor(page).locator('hr + p')).not.toHaveText('under it');
  await saved(page);
  await friend.evaluate((hash) => location.assign(hash), line);
  await expect(editor(friend).locator('hr.linked-place')).toBeInViewport();
  // That there is no such place is said once the document is here, and not when that was waited for in vain, 10 s later.
  await friend.evaluate(() => location.assign('#at=77.12'));
  await expect(friend.getByTestId('menu-said')).toHaveText('The place that this link leads to is gone', {
    timeout: 8_000,
  });
});
