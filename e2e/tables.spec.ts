import type { Locator, Page } from '@playwright/test';
import * as Y from 'yjs';
import {
  documentPath,
  editor,
  expect,
  paste,
  peer,
  press,
  saved,
  test,
  textOf,
  title,
  violations,
} from './site.ts';

/** A document with a table of three rows and columns, the caret in its first cell. */
async function withTable(page: Page): Promise<void> {
  await title(page).click();
  await page.keyboard.type('Stock');
  await press(page, 'Enter');
  await page.keyboard.type('What we have.');
  await press(page, 'Control+Alt+t');
  await expect(editor(page).locator('table')).toBeVisible();
}

/** The words of each cell, row by row. */
function cells(page: Page): Promise<string[][]> {
  return editor(page).evaluate((text) =>
    [...text.querySelectorAll('tr')].map((row) => [...row.cells].map(({ innerText }) => innerText.trim())),
  );
}

/** A header that nobody has named yet has no name. */
const RULES = { without: ['empty-table-header'] };

test('FLOW-12: what undo brings back into cells is selected, and what is typed then takes no more', async ({
  visit,
}) => {
  const page = await visit(documentPath('undo-cells'));
  await withTable(page);
  for (const words of ['Thing', 'Shelf', 'Count', 'Nails', 'B4']) {
    await page.keyboard.type(words);
    await press(page, 'Tab');
  }
  await saved(page);
  // What was done before is no step of this page any more.
  await page.reload();
  const cell = (words: string) => editor(page).getByText(words, { exact: true });
  await cell('B4').click({ clickCount: 3 });
  await page.keyboard.type('C1');
  await expect(cell('C1')).toBeVisible();
  // What took the place of the cell, and what was typed behind it, are a step each.
  await press(page, 'Control+z', 'Control+z');
  await expect(cell('B4')).toBeVisible();
  await page.keyboard.type('D2');
  await expect.poll(async () => (await cells(page))[1]).toEqual(['Nails', 'D2', '']);
  await expect(title(page)).toHaveText('Stock');

  await cell('Nails').hover();
  await page.mouse.down();
  await cell('D2').hover();
  await page.mouse.up();
  const selected = editor(page).locator('.selectedCell');
  await expect(selected).toHaveText(['Nails', 'D2']);
  await press(page, 'Delete');
  await expect.poll(async () => (await cells(page))[1]).toEqual(['', '', '']);
  await press(page, 'Control+z');
  await expect(selected).toHaveText(['Nails', 'D2']);
  await saved(page);
});

test('a table is written by the keyboard alone, and two see the same', async ({ visit }) => {
  const path = documentPath('stock');
  const page = await visit(path);
  const friend = await visit(path, { name: 'Ben Okri' });
  await withTable(page);
  for (const words of ['Thing', 'Shelf', 'Count', 'Nails', 'B4', '200', 'Glue', 'A1']) {
    await page.keyboard.type(words);
    await press(page, 'Tab');
  }
  await page.keyboard.type('3');
  await press(page, 'Tab');
  await page.keyboard.type('Tape');
  await press(page, 'Shift+Tab', 'Shift+Tab');
  await page.keyboard.type('Strong ');
  const wanted = [
    ['Thing', 'Shelf', 'Count'],
    ['Nails', 'B4', '200'],
    ['Glue', 'Strong', '3'],
    ['Tape', '', ''],
  ];
  await expect.poll(() => cells(page)).toEqual(wanted);
  await expect.poll(() => cells(friend)).toEqual(wanted);
  await expect(editor(friend).locator('th')).toHaveText(['Thing', 'Shelf', 'Count']);

  // Shift+F10 opens the menu where the caret is; arrows, Enter and Escape as in any menu.
  await press(page, 'Shift+F10');
  const menu = page.getByRole('menu', { name: 'Table' });
  await expect(menu.getByRole('menuitem', { name: 'Insert row above' })).toBeFocused();
  await press(page, 'ArrowDown', 'ArrowDown', 'Enter');
  await expect(menu).toBeHidden();
  await expect(editor(page)).toBeFocused();
  await expect
    .poll(async () => (await cells(friend)).map(([first]) => first))
    .toEqual(['Thing', 'Glue', 'Nails', 'Tape']);
  await press(page, 'Shift+F10', 'Escape');
  await expect(editor(page)).toBeFocused();
  await press(page, 'Control+z');
  await expect
    .poll(async () => (await cells(friend)).map(([first]) => first))
    .toEqual(['Thing', 'Nails', 'Glue', 'Tape']);
  await saved(page);
});

