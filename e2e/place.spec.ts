import type { Page } from '@playwright/test';
import {
  blockCount,
  documentPath,
  editor,
  expect,
  deleteBlocks,
  insertBlocks,
  peer,
  saved,
  test,
  textOf,
  typeInto,
} from './site.ts';

const BLOCKS = 1_500;
/** A block in the middle of the document: what the reader looks at. */
const HERE = 700;

/** Where a block stands in the window, px from its top. */
function place(page: Page, text: string): Promise<number> {
  return editor(page)
    .getByText(text, { exact: true })
    .evaluate((element) => element.getBoundingClientRect().top);
}

for (const caret of ['nowhere', 'in what is read', 'above'] as const)
  test(`the place is kept while others write above, in 1,500 blocks, with the caret ${caret}`, async ({
    visit,
    site,
  }) => {
    const friend = peer(site, 'long');
    await expect.poll(() => friend.provider.synced).toBe(true);
    const { doc } = friend;
    insertBlocks(
      doc,
      blockCount(doc),
      Array.from({ length: BLOCKS }, (_, at) => `Block ${at}`),
    );
    await expect.poll(() => friend.provider.unsyncedChanges).toBe(0);

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
