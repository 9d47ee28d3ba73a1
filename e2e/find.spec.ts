import type { Page } from '@playwright/test';
import { documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';

test('words are found across formatting, gone through, and replaced as one step', async ({ visit }, info) => {
  const page = await visit(documentPath('find'));
  await title(page).click();
  await page.keyboard.type('Title\nA plan, a **pla**ne and a Plan.\n- planned\n');
  await saved(page);
  await press(page, 'Control+Home', 'Control+f');
  const text = page.getByRole('textbox', { name: 'Find in the document' });
  const result = page.getByTestId('find-result');
  await expect(text).toBeFocused();
  await page.keyboard.type('plan');
  await expect(result).toHaveText('1 of 4');
  await expect(editor(page).locator('.match')).not.toHaveCount(0);
  await expect(editor(page).locator('.match.current')).toHaveText('plan');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('find.png'), animations: 'disabled' });
  await page.keyboard.press('Enter');
  await expect(result).toHaveText('2 of 4');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+F3');
  await expect(result).toHaveText('4 of 4');

  await page.getByRole('button', { name: 'Match case' }).click();
  await expect(result).toHaveText(/of 3$/);
  await page.getByRole('button', { name: 'Whole words' }).click();
  await expect(result).toHaveText('1 of 1');
  await page.getByRole('button', { name: 'Whole words' }).click();
  await page.getByRole('button', { name: 'Match case' }).click();
  await page.getByRole('button', { name: 'Replace…' }).click();
  await page.getByRole('textbox', { name: 'Replace with' }).fill('idea');
  await page.getByRole('button', { name: 'Replace all' }).click();
  await expect(page.getByTestId('menu-said')).toHaveText('4 places replaced');
  await expect(editor(page).locator('p').first()).toHaveText('A idea, a ideae and a idea.');
  await expect(result).toHaveText('Not found');
  await text.press('Escape');
  await expect(editor(page)).toBeFocused();
  await press(page, 'Control+z');
  await expect(editor(page).locator('p').first()).toHaveText('A plan, a plane and a Plan.');
  await expect(editor(page).locator('strong')).toHaveText('pla');
});

test('FLOW-12: undo works from the buttons of the bar, and who has replaced all is where they were', async ({
  visit,
}) => {
  const page = await visit(documentPath('replaced'));
  await title(page).click();
  await page.keyboard.type('Title\na plan\nmy own words\na plan');
  await press(page, 'ArrowUp', 'Home', 'ArrowRight', 'ArrowRight', 'Control+Alt+f');
  await page.getByRole('textbox', { name: 'Find in the document' }).fill('plan');
  await expect(page.getByTestId('find-result')).toHaveText(/of 2$/);
  await page.getByRole('textbox', { name: 'Replace with' }).fill('big idea');
  await page.getByRole('button', { name: 'Replace all' }).click();
  const first = editor(page).locator('p').first();
  await expect(first).toHaveText('a big idea');
  await press(page, 'Control+z');
  await expect(first).toHaveText('a plan');
  await press(page, 'Control+Shift+z');
  await expect(first).toHaveText('a big idea');
  await expect(page.getByRole('button', { name: 'Replace all' })).toBeFocused();
  await press(page, 'Control+z');
  await expect(page.getByTestId('find-result')).toHaveText(/of 2$/);
  await page.getByRole('button', { name: 'Replace all' }).click();
  await expect(first).toHaveText('a big idea');
  await press(page, 'Escape');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('!');
  await expect(editor(page).locator('p').nth(1)).toHaveText('my! own words');

  // Who goes to a place of their own in the text meanwhile stays there.
  await press(page, 'Control+Alt+f');
  await page.getByRole('textbox', { name: 'Find in the document' }).fill('idea');
  await page.getByRole('textbox', { name: 'Replace with' }).fill('one');
  await expect(page.getByTestId('find-result')).toHaveText(/of 2$/);
  await title(page).click();
  await press(page, 'End');
  await page.getByRole('button', { name: 'Replace all' }).click();
  await expect(first).toHaveText('a big one');
  await press(page, 'Escape');
  await page.keyboard.type('?');
  await expect(title(page)).toHaveText('Title?');
  await saved(page);
});