test('arrows from outside go into a table, and with Shift over it as a whole', async ({ visit }) => {
  const page = await visit(documentPath('table arrows'));
  await withTable(page);
  await press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown');
  await page.keyboard.type('behind');
  await press(page, 'Home', 'ArrowLeft');
  await page.keyboard.type('last');
  await expect.poll(async () => (await cells(page))[2]).toEqual(['', '', 'last']);
  await editor(page).getByText('What we have.').click();
  await press(page, 'End', 'ArrowRight');
  await page.keyboard.type('first');
  await expect.poll(async () => (await cells(page))[0]).toEqual(['first', '', '']);

  const selected = () => page.evaluate(() => String(document.getSelection()));
  await editor(page).getByText('What we have.').click();
  await press(page, 'End', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Shift+ArrowDown');
  await expect.poll(selected).toMatch(/^ave.*first.*last\s*$/s);
  await press(page, 'Shift+ArrowRight', 'Shift+ArrowRight');
  await expect.poll(selected).toMatch(/^ave.*first.*last\s*be$/s);
  await editor(page).getByText('behind').click();
  await press(page, 'Home', 'ArrowRight', 'Shift+ArrowUp');
  await expect.poll(selected).toMatch(/^\s*first.*last\s*b$/s);
  await press(page, 'Shift+ArrowDown');
  await press(page, 'Home', 'Shift+ArrowLeft', 'Delete');
  await expect(editor(page).locator('table')).toHaveCount(0);
  await expect(editor(page)).toContainText('What we have.behind');
  await press(page, 'Control+z');
  await expect.poll(async () => (await cells(page))[0]).toEqual(['first', '', '']);
});

test('WAYS-15: what is selected ends in no cell, so a table keeps its shape when that is deleted', async ({
  visit,
}) => {
  const page = await visit(documentPath('past the edge'));
  await withTable(page);
  await press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown');
  await page.keyboard.type('behind');
  const marked = editor(page).locator('.selectedCell');
  // From a cell on: to the table's end.
  await editor(page).locator('tr').nth(1).locator('td').nth(1).click();
  await press(page, 'Control+Shift+End');
  await expect(marked).toHaveCount(4);
  await press(page, 'Delete');
  await expect(editor(page).locator('tr')).toHaveCount(3);
  await expect(editor(page)).toContainText('behind');
  // From outside into a cell: the table as a whole.
  await page.keyboard.type('Glue');
  await editor(page).getByText('What we have.').click();
  await press(page, 'Home', 'ArrowRight');
  await editor(page)
    .getByText('Glue')
    .click({ modifiers: ['Shift'] });
  await page.keyboard.type('y ');
  await expect(editor(page).locator('table')).toHaveCount(0);
  await expect(editor(page).locator('p').last()).toHaveText('Wy behind');
  await press(page, 'Control+z');
  await expect(editor(page).locator('tr')).toHaveCount(3);
});

test('handles say where they are, and their menus change rows, columns and cells', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('handles'));
  await withTable(page);
  await page.keyboard.type('Name');
  await press(page, 'ArrowDown');
  await page.keyboard.type('Ada');
  const row = page.getByTestId('table-row');
  const column = page.getByTestId('table-column');
  await expect(row).toHaveAccessibleName('Row 2 of 3');
  await expect(column).toHaveAccessibleName('Column 1 of 3');
  await row.click();
  await expect(page.getByRole('menu', { name: 'Row 2 of 3' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('row-menu.png') });
  expect(await violations(page, RULES)).toEqual([]);
  await page.getByTestId('table-rowUp').click();
  await expect
    .poll(() => cells(page))
    .toEqual([
      ['Ada', '', ''],
      ['Name', '', ''],
      ['', '', ''],
    ]);
  await expect(editor(page).locator('th').first()).toHaveText('Ada');
  await column.click();
  await page.getByTestId('table-headerColumn').click();
  await expect(editor(page).locator('th')).toHaveCount(5);
  await column.click();
  await expect(page.getByTestId('table-headerColumn')).toHaveAttribute('aria-checked', 'true');
  await page.getByTestId('table-background-blue').click();
  await expect(editor(page).locator('[data-background="blue"]')).toHaveCount(3);
  await page.getByTestId('table-add-column').click();
  await page.getByTestId('table-add-row').click();
  await expect(editor(page).locator('tr')).toHaveCount(4);
  await expect(editor(page).locator('tr').first().locator('th')).toHaveCount(4);
  await row.click();
  await page.getByTestId('table-mergeCells').click();
  await expect(editor(page).locator('[colspan="4"]')).toHaveCount(1);
  await row.click();
  await page.getByTestId('table-splitCell').click();
  await expect(editor(page).locator('[colspan]:not([colspan="1"])')).toHaveCount(0);
  await press(page, 'Shift+F10');
  await page.getByTestId('table-deleteTable').click();
  await expect(editor(page).locator('table')).toHaveCount(0);
  await saved(page);
});

