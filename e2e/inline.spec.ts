import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import {
  begin,
  documentPath,
  editor,
  expect,
  peer,
  press,
  saved,
  test,
  textOf,
  title,
  violations,
} from './site.ts';
import type { Visit } from './site.ts';

const mentions = (page: Page) => page.getByRole('listbox', { name: 'Mention a person' });
const emoji = (page: Page) => page.getByRole('listbox', { name: 'Emoji' });
const contents = (page: Page) => editor(page).getByRole('navigation', { name: 'Table of contents' });

/** Makes a document that can be mentioned, and waits until the server has found its title. */
async function makePlan(visit: Visit): Promise<Page> {
  const plan = await visit(documentPath('plan'));
  await begin(plan, 'Launch plan');
  await saved(plan);
  const list = await visit('/');
  // Beside a document its own title stands before that.
  await expect
    .poll(async () => {
      await list.reload();
      return list.getByTestId('document-list').innerText();
    })
    .toContain('Launch plan');
  return plan;
}

test('ATOM-2: a document can be mentioned that was made after this page was opened', async ({ visit }) => {
  const page = await visit(documentPath('inline'), { name: 'Ada' });
  await begin(page);
  await saved(page);
  await makePlan(visit);
  await page.keyboard.type('See @launch');
  await expect(mentions(page).getByRole('option')).toHaveText([/Launch plan/]);
  await page.keyboard.press('Enter');
  await expect(editor(page).getByRole('link', { name: 'Launch plan' })).toBeVisible();
  await saved(page);
});

test('ATOM-2, ATOM-3: an at sign puts days, people and documents into the text, and they open by keyboard', async ({
  visit,
}, info) => {
  const plan = await makePlan(visit);
  const page = await visit(documentPath('inline'), { name: 'Ada' });
  await begin(page);
  await page.keyboard.type('Ask @ad');
  await expect(mentions(page).getByRole('option')).toHaveText([/@Ada/]);
  expect(await editor(page).getAttribute('aria-activedescendant')).toBe('mention-menu-0');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.keyboard.type(' by @tom');
  await expect(mentions(page).getByRole('option')).toHaveText([/Tomorrow/]);
  await page.screenshot({ path: info.outputPath('mention.png'), animations: 'disabled' });
  await page.keyboard.press('Tab');
  await page.keyboard.type(', see @launch');
  await expect(mentions(page).getByRole('option')).toHaveText([/Launch plan/]);
  await page.keyboard.press('Enter');
  await page.keyboard.type('.');
  const link = editor(page).getByRole('link', { name: 'Launch plan' });
  await expect(editor(page).locator('p').first()).toHaveText(
    /^Ask @Ada by \w{3} \d+, \d{4}, see Launch plan\.$/,
  );
  await saved(page);

  // One undo takes back one choice, and leaves what was typed for it.
  await press(page, 'Control+z', 'Control+z');
  await expect(editor(page).locator('p').first()).toHaveText(/, see @launch$/);
  await press(page, 'Control+Shift+z', 'Control+Shift+z');
  await expect(link).toBeVisible();

  // A day is changed where it stands, by keyboard alone.
  await page.keyboard.press('Home');
  // A mention is one stop, selected, and one behind it.
  for (let step = 0; step <= 'Ask @ by '.length; step += 1) await press(page, 'ArrowRight');
  await press(page, 'ArrowRight', 'Enter');
  const box = page.getByTestId('date-box');
  await expect(box.getByLabel('Date')).toBeFocused();
  await box.getByLabel('Date').fill('2027-01-31');
  await page.screenshot({ path: info.outputPath('date.png'), animations: 'disabled' });
  await page.keyboard.press('Enter');
  await expect(editor(page).locator('time')).toHaveText('Jan 31, 2027');
  await expect(editor(page).locator('time')).toHaveAttribute('datetime', '2027-01-31');
  await expect(editor(page)).toBeFocused();

  // Copied and pasted here, they are what they were.
  await press(page, 'Control+a', 'Control+c', 'ArrowRight', 'Enter', 'Control+v');
  await expect(editor(page).locator('time')).toHaveCount(2);
  await expect(editor(page).getByRole('link', { name: 'Launch plan' })).toHaveCount(2);
  await saved(page);

  // A document is shown by its present title, and is a link.
  await plan.keyboard.press('Control+Home');
  await title(plan).click();
  await plan.keyboard.press('End');
  await plan.keyboard.type('ning');
  await saved(plan);
  await expect
    .poll(async () => {
      await page.reload();
      return await editor(page).locator('p a').first().innerText();
    })
    .toBe('Launch planning');
  await editor(page).locator('p a').first().click();
  await expect(title(page)).toHaveText('Launch planning');
});

