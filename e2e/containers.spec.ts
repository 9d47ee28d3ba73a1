import type { Page } from '@playwright/test';
import { begin, documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';
import type { Visit } from './site.ts';

test('a callout is made, told apart by its kind for everybody, and left', async ({ visit }) => {
  const path = documentPath('callout');
  const page = await visit(path);
  const friend = await visit(path);
  await title(page).click();
  await page.keyboard.type('Notes');
  await press(page, 'Enter');
  await page.keyboard.type('Mind the step');
  await press(page, 'Control+Alt+o', 'Enter');
  await page.keyboard.type('and the door');
  const box = editor(friend).getByRole('note');
  await expect(box).toContainText('Mind the step');
  await expect(box).toContainText('and the door');
  await expect(box).toHaveAttribute('data-callout', 'note');
  await page.getByRole('combobox', { name: 'Kind of callout' }).selectOption('Warning');
  await expect(box).toHaveAttribute('data-callout', 'warning');
  // Its kind is told by an icon as well, never by colour alone.
  await expect(box.locator('.callout-icon svg')).toHaveClass(/lucide-triangle-alert/);
  await expect(editor(page)).toBeFocused();
  await press(page, 'Control+z');
  await expect(box).toHaveAttribute('data-callout', 'note');
  // Two empty lines leave it.
  await press(page, 'Control+End', 'Enter', 'Enter');
  await page.keyboard.type('outside');
  await expect(editor(friend).locator(':scope > p')).toHaveText('outside');
  await saved(page);
});

for (const [shape, options] of [
  ['wide', {}],
  [
    'on a phone',
    { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, colorScheme: 'dark' },
  ],
] as const)
  test(`FLOW-23: a callout has an icon of its own, chosen by name, and again that of its kind, ${shape}`, async ({
    visit,
  }, info) => {
    const path = documentPath('callout-icon');
    const page = await visit(path, options);
    const friend = await visit(path);
    await title(page).click();
    await page.keyboard.type('Icons');
    await press(page, 'Enter');
    await page.keyboard.type('We are done');
    await press(page, 'Control+Alt+o');
    const icon = page.getByTestId('callout-icon');
    await expect(icon).toHaveAccessibleName('Icon of the kind');
    await icon.click();
    const box = page.getByTestId('icon-box');
    await expect(box.getByRole('textbox')).toBeFocused();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('icons.png'), animations: 'disabled' });
    await page.keyboard.type('tada');
    await press(page, 'Enter');
    await expect(box).toBeHidden();
    await expect(editor(page)).toBeFocused();
    await expect(icon).toHaveAccessibleName('Icon: 🎉');
    await expect(page.getByTestId('menu-said')).toHaveText('Icon: 🎉');
    const seen = editor(friend).getByRole('note').locator('.callout-icon');
    await expect(seen).toHaveText('🎉');
    // Its kind is told by its name still, and another kind keeps the icon.
    await page.getByRole('combobox', { name: 'Kind of callout' }).selectOption('Warning');
    await expect(seen).toHaveText('🎉');
    await press(page, 'Control+z');
    await press(page, 'Control+z');
    await expect(seen).toHaveText('');
    await press(page, 'Control+y');
    await expect(seen).toHaveText('🎉');
    await saved(page);
    await page.emulateMedia({ media: 'print' });
    await expect(icon).toBeVisible();
    await page.emulateMedia({ media: 'screen' });

    // By the menu of its block, for who has no mouse.
    await press(page, 'Alt+Shift+b');
    await page.getByRole('menu', { name: 'Block' }).getByTestId('item-callout-icon').click();
    await box.getByTestId('icon-of-kind').click();
    await expect(seen.locator('svg')).toHaveCount(1);
    await expect(icon).toHaveAccessibleName('Icon of the kind');
    await icon.click();
    await expect(box.getByRole('textbox')).toBeFocused();
    await press(page, 'Escape');
    await expect(box).toBeHidden();
    await expect(icon).toHaveAccessibleName('Icon of the kind');
  });