test('a column takes the width that the mouse or the menu gives it, for everybody', async ({ visit }) => {
  const path = documentPath('widths');
  const page = await visit(path);
  const friend = await visit(path);
  await withTable(page);
  const first = editor(page).locator('th').first();
  const before = await first.boundingBox();
  if (!before) throw new Error('There is no cell.');
  await page.mouse.move(before.x + before.width - 1, before.y + 10);
  await page.mouse.down();
  await page.mouse.move(before.x + before.width - 81, before.y + 10, { steps: 4 });
  await page.mouse.up();
  const width = async (of: Page) =>
    Math.round((await editor(of).locator('th').first().boundingBox())?.width ?? 0);
  const narrow = await width(page);
  expect(narrow).toBeLessThan(before.width - 40);
  await expect.poll(() => editor(friend).locator('col').first().getAttribute('style')).toMatch(/width/);
  await editor(page).locator('th').first().click();
  await page.getByTestId('table-column').click();
  await page.getByTestId('table-wider').click();
  await expect.poll(() => width(page)).toBeGreaterThan(narrow + 20);
  await saved(page);
});

test('cells from a spreadsheet go into cells, as HTML and as text', async ({ visit }) => {
  const page = await visit(documentPath('spreadsheet'));
  await withTable(page);
  await paste(page, {
    'text/html':
      '<meta charset="utf-8"><table><tr><td>1</td><td style="color:red">2</td></tr><tr><td>3</td><td>4</td></tr></table>',
    'text/plain': '1\t2\n3\t4',
  });
  await expect
    .poll(() => cells(page))
    .toEqual([
      ['1', '2', ''],
      ['3', '4', ''],
      ['', '', ''],
    ]);
  await press(page, 'Control+z');
  await expect
    .poll(() => cells(page))
    .toEqual([
      ['', '', ''],
      ['', '', ''],
      ['', '', ''],
    ]);
  await editor(page).locator('td').last().click();
  // What stands above it may grow without a change of the document, as an image that comes: its tools go along.
  const toolsAreOff = async () => {
    const row = await page.getByTestId('table-row').boundingBox();
    const line = await editor(page).locator('tr').last().boundingBox();
    return Math.abs((row?.y ?? NaN) - (line?.y ?? NaN));
  };
  await editor(page).evaluate((prose) => (prose.style.paddingBlockStart = '90px'));
  await expect.poll(toolsAreOff).toBeLessThan(2);
  await paste(page, { 'text/plain': 'a\tb\n"two\nlines"\td\n' });
  await expect
    .poll(async () => (await cells(page)).slice(2))
    .toEqual([
      ['', '', 'a', 'b'],
      ['', '', 'two\n\nlines', 'd'],
    ]);
  await press(page, 'Control+End');
  await paste(page, { 'text/plain': 'x\ty\nz\tw' });
  await expect(editor(page).locator('table')).toHaveCount(2);
  // PASTE-10: behind it one can go on, also by HTML of its own.
  const last = editor(page).locator(':scope > :last-child');
  await expect(last).toHaveText('');
  await press(page, 'Control+End');
  await page.keyboard.type('behind');
  await expect(last).toHaveText('behind');
  await paste(page, { 'text/html': '<table><tr><td>u</td><td>v</td></tr></table>', 'text/plain': 'u\tv' });
  await expect(editor(page).locator('table')).toHaveCount(3);
  await expect(last).toHaveText('');
  await saved(page);
});