test('a regular expression finds, says when it is none, and never stops the page', async ({ visit }) => {
  const page = await visit(documentPath('regex'));
  await title(page).click();
  await page.keyboard.type(`Title\n9.11. and 10.12.\n${'a'.repeat(40)}b`);
  await press(page, 'Control+Home', 'Control+Alt+f');
  await page.getByRole('button', { name: 'Regular expression' }).click();
  const text = page.getByRole('textbox', { name: 'Find in the document' });
  const result = page.getByTestId('find-result');
  await text.fill('(');
  await expect(result).toHaveText('No regular expression');
  await text.fill(String.raw`(\d+)\.(\d+)\.`);
  await expect(result).toHaveText('1 of 2');
  await page.getByRole('textbox', { name: 'Replace with' }).fill('$2/$1');
  await page.getByRole('button', { name: 'Replace', exact: true }).click();
  await expect(editor(page).locator('p').first()).toHaveText('11/9 and 10.12.');
  await expect(result).toHaveText('1 of 1');
  // It would take longer than anybody lives.
  await text.fill('(a+)+$');
  await expect(result).toHaveText('This pattern takes too long');
  await text.fill('aab');
  await expect(result).toHaveText('1 of 1');
});

test('what is typed right behind the keys of the bar goes into it, and not over what is selected', async ({
  visit,
}) => {
  const page = await visit(documentPath('at once'));
  await title(page).click();
  await page.keyboard.type('Title\nall of these words');
  await saved(page);
  // It comes with the menus, behind the text.
  await press(page, 'Control+f');
  await expect(page.getByTestId('find-text')).toBeFocused();
  await press(page, 'Escape');
  // The palette and the sheet are fetched before their keys are pressed.
  for (const part of ['Palette', 'Shortcuts'])
    await page.waitForFunction(
      (name) => performance.getEntriesByType('resource').some((one) => one.name.includes(`/${name}-`)),
      part,
    );
  for (const keys of ['Control+f', 'Control+Alt+f']) {
    await press(page, 'Home', 'Shift+End');
    await page.keyboard.press(keys);
    await page.keyboard.type('new');
    await expect(page.getByTestId('find-text'), keys).toHaveValue('new');
    await expect(editor(page).locator('p')).toHaveText('all of these words');
    await page.keyboard.press('Escape');
    await expect(editor(page)).toBeFocused();
  }
});

test('on a phone the bar covers nothing of what it finds', async ({ visit }, info) => {
  const page = await visit(documentPath('phone'), { viewport: { width: 360, height: 640 }, hasTouch: true });
  await title(page).click();
  await page.keyboard.type('Plan one\nand a plan');
  await press(page, 'Control+Home', 'Control+f');
  await page.keyboard.type('plan');
  await expect(page.getByTestId('find-result')).toHaveText('1 of 2');
  const current = editor(page).locator('.match.current');
  const covered = await current.evaluate((match) => {
    const { x, y, width, height } = match.getBoundingClientRect();
    return !match.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });
  expect(covered).toBe(false);
  await page.screenshot({ path: info.outputPath('find-phone.png'), animations: 'disabled' });
});

test('what is found follows what others write', async ({ visit }) => {
  const path = documentPath('find together');
  const ada = await visit(path, { name: 'Ada' });
  const ben = await visit(path, { name: 'Ben' });
  await title(ada).click();
  await ada.keyboard.type('Title\nneedle');
  await press(ada, 'Control+f');
  await ada.getByTestId('find-text').fill('needle');
  await expect(ada.getByTestId('find-result')).toHaveText('1 of 1');
  await editor(ben).locator('p').click();
  await ben.keyboard.type(' and needle');
  await expect(ada.getByTestId('find-result')).toHaveText(/of 2$/);
  await expect(editor(ada).locator('.match')).toHaveCount(2);
});

/** A document of three matches of `plan` in any case, one of them in a longer word, and its bar for replacing. */
async function plans(page: Page): Promise<void> {
  await title(page).click();
  await page.keyboard.type('Title\nA plan, a planet and a PLAN.');
  await saved(page);
  await press(page, 'Control+Home', 'Control+Alt+f');
  await page.getByTestId('find-text').fill('plan');
  await page.getByTestId('find-replacement').fill('idea');
  await expect(page.getByTestId('find-result')).toHaveText('1 of 3');
}