test('EMOJI-1: a name behind a colon is an emoji, chosen from a list or closed by a colon; nothing else is', async ({
  visit,
  site,
}, info) => {
  const page = await visit(documentPath('emoji'), { viewport: { width: 320, height: 640 }, hasTouch: true });
  const friend = peer(site, 'emoji');
  await begin(page);
  await page.keyboard.type('Well done :thumbs');
  await expect(emoji(page).getByRole('option').first()).toHaveText(/👍/);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('emoji.png'), animations: 'disabled' });
  await emoji(page).getByRole('option').first().tap();
  await page.keyboard.type(' :smile: at 10:30 :D note:this :nosuchname:');
  await expect
    .poll(() => textOf(friend.doc))
    .toBe('Title\nWell done 👍 😄 at 10:30 :D note:this :nosuchname:\n');
  await expect(emoji(page)).toBeHidden();
  // One step takes back what was typed behind the emoji, and the emoji stays.
  await press(page, 'Control+z');
  await expect.poll(() => textOf(friend.doc)).not.toContain(':nosuchname:');
  expect(textOf(friend.doc)).toContain('👍');
  friend.close();
});

test('CONTENTS-1: a table of contents leads to its headings by keyboard', async ({ visit }) => {
  const page = await visit(documentPath('contents by keyboard'));
  await begin(page);
  await page.keyboard.type('/contents');
  await page.keyboard.press('Enter');
  await page.keyboard.type('# One\ntext\n## One and a half\ntext\n');
  await expect(contents(page).getByRole('link')).toHaveText(['One', 'One and a half']);
  // The block is reached with the arrows, its links with Enter, and they with the arrows.
  await press(page, 'Control+Home', 'ArrowDown', 'Enter', 'ArrowDown');
  await expect(contents(page).getByRole('link', { name: 'One and a half' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.type('!');
  await expect(contents(page).getByRole('link')).toHaveText(['One', 'One and a half!']);
});

test('CONTENTS-1: a table of contents lists the headings as they are, and is printed', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('contents'));
  await begin(page);
  await page.keyboard.type('/contents');
  await page.keyboard.press('Enter');
  await expect(contents(page)).toHaveText('No headings yet');
  await page.keyboard.type('# One\ntext\n## One and a half\ntext\n# مرحبا\n');
  await expect(contents(page).getByRole('link')).toHaveText(['One', 'One and a half', 'مرحبا']);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('contents.png'), animations: 'disabled' });
  await page.emulateMedia({ media: 'print' });
  await expect(contents(page).getByRole('link')).toHaveCount(3);
  await page.screenshot({ path: info.outputPath('contents-print.png'), animations: 'disabled' });
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  await page.screenshot({ path: info.outputPath('contents-dark.png'), animations: 'disabled' });
  await saved(page);
});