test('PASTE-11: cells go to a spreadsheet as it takes them; the menu aligns them for everybody', async ({
  visit,
}) => {
  const path = documentPath('to a spreadsheet');
  const page = await visit(path, { permissions: ['clipboard-read', 'clipboard-write'] });
  const friend = await visit(path);
  await withTable(page);
  for (const words of ['Thing', 'Shelf', 'Count', 'Nails', '@tomorrow']) {
    await page.keyboard.type(words);
    if (words === '@tomorrow') await expect(page.getByTestId('mention-menu')).toBeVisible();
    await press(page, ...(words === '@tomorrow' ? ['Enter', 'Tab'] : ['Tab']));
  }
  await page.keyboard.type('two');
  await press(page, 'Enter');
  await page.keyboard.type('lines');
  const cell = (row: number, column: number) =>
    editor(page).locator('tr').nth(row).locator('td, th').nth(column);
  const drag = async (from: Locator, to: Locator) => {
    const [begin, end] = await Promise.all([from.boundingBox(), to.boundingBox()]);
    if (!begin || !end) throw new Error('There is no cell.');
    await page.mouse.move(begin.x + 20, begin.y + 12);
    await page.mouse.down();
    await page.mouse.move(end.x + 20, end.y + 12, { steps: 5 });
    await page.mouse.up();
  };
  await drag(cell(0, 0), cell(1, 2));
  await expect(editor(page).locator('.selectedCell')).toHaveCount(6);
  await press(page, 'Control+c');
  const day = (await editor(page).locator('time').getAttribute('datetime')) ?? '';
  const taken = () => page.evaluate(() => navigator.clipboard.readText());
  expect(await taken()).toBe(`Thing\tShelf\tCount\nNails\t${day}\t"two\nlines"`);

  await press(page, 'Shift+F10');
  await page.getByTestId('table-align-end').click();
  for (const of of [page, friend])
    await expect(editor(of).locator('tr').nth(1).locator('td').first().locator('p')).toHaveCSS(
      'text-align',
      'end',
    );
  await expect(editor(friend).locator('[data-align=end]')).toHaveCount(6);
  await cell(1, 0).click();
  await expect(editor(page).locator('.selectedCell')).toHaveCount(0);
  await press(page, 'Shift+F10');
  await expect(page.getByTestId('table-align-end')).toHaveAttribute('aria-checked', 'true');
  await page.getByTestId('table-align-center').click();
  await expect(editor(friend).locator('[data-align=center]')).toHaveCount(1);
  await press(page, 'Shift+F10');
  await page.getByTestId('table-align-start').click();
  await expect(editor(friend).locator('[data-align=center]')).toHaveCount(0);

  // As it is, it is pasted here again.
  const text = await taken();
  await press(page, 'Control+End');
  await paste(page, { 'text/plain': text });
  await expect(editor(page).locator('table')).toHaveCount(2);
  await expect
    .poll(async () => (await cells(page)).slice(3))
    .toEqual([
      ['Thing', 'Shelf', 'Count'],
      ['Nails', day, 'two\n\nlines'],
    ]);
  await saved(page);
});

