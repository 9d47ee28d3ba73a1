import type { Locator, Page } from '@playwright/test';
import { CONTENT_FIELD } from '@sheaf/schema';
import { addBlock, addTable, element } from './everything.ts';
import { BLOCK, BLOCKS, longDocument, MIDDLE, misplaced, openLong } from './long-pages.ts';
import {
  blockCount,
  deleteBlocks,
  documentPath,
  editor,
  expect,
  insertBlocks,
  peerWith,
  press,
  test,
  textOf,
} from './site.ts';

/** Blocks that many stretches take in. */
const MANY = 300;
/** Children of a stretch when it is made; no more than twice as many are left in one. */
const CHILDREN = 32;
/** Stretches at the edges, and beside them, that may have few. */
const EDGES = 4;
/** So many blocks are laid out at most where somebody writes. */
const MOST_LAID_OUT = 100;
/** Times that a document repeats some blocks. */
const ROUNDS = 60;

/** Children of each stretch. */
function stretches(page: Page): Promise<number[]> {
  return editor(page).evaluate((text: HTMLElement) =>
    [...(text.shadowRoot?.querySelectorAll('slot') ?? [])].map((slot) => slot.assignedNodes().length),
  );
}

test('every block has its place in a stretch, whatever others put in or take away', async ({
  visit,
  site,
}) => {
  const friend = await longDocument(site);
  const { doc } = friend;
  const page = await visit(documentPath('long'));
  const lines = (name: string) => Array.from({ length: MANY }, (_, at) => `${name} ${at}`);
  const changes: [name: string, change: () => void][] = [
    ['as it was opened', () => undefined],
    ['many more in the middle', () => insertBlocks(doc, MIDDLE, lines('Middle'))],
    ['as many at the beginning', () => insertBlocks(doc, 0, lines('Beginning'))],
    ['and at the end', () => insertBlocks(doc, blockCount(doc), lines('End'))],
    ['one by one at the beginning', () => lines('One').forEach((line) => insertBlocks(doc, 0, [line]))],
    ['without the first ones', () => deleteBlocks(doc, 0, MANY + 7)],
    ['without the last ones', () => deleteBlocks(doc, blockCount(doc) - MANY - 7, MANY + 7)],
    ['without many in the middle', () => deleteBlocks(doc, MIDDLE / 2, 2 * MANY)],
    ['with few left', () => deleteBlocks(doc, 2, blockCount(doc) - 4)],
    ['and many again', () => insertBlocks(doc, 1, lines('Again'))],
  ];
  for (const [name, change] of changes) {
    change();
    await expect(editor(page).locator(BLOCK)).toHaveCount(blockCount(doc));
    expect(await misplaced(page), name).toEqual([]);
    const lengths = await stretches(page);
    expect(Math.min(...lengths), name).toBeGreaterThan(0);
    expect(Math.max(...lengths), name).toBeLessThanOrEqual(2 * CHILDREN);
    // However it came to that, there are hardly more than need be.
    expect(lengths.length, name).toBeLessThanOrEqual(EDGES + blockCount(doc) / (CHILDREN / 2));
  }
  await editor(page).getByText('Again 7', { exact: true }).click();
  await press(page, 'End');
  await page.keyboard.type('!');
  await expect.poll(() => textOf(doc)).toContain('\nAgain 7!\nAgain 8\n');
  friend.close();
});

/** Blocks that are laid out now. */
function laidOut(page: Page): Promise<number> {
  return editor(page).evaluate(
    (text) =>
      [...text.children].filter((block) => block.checkVisibility({ contentVisibilityAuto: true })).length,
  );
}

/** Where a block stands in the window, px. */
function topOf(block: Locator): Promise<number> {
  return block.evaluate((shown) => shown.getBoundingClientRect().top);
}

