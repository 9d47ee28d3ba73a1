import type { Page } from '@playwright/test';
import {
  begin,
  blockCount,
  documentPath,
  editor,
  expect,
  deleteBlocks,
  insertBlocks,
  peerWith,
  press,
  saved,
  test,
  textOf,
  typeInto,
} from './site.ts';

const BLOCKS = 1_500;
/** A block in the middle of the document: what the reader looks at. */
const HERE = 700;
/** In so many frames all is laid out around a place that was gone to. */
const FRAMES = 8;
/** More lines than a screen has. */
const LINES = 40;
/** More words than a screen has. */
const WORDS = 600;

/** Where a block stands in the window, px from its top. */
function place(page: Page, text: string): Promise<number> {
  return editor(page)
    .getByText(text, { exact: true })
    .evaluate((element) => element.getBoundingClientRect().top);
}

/** Whether the line with the caret is in the window. */
function caretIsSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const line = document.getSelection()?.getRangeAt(0).getClientRects()[0];
    const stage = document.querySelector('.stage')?.getBoundingClientRect();
    return line !== undefined && stage !== undefined && line.top >= stage.top && line.bottom <= stage.bottom;
  });
}

for (const caret of ['nowhere', 'in what is read', 'above'] as const)
  test(`the place is kept while others write above, in 1,500 blocks, with the caret ${caret}`, async ({
    visit,
    site,
  }) => {
    const blocks = Array.from({ length: BLOCKS }, (_, at) => `Block ${at}`);
    const friend = await peerWith(site, 'long', blocks);
    const { doc } = friend;

    const page = await visit(documentPath('long'));
    await expect(editor(page).locator('> :not([part])')).toHaveCount(blockCount(doc));
    const read = editor(page).getByText(`Block ${HERE}`, { exact: true });
    if (caret === 'above') await editor(page).getByText('Block 2', { exact: true }).click();
    await read.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    // The last block in view: a caret at the edge is what a careless page would scroll to.
    const edge = HERE + 8;
    if (caret === 'in what is read') await editor(page).getByText(`Block ${edge}`, { exact: true }).click();
    await saved(page);
    const before = await place(page, `Block ${HERE}`);

    const changes: [name: string, change: () => void][] = [
      ...[10, 11, 12, 13, 14, 15, 16, 17].map((above): [string, () => void] => [
        `a line ${above} above what is read`,
        () => insertBlocks(doc, HERE - 10, ['A line'.repeat(above)]),
      ]),
      ['blocks above', () => insertBlocks(doc, 40, ['New A', 'New B', 'New C'])],
      ['a longer block', () => typeInto(doc, 'Block 297', ' and more words'.repeat(60))],
      ['a block just out of sight', () => insertBlocks(doc, HERE - 20, ['Much '.repeat(400)])],
      ['fewer blocks', () => deleteBlocks(doc, 60, 25)],
      ['the first block', () => insertBlocks(doc, 0, ['Very first '.repeat(60)])],
    ];
    for (const [name, change] of changes) {
      change();
      await expect(editor(page).locator('> :not([part])')).toHaveCount(blockCount(doc));
      await expect.poll(() => textLength(page)).toBe(textOf(doc).replaceAll('\n', '').length);
      expect(Math.abs((await place(page, `Block ${HERE}`)) - before), name).toBeLessThanOrEqual(2);
    }
    friend.close();
    if (caret !== 'above') return;
    // What is far away is not laid out, and a caret gets there all the same.
    await page.keyboard.press('Control+End');
    await page.keyboard.type('!');
    await expect(editor(page).locator('> :not([part])').last()).toHaveText(/.!$/);
  });

function textLength(page: Page): Promise<number> {
  return editor(page).evaluate((element) =>
    [...element.children].reduce((sum, { textContent }) => sum + textContent.length, 0),
  );
}

test('what is gone to from afar stays where it is while all around it is laid out', async ({
  visit,
  site,
}) => {
  const blocks = Array.from({ length: BLOCKS }, (_, at) => `Block ${at}`);
  const friend = await peerWith(site, 'long', blocks);
  const page = await visit(documentPath('long'));
  await expect(editor(page).locator('> :not([part])')).toHaveCount(blockCount(friend.doc));
  for (const block of [HERE, 100, 1_300, 400, 1_000, 129, 260, 390, 50, 1_490]) {
    const moved = await editor(page)
      .getByText(`Block ${block}`, { exact: true })
      .evaluate(async (element, frames) => {
        element.scrollIntoView({ block: 'center' });
        const { top } = element.getBoundingClientRect();
        for (let frame = 0; frame < frames; frame += 1)
          await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        return Math.abs(element.getBoundingClientRect().top - top);
      }, FRAMES);
    expect(moved, `Block ${block}`).toBeLessThanOrEqual(2);
  }
  friend.close();
});

test('the screen follows who writes, and comes back to them from anywhere', async ({ visit }) => {
  const page = await visit(documentPath('followed'));
  await begin(page);
  for (let line = 0; line < LINES; line += 1) await press(page, 'Enter');
  await page.keyboard.type('below');
  const below = editor(page).getByText('below');
  await expect(below).toBeInViewport({ ratio: 1 });
  await page.locator('.stage').evaluate((element) => element.scrollTo(0, 0));
  await expect(below).not.toBeInViewport();
  await page.keyboard.type('!');
  await expect(below).toBeInViewport({ ratio: 1 });
  // A block that is higher than the screen is not seen because its beginning is.
  await page.keyboard.insertText(' word'.repeat(WORDS));
  await page.keyboard.type('.');
  await expect.poll(() => caretIsSeen(page)).toBe(true);
});

test('the screen follows also where one goes from elsewhere on the page', async ({ visit, site }) => {
  const lines = Array.from({ length: 2 * LINES }, (_, at) => `Line ${at}`);
  const friend = await peerWith(site, 'elsewhere', ['first', ...lines, 'last']);
  const page = await visit(documentPath('elsewhere'));
  await editor(page).getByText('last', { exact: true }).click();
  await press(page, 'Home');
  await page.keyboard.type('## ');
  await page.locator('.stage').evaluate((element) => element.scrollTo(0, 0));
  await editor(page).getByText('first', { exact: true }).click();
  await test.step('to a heading, by the palette', async () => {
    await press(page, 'Control+k');
    await page.keyboard.type('last');
    await expect(page.getByRole('option').first()).toHaveText(/last/);
    await page.keyboard.press('Enter');
    await expect(editor(page)).toBeFocused();
    await expect.poll(() => caretIsSeen(page)).toBe(true);
  });
  await test.step('back from a note to its words, with the focus on the bar', async () => {
    await editor(page).getByText('first', { exact: true }).click();
    await press(page, 'End');
    await page.keyboard.type('[^1]');
    await page.keyboard.type('A note.');
    const reference = editor(page).locator('[role=doc-noteref]');
    await expect(reference).not.toBeInViewport();
    await press(page, 'Alt+F10');
    await page.getByTestId('footnote-back').click();
    await expect(editor(page)).toBeFocused();
    await expect(reference).toBeInViewport();
  });
  friend.close();
});