for (const colorScheme of ['light', 'dark'] as const)
  for (const [shape, viewport] of [
    ['wide', { width: 1280, height: 800 }],
    ['narrow', { width: 320, height: 700 }],
  ] as const)
    test(`a wide table scrolls in its own box, ${colorScheme}, ${shape}`, async ({ visit }, info) => {
      const touch = shape === 'narrow' ? { hasTouch: true, isMobile: true } : {};
      const page = await visit(documentPath('wide'), { colorScheme, viewport, ...touch });
      await withTable(page);
      for (const words of ['Thing', 'Shelf', 'Count', 'Nails, 40 mm', 'B4', '200']) {
        await page.keyboard.type(words);
        await press(page, 'Tab');
      }
      for (let column = 0; column < 5; column += 1)
        await page.getByTestId('table-add-column').click({ force: true });
      await editor(page).locator('td').first().click();
      const overhang = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overhang).toBe(0);
      const box = editor(page).locator('.tableWrapper');
      expect(await box.evaluate((of) => of.scrollWidth > of.clientWidth)).toBe(true);
      expect(await violations(page, RULES)).toEqual([]);
      // It is scrolled from the keyboard, by moving the caret in it.
      const last = editor(page).locator('tr').nth(1).locator('td').last();
      await press(page, 'Home', ...Array.from({ length: 7 }, () => 'Tab'));
      await expect.poll(() => box.evaluate((of) => of.scrollLeft)).toBeGreaterThan(0);
      await expect(last).toBeInViewport();
      await press(page, ...Array.from({ length: 7 }, () => 'Shift+Tab'));
      await expect(editor(page).locator('td').first()).toBeInViewport();
      await page.screenshot({ path: info.outputPath('table.png'), animations: 'disabled' });
      await page.evaluate(() => (document.documentElement.dir = 'rtl'));
      await editor(page).locator('td').nth(1).click();
      await page.screenshot({ path: info.outputPath('table-rtl.png'), animations: 'disabled' });
      // To the left is on, where one reads from the right.
      await press(page, 'Home', 'ArrowLeft');
      await page.keyboard.type('x');
      await expect(editor(page).locator('td').nth(2)).toContainText('x');
    });

test('REVIEW-2: what others suggest of a table, a row and a cell is shown', async ({ visit, site }, info) => {
  const page = await visit(documentPath('suggested'));
  const friend = peer(site, 'suggested');
  await withTable(page);
  await page.keyboard.type('One');
  await expect.poll(() => textOf(friend.doc)).toContain('One');
  const parts = friend.doc.getText('content').toDelta() as { insert: unknown }[];
  const elements = parts.flatMap(({ insert }) => (insert instanceof Y.XmlElement ? [insert] : []));
  const suggestion = { kind: 'deletion', author: 'Ada', time: 1_790_000_000_000 };
  for (const name of ['table', 'row', 'cell'])
    elements
      .filter(({ nodeName }) => nodeName === name)
      .at(name === 'row' ? 1 : 0)
      ?.setAttribute('suggestion:a', suggestion as unknown as string);
  const shown = editor(page).locator('[data-suggestions]');
  await expect(shown).toHaveCount(3);
  const names = await shown.evaluateAll((all) => all.map(({ localName }) => localName));
  expect(names).toEqual(['table', 'th', 'tr']);
  await expect(shown.nth(1)).toHaveText('One');
  await page.screenshot({ path: info.outputPath('suggested.png'), animations: 'disabled' });
  for (const element of elements) element.removeAttribute('suggestion:a');
  await expect(shown).toHaveCount(0);
  friend.close();
});
