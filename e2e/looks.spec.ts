import { writeFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { begin, documentPath, editor, expect, paste, press, saved, test, title } from './site.ts';

/** What tells a control's state: its ground, ink and line. */
function look(control: Locator): Promise<string> {
  return control.evaluate((element) => {
    const { backgroundColor, color, outlineStyle, outlineColor, outlineWidth } = getComputedStyle(element);
    return [backgroundColor, color, outlineStyle, outlineColor, outlineWidth].join(' ');
  });
}

/** Fails unless the two can be told apart. */
async function differ(one: Locator, other: Locator): Promise<void> {
  await expect.poll(async () => (await look(one)) !== (await look(other))).toBe(true);
}

/** Fails unless a control is shown as the system shows what is chosen, its words and icons too. */
async function chosen(control: Locator): Promise<void> {
  const colors = () =>
    control.evaluate((element) => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.cssText = 'forced-color-adjust: none; color: HighlightText; background: Highlight';
      const { color, backgroundColor } = getComputedStyle(probe);
      const { backgroundColor: ground } = getComputedStyle(element);
      const inks = [element, ...element.querySelectorAll('*')].map((one) => getComputedStyle(one).color);
      probe.remove();
      return ground === backgroundColor && inks.every((ink) => ink === color);
    });
  await expect.poll(colors).toBe(true);
}

for (const colorScheme of ['light', 'dark'] as const)
  test(`A11Y-3: with a contrast theme each control and state is told apart, ${colorScheme}`, async ({
    visit,
  }, info) => {
    const page = await visit(documentPath('contrast'), { forcedColors: 'active', colorScheme });
    const shot = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) });
    await begin(page, 'Contrast');
    await paste(page, {
      'text/plain':
        '## Head\n\n> [!WARNING]\n>\n> Careful.\n\n<details>\n<summary>\n\nMore\n\n</details>\n\n- [x] done\n- [ ] open\n\n| a | b |\n| --- | --- |\n| c | d |\n\nplain words here',
    });
    await expect(editor(page).getByText('plain words here')).toBeVisible();
    await press(page, 'Control+Home', 'Control+f');
    await page.keyboard.type('e');
    await expect(page.getByTestId('find-result')).toHaveText(/^1 of/);
    const matches = editor(page).locator('.match');
    await differ(matches.first(), matches.last());
    await page.getByRole('button', { name: 'Match case' }).click();
    await chosen(page.getByRole('button', { name: 'Match case' }));
    await differ(
      page.getByRole('button', { name: 'Match case' }),
      page.getByRole('button', { name: 'Whole words' }),
    );
    await shot('find');
    await page.getByRole('textbox', { name: 'Find in the document' }).press('Escape');

    await editor(page).getByText('plain words here').click();
    await press(page, 'End', 'Shift+Home', 'Control+b');
    await differ(page.getByTestId('format-bold'), page.getByTestId('format-italic'));
    await chosen(page.getByTestId('format-bold'));
    await differ(page.getByTestId('bubble-bold'), page.getByTestId('bubble-italic'));
    await chosen(page.getByTestId('bubble-bold'));
    await chosen(page.locator('aside [aria-current]').last());
    await shot('selection');
    await press(page, 'End', 'Enter');
    await page.keyboard.type('/');
    const offers = page.getByTestId('slash-menu').getByRole('option');
    await chosen(offers.first());
    await differ(offers.first(), offers.nth(1));
    await shot('slash');
    await press(page, 'Escape');

    // The toggle's arrow is a triangle: the borders above and below it stay unseen.
    const unseen = await page
      .getByTestId('toggle')
      .evaluate((button) => getComputedStyle(button, '::before').borderBlockStartColor);
    expect(unseen).toMatch(/, 0\)$|transparent/);
    await editor(page).locator('td').first().click();
    await press(page, 'Shift+ArrowRight', 'Shift+ArrowRight');
    await page.getByTestId('document-menu').click();
    const items = page.getByRole('menu', { name: 'Document' }).getByRole('menuitem');
    await items.first().focus();
    await differ(items.first(), items.nth(1));
    await shot('menu');
    await press(page, 'Escape');
    await saved(page);
  });

const LONG = 'a_long_line_of_code '.repeat(30);

async function writeForPaper(page: Page): Promise<void> {
  await begin(page, 'On paper');
  await paste(page, {
    'text/plain': `## Section\n\nA [link](https://example.org/paper) and words.\n\n\`\`\`\n${LONG}\n\`\`\`\n\n> [!NOTE]\n>\n> Remember.\n\n| ${'column | '.repeat(12)}\n| ${'--- | '.repeat(12)}\n| ${'a word in a cell | '.repeat(12)}\n\n<details>\n<summary>\n\nQuestion\n\n</summary>\n\nAnswer\n\n</details>\n\nlast words`,
  });
  await expect(editor(page).locator('.toggle')).toBeVisible();
}

test('PRINT-1: on paper a document is all there and nothing else, in ink on white', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('paper'), { colorScheme: 'dark' });
  await writeForPaper(page);
  await page.getByTestId('toggle').click();
  await expect(editor(page).getByText('Answer')).toBeHidden();
  await editor(page).getByText('last words').click();
  await press(page, 'Shift+Home', 'Control+f');
  await page.keyboard.type('words');
  await expect(editor(page).locator('.match.current')).toHaveCount(1);
  await saved(page);

  await page.setViewportSize({ width: 660, height: 940 });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const chrome of [
    page.getByRole('banner'),
    page.getByRole('navigation', { name: 'Documents' }),
    page.getByRole('toolbar', { name: 'Format' }),
    page.getByRole('search', { name: 'Find' }),
    page.getByTestId('block-handle'),
  ])
    await expect(chrome).toBeHidden();
  await expect(editor(page).getByText('Answer')).toBeVisible();
  const paper = await editor(page).evaluate((text) => {
    const { width } = text.getBoundingClientRect();
    const wide = [...text.querySelectorAll('pre, table, [data-callout]')]
      .filter((element) => element.scrollWidth > width + 1)
      .map(({ localName }) => localName);
    const style = (selector: string) => getComputedStyle(text.querySelector(selector) ?? text);
    return {
      wide,
      ink: style('h1').color,
      found: style('.match.current').color,
      row: style('tr').breakInside,
      head: style('h2').breakAfter,
    };
  });
  expect(paper).toEqual({
    wide: [],
    ink: 'rgb(35, 32, 28)',
    found: 'rgb(35, 32, 28)',
    row: 'avoid',
    head: 'avoid',
  });
  await page.screenshot({ path: info.outputPath('paper.png'), fullPage: true });
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  writeFileSync(info.outputPath('paper.pdf'), pdf);
  // Its links lead on.
  expect(pdf.toString('latin1')).toContain('/URI (https://example.org/paper)');
  await page.emulateMedia({ media: null });
  await expect(title(page)).toBeVisible();
});
