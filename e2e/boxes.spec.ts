import type { Locator, Page } from '@playwright/test';
import { begin, documentPath, editor, expect, press, saved, test } from './site.ts';

const line = (page: Page) => editor(page).locator('p').first();
/** So far below that no box stands over it. */
const beside = (page: Page) => editor(page).locator('p').last();
const formula = (page: Page) => page.getByTestId('formula-box').getByRole('textbox');
const date = (page: Page) => page.getByTestId('date-box').getByLabel('Date');
const address = (page: Page) => page.getByRole('textbox', { name: 'Address' });

/** Goes on in another line, and types there. */
async function goOn(page: Page, box: Locator): Promise<void> {
  await beside(page).click();
  await expect(box).toBeHidden();
  await press(page, 'End');
  await page.keyboard.type('!');
}

test('what is written in the box of a formula, a day or a link stays when one goes on beside it', async ({
  visit,
}) => {
  const page = await visit(documentPath('boxes'));
  await begin(page);
  await page.keyboard.type('see here and\n\n\n\n\n\nbeside');
  await line(page).click();
  await press(page, 'End');

  // A new formula, which is nothing yet.
  await page.keyboard.type(' /formula');
  await expect(page.getByTestId('slash-menu')).toBeVisible();
  await press(page, 'Enter');
  await expect(formula(page)).toBeFocused();
  await page.keyboard.type('x^2');
  await goOn(page, formula(page));
  await expect(line(page).locator('.math msup')).toHaveCount(1);
  await expect(beside(page)).toHaveText('beside!');

  // One that is there.
  await line(page).click();
  await press(page, 'End', 'ArrowLeft', 'Enter');
  await formula(page).fill('\\frac{1}{2}');
  await goOn(page, formula(page));
  await expect(line(page).locator('.math mfrac')).toHaveCount(1);
  await expect(beside(page)).toHaveText('beside!!');

  // One step of undo takes it back, and nothing else.
  await press(page, 'Control+z', 'Control+z');
  await expect(line(page).locator('.math msup')).toHaveCount(1);
  await expect(beside(page)).toHaveText('beside!');

  await line(page).click();
  await press(page, 'End');
  await page.keyboard.type(' @today');
  // Its code comes with the first sign.
  await expect(page.getByTestId('mention-menu')).toBeVisible();
  await press(page, 'Enter', 'ArrowLeft', 'Enter');
  await date(page).fill('2027-01-31');
  await goOn(page, date(page));
  await expect(line(page).locator('time')).toHaveText('Jan 31, 2027');

  await line(page).click();
  await press(page, 'Home', 'Control+Shift+ArrowRight', 'Control+k');
  await address(page).fill('example.org/plan');
  await goOn(page, address(page));
  await expect(line(page).locator('a')).toHaveText(/^see ?$/);
  await expect(line(page).locator('a')).toHaveAttribute('href', 'https://example.org/plan');
  await expect(beside(page)).toHaveText('beside!!!');
  await saved(page);
});

test('Escape drops what is written in a box, and so does leaving what is none or nothing new', async ({
  visit,
}) => {
  const page = await visit(documentPath('boxes left'));
  await begin(page);
  await page.keyboard.type('see here $$x$$\n\n\n\n\n\nbeside');
  const source = line(page).locator('.math annotation');
  const open = async () => {
    await line(page).click();
    await press(page, 'End', 'ArrowLeft', 'Enter');
    await expect(formula(page)).toBeFocused();
  };
  await open();
  await formula(page).fill('y');
  await press(page, 'Escape');
  await expect(formula(page)).toBeHidden();
  await expect(source).toHaveText('x');
  await open();
  await formula(page).fill('');
  await goOn(page, formula(page));
  await expect(source).toHaveText('x');

  await line(page).click();
  await press(page, 'Home', 'Control+Shift+ArrowRight', 'Control+k');
  await address(page).fill('javascript:alert(1)');
  await goOn(page, address(page));
  await expect(line(page).locator('a')).toHaveCount(0);
  await line(page).click();
  await press(page, 'Home', 'Control+Shift+ArrowRight', 'Control+k');
  await address(page).fill('example.org');
  await press(page, 'Escape');
  await expect(address(page)).toBeHidden();
  await expect(line(page).locator('a')).toHaveCount(0);
  await expect(beside(page)).toHaveText('beside!!');
  await saved(page);
});

test('what is left in a box stands where it was meant while another writes, and nowhere if that is gone', async ({
  visit,
}) => {
  const path = documentPath('boxes together');
  const ada = await visit(path, { name: 'Ada' });
  const ben = await visit(path, { name: 'Ben' });
  await begin(ada);
  await ada.keyboard.type('a word\n\n\n\n\n\nbeside');
  await line(ada).click();
  await press(ada, 'Home', 'ArrowRight');
  await ada.keyboard.type(' /formula');
  await expect(ada.getByTestId('slash-menu')).toBeVisible();
  await press(ada, 'Enter');
  await formula(ada).fill('x');
  await line(ben).click();
  await press(ben, 'Home');
  await ben.keyboard.type('this is ');
  await expect(line(ada)).toHaveText('this is a word');
  await goOn(ada, formula(ada));
  await expect(line(ben)).toContainText(/^this is a .* word$/);
  await expect(line(ben).locator('.math')).toHaveCount(1);

  await line(ada).click();
  await press(ada, 'End', 'Control+Shift+ArrowLeft', 'Control+k');
  await address(ada).fill('example.org');
  await line(ben).click();
  await press(ben, 'End', 'Control+Backspace');
  await expect(line(ada)).not.toContainText('word');
  await goOn(ada, address(ada));
  await expect(beside(ada)).toHaveText('beside!!');
  await expect(editor(ben).locator('a')).toHaveCount(0);
  await saved(ada);
});