test('FLOW-20: a toggle is closed by each reader alone, stays so at the next visit, and opens for a caret', async ({
  visit,
}) => {
  const path = documentPath('toggle');
  const page = await visit(path);
  const friend = await visit(path);
  await title(page).click();
  await page.keyboard.type('Questions');
  await press(page, 'Enter');
  await page.keyboard.type('Why?');
  await press(page, 'Control+Alt+g', 'Enter');
  await page.keyboard.type('Because.');
  const answer = editor(page).getByText('Because.');
  await expect(editor(friend).getByText('Because.')).toBeVisible();
  await editor(page).getByText('Why?').click();
  await press(page, 'Control+Enter');
  await expect(answer).toBeHidden();
  await expect(page.getByRole('button', { name: 'Show what is below' })).toHaveAttribute(
    'aria-expanded',
    'false',
  );
  await expect(editor(friend).getByText('Because.')).toBeVisible();
  await saved(page);
  await page.reload();
  await expect(editor(page).getByText('Why?')).toBeVisible();
  await expect(answer).toBeHidden();
  // What others write in it while it is closed is there when it opens.
  await editor(friend).getByText('Because.').click();
  await press(friend, 'End');
  await friend.keyboard.type(' And so.');
  await page.getByTestId('toggle').click();
  await expect(editor(page).getByText('Because. And so.')).toBeVisible();
  await editor(page).getByText('Because. And so.').click();
  await press(page, 'End');
  await page.keyboard.type(' Yes.');
  await page.getByTestId('toggle').click();
  await expect(editor(page).getByText('Because. And so. Yes.')).toBeHidden();
  await editor(page).getByText('Why?').click();
  // What is taken back is where nobody sees it: the toggle opens.
  await press(page, 'Control+z');
  await expect(editor(page).getByText('Because. And so.')).toBeVisible();
  await expect(editor(page).getByText('Yes.')).toHaveCount(0);
  await saved(page);
});

/** A document with a toggle, `Why?`, that holds `Because.` and `Indeed.`, and a paragraph behind it. */
async function withToggle(visit: Visit, name: string): Promise<Page> {
  const page = await visit(documentPath(name));
  await begin(page, 'Questions');
  await page.keyboard.type('Why?');
  await press(page, 'Control+Alt+g', 'Enter');
  await page.keyboard.type('Because.');
  await press(page, 'Enter');
  await page.keyboard.type('Indeed.');
  await press(page, 'Enter', 'Enter');
  await page.keyboard.type('behind');
  return page;
}

const closed = (page: Page) => expect(page.getByTestId('toggle')).toHaveAttribute('aria-expanded', 'false');
const open = (page: Page) => expect(page.getByTestId('toggle')).toHaveAttribute('aria-expanded', 'true');

test('FLOW-20: the caret leaves what is hidden, for the end of what the toggle shows', async ({ visit }) => {
  const page = await withToggle(visit, 'toggle-caret');
  const paragraphs = editor(page).locator('.toggle p');
  const close = [() => press(page, 'Control+Enter'), () => page.getByTestId('toggle').click()];
  for (const [index, way] of close.entries()) {
    await editor(page).getByText('Indeed.').click();
    // What is selected there goes as well.
    if (index === 1) await press(page, 'Shift+Home');
    await way();
    await closed(page);
    // Chromium types where something is seen; keys that split and join go by the caret.
    const caret = () => page.evaluate(() => getSelection()?.focusNode?.textContent);
    await expect.poll(caret).toMatch(/^Why/);
    await page.keyboard.type('!');
    await closed(page);
    await expect(paragraphs).toHaveText([`Why?${'!'.repeat(index + 1)}`, 'Because.', 'Indeed.']);
    await page.getByTestId('toggle').click();
    await open(page);
  }
  // Who is elsewhere stays there.
  await editor(page).getByText('behind').click();
  await press(page, 'End');
  await page.getByTestId('toggle').click();
  await page.keyboard.type('!');
  await expect(editor(page).locator(':scope > p')).toHaveText('behind!');
});

test('FLOW-20: nothing is joined to what a closed toggle hides, or with it, before it opens', async ({
  visit,
}) => {
  const page = await withToggle(visit, 'toggle-edges');
  const texts = editor(page).locator('p');
  await page.getByTestId('toggle').click();
  await editor(page).getByText('Why?').click();
  await press(page, 'End', 'Delete');
  await open(page);
  await expect(texts).toHaveText(['Why?', 'Because.', 'Indeed.', 'behind']);
  // Now it is seen.
  await press(page, 'Delete');
  await expect(texts).toHaveText(['Why?Because.', 'Indeed.', 'behind']);
  await press(page, 'Control+z');
  await page.getByTestId('toggle').click();
  await closed(page);
  await editor(page).getByText('behind').click();
  await press(page, 'Home', 'Backspace');
  await open(page);
  await expect(editor(page).getByText('behind')).toBeVisible();
  await expect(editor(page).locator('.toggle p')).toHaveText(['Why?', 'Because.', 'Indeed.', 'behind']);
});