test('one match after another is replaced, in case and as a word, and taken back one by one', async ({
  visit,
}) => {
  const page = await visit(documentPath('replace one'));
  await plans(page);
  const line = editor(page).locator('p').first();
  const result = page.getByTestId('find-result');
  const replace = page.getByTestId('find-replace');
  await page.getByTestId('find-case').click();
  await expect(result).toHaveText('1 of 2');
  await replace.click();
  await expect(line).toHaveText('A idea, a planet and a PLAN.');
  await expect(result).toHaveText('1 of 1');
  await page.getByTestId('find-case').click();
  await page.getByTestId('find-word').click();
  await expect(result).toHaveText('1 of 1');
  // By key, right behind the last letter of what it becomes.
  await page.getByTestId('find-replacement').press('End');
  await page.keyboard.type('s!');
  await page.keyboard.press('Enter');
  await expect(line).toHaveText('A idea, a planet and a ideas!.');
  await expect(result).toHaveText('Not found');
  await page.keyboard.press('Escape');
  await expect(editor(page)).toBeFocused();
  await press(page, 'Control+z');
  await expect(line).toHaveText('A idea, a planet and a PLAN.');
  await press(page, 'Control+z');
  await expect(line).toHaveText('A plan, a planet and a PLAN.');
  await press(page, 'Control+Shift+z', 'Control+Shift+z');
  await expect(line).toHaveText('A idea, a planet and a ideas!.');
});

test('all are replaced by a pattern from the palette, nothing becomes of nothing, and one step takes it back', async ({
  visit,
}) => {
  const page = await visit(documentPath('replace all'));
  await title(page).click();
  await page.keyboard.type('Title\n9.11. and 10.12.\n- 1.2.');
  await saved(page);
  await press(page, 'Control+Home', 'Control+k');
  await page.getByRole('combobox').fill('replace');
  await page.keyboard.press('Enter');
  await page.getByTestId('find-regex').click();
  await page.getByTestId('find-text').fill(String.raw`(\d+)\.(?<month>\d+)\.`);
  await expect(page.getByTestId('find-result')).toHaveText('1 of 3');
  await page.getByTestId('find-replacement').fill('$<month>/$1$$');
  await page.getByTestId('find-replace-all').click();
  await expect(page.getByTestId('menu-said')).toHaveText('3 places replaced');
  await expect(editor(page).locator('p')).toHaveText(['11/9$ and 12/10$', '2/1$']);
  // What is replaced by nothing goes.
  await page.getByTestId('find-regex').click();
  await page.getByTestId('find-text').fill('$');
  await page.getByTestId('find-replacement').fill('');
  await page.getByTestId('find-replace-all').click();
  await expect(editor(page).locator('p')).toHaveText(['11/9 and 12/10', '2/1']);
  await page.keyboard.press('Escape');
  await press(page, 'Control+z');
  await expect(editor(page).locator('p')).toHaveText(['11/9$ and 12/10$', '2/1$']);
  await press(page, 'Control+z');
  await expect(editor(page).locator('p')).toHaveText(['9.11. and 10.12.', '1.2.']);
});

test('what another types into a match stays, also when all is replaced before it was looked for again', async ({
  visit,
}) => {
  const path = documentPath('replace together');
  const ada = await visit(path, { name: 'Ada' });
  const ben = await visit(path, { name: 'Ben' });
  await plans(ada);
  const lines = [ada, ben].map((page) => editor(page).locator('p').first());
  // Ada's page does not come to search again (`AGAIN_MS`).
  await ada.evaluate(() => {
    const begin = window.setTimeout.bind(window);
    Reflect.set(window, 'setTimeout', (then: () => void, ms: number) => (ms === 150 ? 0 : begin(then, ms)));
  });
  await editor(ben).locator('p').click();
  await press(ben, 'Home', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight');
  await ben.keyboard.type('BEN');
  await expect(editor(ada).locator('p').first()).toHaveText('A plBENan, a planet and a PLAN.');
  await ada.getByTestId('find-replace-all').click();
  for (const line of lines) await expect(line).toHaveText('A plBENan, a ideaet and a idea.');
  await ada.getByTestId('find-text').press('Escape');
  await press(ada, 'Control+z');
  for (const line of lines) await expect(line).toHaveText('A plBENan, a planet and a PLAN.');
});
