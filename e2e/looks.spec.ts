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
    await expect(page.getByTestId('find-text')).toBeFocused();
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

    // The open toggle's arrow is a triangle: the borders beside it stay unseen.
    const unseen = await page
      .getByTestId('toggle')
      .evaluate((button) => getComputedStyle(button, '::before').borderInlineStartColor);
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
  await expect(page.getByTestId('find-text')).toBeFocused();
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

/** What only a phone with its keyboard tells: the keyboard takes `height` px of the page's foot. */
function putKeyboard(page: Page, height: number): Promise<void> {
  return page.evaluate((covered) => {
    const viewport = window.visualViewport;
    if (!viewport) throw new Error('This browser has no visual viewport.');
    Object.defineProperty(viewport, 'height', { configurable: true, value: innerHeight - covered });
    viewport.dispatchEvent(new Event('resize'));
  }, height);
}

for (const colorScheme of ['light', 'dark'] as const)
  test(`LOOK-1: the bar of a phone stands above its keyboard, and the caret above the bar, ${colorScheme}`, async ({
    visit,
  }, info) => {
    const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme };
    const page = await visit(documentPath('keyboard'), phone);
    await begin(page, 'Shopping');
    for (let line = 1; line <= 22; line += 1) {
      await page.keyboard.type(`Line ${line}`);
      await press(page, 'Enter');
    }
    await page.keyboard.type('the last line');
    const bar = page.getByRole('toolbar', { name: 'Format' });
    const foot = async () => {
      const box = await bar.boundingBox();
      return Math.round((box?.y ?? 0) + (box?.height ?? 0));
    };
    expect(await foot()).toBe(740);
    await putKeyboard(page, 300);
    await expect.poll(foot).toBe(440);
    const below = async () => {
      const [line, top] = await Promise.all([
        editor(page).getByText('the last line').boundingBox(),
        bar.boundingBox(),
      ]);
      return Math.round((line?.y ?? 0) + (line?.height ?? 0) - (top?.y ?? 0));
    };
    await expect.poll(below).toBeLessThanOrEqual(0);
    await page.screenshot({ path: info.outputPath(`phone-keyboard-${colorScheme}.png`) });
    await putKeyboard(page, 0);
    await expect.poll(foot).toBe(740);
    await saved(page);
  });

for (const colorScheme of ['light', 'dark'] as const)
  test(`LOOK-2: a long document has its outline beside it, and is read as it is scrolled, ${colorScheme}`, async ({
    visit,
  }, info) => {
    const page = await visit(documentPath('long'), { viewport: { width: 1600, height: 900 }, colorScheme });
    await begin(page, 'A long report');
    const section = (number: number) =>
      `## Section ${number}\n\n${`Words of section ${number} that go on for more than a line, as those of a report do. `.repeat(6)}\n\n- one\n- two\n\n`;
    await paste(page, { 'text/plain': Array.from({ length: 60 }, (_, at) => section(at + 1)).join('') });
    await expect(editor(page).locator('h2')).toHaveCount(60);
    await saved(page);
    await page.reload();
    await editor(page)
      .getByText('Section 40', { exact: true })
      .evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
    await page.mouse.move(700, 400);
    const here = page.getByTestId('outline').locator('[aria-current]');
    await expect(here).toHaveText('Section 40');
    await expect(here).toBeInViewport({ ratio: 1 });
    await saved(page);
    await page.screenshot({ path: info.outputPath(`long-${colorScheme}.png`), animations: 'disabled' });
  });