test('FLOW-20: arrows go past a table that a closed toggle hides', async ({ visit }) => {
  const page = await withToggle(visit, 'toggle-table');
  const isPast = async (word: string) => {
    await page.keyboard.type('X');
    await closed(page);
    await expect(editor(page).getByText(word, { exact: true })).toBeVisible();
    await press(page, 'Backspace');
  };
  await editor(page).getByText('Because.').click();
  await press(page, 'Home', 'Shift+End', 'Delete', 'Control+Alt+t');
  await expect(editor(page).locator('.toggle p + .tableWrapper')).toHaveCount(1);
  await editor(page).getByText('Why?').click();
  await press(page, 'Control+Enter');
  await closed(page);
  await press(page, 'End', 'ArrowRight');
  await isPast('Xbehind');
  await press(page, 'ArrowLeft');
  await isPast('Why?X');
  await press(page, 'Shift+ArrowRight', 'ArrowRight');
  await isPast('Xbehind');
});

test('WAYS-1: an item becomes a toggle or goes into a quote by what is typed behind a slash', async ({
  visit,
}) => {
  const page = await visit(documentPath('containers-in-items'));
  await begin(page, 'Items');
  await page.keyboard.type('1. one');
  await press(page, 'Enter');
  await page.keyboard.type('two');
  await press(page, 'Enter');
  await page.keyboard.type('three /quote');
  await press(page, 'Enter');
  await expect(editor(page).locator('blockquote > ol[start="3"] > li')).toHaveText('three');
  await editor(page).getByText('one').click();
  await press(page, 'End');
  await page.keyboard.type(' /toggle');
  await press(page, 'Enter');
  await expect(editor(page).locator(':scope > .toggle')).toHaveText('one');
  await expect(editor(page).locator(':scope > ol > li')).toHaveText('two');
  await saved(page);
});

for (const colorScheme of ['light', 'dark'] as const)
  for (const [shape, viewport] of [
    ['wide', { width: 1280, height: 800 }],
    ['narrow', { width: 320, height: 700 }],
  ] as const)
    test(`callouts and toggles, ${colorScheme}, ${shape}`, async ({ visit }, info) => {
      const page = await visit(documentPath('containers'), { colorScheme, viewport });
      await title(page).click();
      await page.keyboard.type('Containers');
      for (const kind of ['note', 'info', 'success', 'warning', 'danger']) {
        await press(page, 'Enter');
        await page.keyboard.type(`Something of the kind ${kind}.`);
        await press(page, 'Control+Alt+o');
        await page.getByTestId('callout-kind').last().selectOption(kind);
        await press(page, 'Control+End', 'Enter', 'Enter');
      }
      await page.keyboard.type('What is hidden?');
      await press(page, 'Control+Alt+g', 'Enter');
      await page.keyboard.type('This.');
      await expect(editor(page).getByText('This.')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
      ).toBe(0);
      await page.screenshot({ path: info.outputPath('containers.png'), animations: 'disabled' });
    });

test('the sign of an open toggle points down, whatever direction the words have that are typed in it', async ({
  visit,
}) => {
  const page = await visit(documentPath('toggle direction'));
  await begin(page);
  await press(page, 'Control+Alt+g');
  await page.keyboard.type('طي');
  const toggle = editor(page).locator('.toggle');
  await expect(toggle).toHaveCSS('direction', 'rtl');
  const drawn = () =>
    toggle.locator('> button').evaluate((button) => {
      const { borderTopWidth, borderBottomWidth, borderTopColor, rotate, color } = getComputedStyle(
        button,
        '::before',
      );
      return { borderTopWidth, borderBottomWidth, rotate, filled: borderTopColor === color };
    });
  await expect
    .poll(drawn)
    .toEqual({ borderTopWidth: '6px', borderBottomWidth: '0px', rotate: 'none', filled: true });
});