test('MATH-1, MATH-2, MATH-6: formulas are typed, changed and read by keyboard, and what means nothing says what is wrong', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('math'));
  await begin(page);
  await page.keyboard.type('Euler: $$e^{i\\pi}=-1$$ it is');
  const inline = editor(page).locator('p .math');
  await expect(inline.locator('math')).toHaveCount(1);
  await expect(inline.locator('.katex-html')).toBeVisible();
  // It is selected with an arrow, and opens with Enter.
  for (let step = 0; step < ' it is'.length; step += 1) await press(page, 'ArrowLeft');
  await press(page, 'ArrowLeft', 'Enter');
  const box = page.getByTestId('formula-box');
  await expect(box.getByRole('textbox')).toBeFocused();
  await expect(box.getByRole('textbox')).toHaveValue('e^{i\\pi}=-1');
  await box.getByRole('textbox').fill('\\frac{1}{');
  await expect(box.getByRole('status')).not.toBeEmpty();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('formula-box.png'), animations: 'disabled' });
  await box.getByRole('textbox').fill('\\frac{1}{2}');
  await page.keyboard.press('Enter');
  await expect(inline.locator('mfrac')).toHaveCount(1);
  await expect(editor(page)).toBeFocused();

  // A block is code in TeX: what it means is always there, its source while the caret is in it.
  await press(page, 'End', 'Enter');
  await page.keyboard.type('```math x^2 + y');
  const block = editor(page).locator('.math-block');
  await expect(block).toHaveClass(/is-open/);
  await expect(block.locator('.formula math msup')).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('math-open.png'), animations: 'disabled' });
  await page.keyboard.type('{');
  await expect(block.locator('.formula')).toHaveClass(/wrong/);
  await expect(block.locator('.formula')).toHaveText('x^2 + y{');
  await press(page, 'Backspace', 'Control+Home');
  await expect(block).not.toHaveClass(/is-open/);
  await expect(block.locator('.formula math msup')).toHaveCount(1);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: info.outputPath('math-dark.png'), animations: 'disabled' });
  // The arrows go through it.
  await press(page, 'ArrowDown', 'ArrowDown');
  await expect(block).toHaveClass(/is-open/);
  await block.locator('.formula').click();
  await page.keyboard.type('^3');
  await expect(block.locator('code')).toHaveText('x^2 + y^3');
  await page.emulateMedia({ media: 'print' });
  await expect(block.locator('pre')).toBeHidden();
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  await saved(page);

  // A page of HTML that is taken away shows them by itself.
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download as HTML' }).click();
  const taken = await page.context().newPage();
  await taken.setContent(await readFile(await (await downloading).path(), 'utf8'));
  await expect(taken.locator('p math mfrac')).toBeVisible();
  await expect(taken.locator('div > math msup')).toHaveCount(2);
  await expect(taken.locator('script, style, link')).toHaveCount(0);
  await taken.screenshot({ path: info.outputPath('math-taken-away.png') });
});

test('MATH-7: a formula that is made of selected words leaves what another types among them', async ({
  visit,
}) => {
  const path = documentPath('math together');
  const ada = await visit(path, { name: 'Ada' });
  const ben = await visit(path, { name: 'Ben' });
  await begin(ada);
  await ada.keyboard.type('so abcd');
  const line = editor(ben).locator('p').first();
  await expect(line).toHaveText('so abcd');
  await press(ada, ...Array.from({ length: 4 }, () => 'Shift+ArrowLeft'));
  await ada.getByTestId('search').click();
  await ada.getByRole('combobox').fill('formula');
  await ada
    .getByRole('option', { name: /^Formula/ })
    .first()
    .click();
  const source = ada.getByTestId('formula-box').getByRole('textbox');
  await expect(source).toHaveValue('abcd');
  await line.click();
  await press(ben, 'End', 'ArrowLeft', 'ArrowLeft');
  await ben.keyboard.type('BEN');
  await expect(editor(ada).locator('p').first()).toContainText('abBENcd');
  await source.press('Enter');
  for (const page of [ada, ben]) {
    const words = editor(page).locator('p').first();
    await expect(words.locator('.math')).toHaveCount(1);
    await expect(words).toContainText(/BEN$/);
  }
  await press(ada, 'Control+z');
  await expect(line).toHaveText('so abBENcd');
});