test('where somebody writes less is laid out, and nothing moves for that', async ({ visit, site }) => {
  const { friend, doc, page } = await openLong(visit, site);
  const height = () => page.locator('.stage').evaluate(({ scrollHeight }) => scrollHeight);
  for (const number of [MIDDLE, MIDDLE + 3, MIDDLE + 60, 30, BLOCKS - 2]) {
    const text = editor(page).getByText(new RegExp(`^Block ${number}>?$`));
    await text.click();
    const top = await topOf(text);
    // What is around is laid out for the key, and is not as high as it was taken to be.
    await press(page, 'End');
    expect(Math.abs((await topOf(text)) - top), `Block ${number}`).toBeLessThanOrEqual(1);
    const all = await height();
    const kept = await laidOut(page);
    await page.keyboard.type('>');
    await expect.poll(() => laidOut(page)).toBeLessThan(Math.min(kept, MOST_LAID_OUT));
    expect(Math.abs((await topOf(text)) - top), `Block ${number}`).toBeLessThanOrEqual(1);
    expect(Math.abs((await height()) - all), `Block ${number}`).toBeLessThanOrEqual(1);
    expect(await misplaced(page)).toEqual([]);
    await expect.poll(() => textOf(doc)).toContain(`\nBlock ${number}>\n`);
  }
  friend.close();
});

for (const hasTouch of [false, true])
  test(`what has a margin behind it stands as far from the next block as anywhere else${hasTouch ? ', for fingers' : ''}`, async ({
    visit,
    site,
  }) => {
    const friend = await peerWith(site, 'margins', ['Title']);
    const flow = friend.doc.getText(CONTENT_FIELD);
    const across = (attributes: Record<string, number>) =>
      flow.insertEmbed(flow.length, element('divider', attributes));
    friend.doc.transact(() => {
      for (let at = 0; at < ROUNDS; at += 1) {
        addBlock(flow, {}, `Words ${at}`);
        addBlock(flow, { quote: 1 }, `Quoted ${at}`);
        across({ quote: 1 });
        addBlock(flow, { list: 'bullet' }, `Item ${at}`);
        across({ indent: 1 });
        across({});
        const of = at % 2 === 0 ? {} : { quote: 1 };
        addTable(flow, {
          of,
          columns: [{ id: 'a' }],
          rows: [{ id: '1' }],
          cells: [[{ row: '1', column: 'a' }, 'cell']],
        });
      }
    });
    const page = await visit(documentPath('margins'), { hasTouch });
    await expect(editor(page).getByText(`Words ${ROUNDS - 1}`, { exact: true })).toBeAttached();
    /** How far each block is from the next, px, where all are laid out: in stretches that contain, or that do not. */
    const gaps = (contain: string) =>
      editor(page).evaluate((text, value) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(
          `.prose::part(stretch) { content-visibility: visible !important; contain: ${value} !important; }`,
        );
        document.adoptedStyleSheets = [sheet];
        const boxes = [...text.children].map((block) => block.getBoundingClientRect());
        document.adoptedStyleSheets = [];
        return boxes.slice(1).map(({ top }, at) => Math.round(top - (boxes[at]?.bottom ?? 0)));
      }, contain);
    for (const at of [10, ROUNDS / 2, ROUNDS / 2 + 1, ROUNDS - 5]) {
      const words = editor(page).getByText(new RegExp(`^Words ${at}!?$`));
      await words.click();
      await press(page, 'End');
      const before = await topOf(words);
      const kept = await laidOut(page);
      await page.keyboard.type('!');
      await expect.poll(() => laidOut(page)).toBeLessThan(kept);
      expect(Math.abs((await topOf(words)) - before), `Words ${at}`).toBeLessThanOrEqual(1);
    }
    expect(await gaps('layout style paint')).toEqual(await gaps('none'));
    friend.close();
  });

test('a key that moves nothing moves nothing, wherever the caret is', async ({ visit, site }) => {
  const { friend, page } = await openLong(visit, site);
  for (const [caret, looked] of [
    [2, 400],
    [300, 480],
    [500, 100],
    [100, 300],
  ] as const) {
    await editor(page).getByText(`Block ${caret}`, { exact: true }).click();
    const seen = editor(page).getByText(`Block ${looked}`, { exact: true });
    await seen.evaluate((shown) => shown.scrollIntoView({ block: 'center' }));
    await expect(seen).toBeInViewport();
    const before = await topOf(seen);
    await press(page, 'Control');
    const moved = (await topOf(seen)) - before;
    expect(Math.abs(moved), `from ${caret} at ${looked}`).toBeLessThanOrEqual(1);
  }
  friend.close();
});
