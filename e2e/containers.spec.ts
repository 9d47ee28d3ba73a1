import { documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';

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
