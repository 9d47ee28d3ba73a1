import {
  blockCount,
  documentPath,
  expect,
  insertBlocks,
  peer,
  test as base,
  textOf,
  typeInto,
} from '../site.ts';
import { NO_WEBKIT, startWebKit } from './driver.ts';
import type { WebKit } from './driver.ts';
import * as inPage from './in-page.ts';
import { Window } from './window.ts';
import type { Point } from './window.ts';

/** Blocks of a long document, more than a browser lays out. */
const BLOCKS = 400;
/** Lines that are more than two stretches of it. */
const LINES = 40;
/** A picture of one point. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

interface Story {
  /** Opens a document's page, or opens it anew, ready to be written in. */
  open: (name: string) => Promise<Window>;
}

/** Stories of WebKit, the engine of Safari, as WebKitGTK has it: what of a browser's own doing the editor counts on. */
const test = base.extend<Story, { webkit: WebKit | null }>({
  webkit: [
    async ({ browserName: _browserName }, use) => {
      await using webkit = await startWebKit();
      await use(webkit);
    },
    { scope: 'worker' },
  ],
  open: async ({ webkit, site }, use, info) => {
    if (webkit === null) return info.skip(true, NO_WEBKIT);
    await using window = await Window.open(webkit);
    const checked = async () => expect(await window.run(inPage.problemsOf)).toEqual([]);
    await use(async (name) => {
      await checked();
      await window.goto(site.url + documentPath(name));
      await window.run(inPage.keepProblems);
      await expect.poll(() => window.run(inPage.canBeWritten)).toBe(true);
      return window;
    });
    await checked();
  },
});

/** A point that is there, or comes. */
async function found<T>(find: () => Promise<T | null>): Promise<T> {
  let at: T | null = null;
  await expect.poll(async () => (at = await find())).not.toBeNull();
  // What the line above waited for.
  return at as T;
}

/** Clicks on an element as soon as there is one. */
async function click(page: Window, selector: string): Promise<void> {
  await page.click(await found(() => page.run(inPage.middleOf, selector)));
}

/** Where words of the text begin and end. */
function endsOf(page: Window, words: string): Promise<{ from: Point; to: Point }> {
  return found(() => page.run(inPage.endsOf, words));
}

/** Writes a title, and goes to the line behind it. */
async function begin(page: Window): Promise<void> {
  await click(page, '[data-testid=editor] h1');
  await page.type('Title');
  await page.press('Enter');
}

function saved(page: Window): Promise<void> {
  return expect.poll(() => page.run(inPage.saveState)).toBe('saved');
}

test('letters, Enter, Backspace, Delete and undo do what they say, and what is saved is at the server', async ({
  open,
  site,
}) => {
  const friend = peer(site, 'keys');
  const page = await open('keys');
  await begin(page);
  await page.type('one too many');
  await page.press(...Array.from({ length: 9 }, () => 'Backspace'), 'Enter');
  await page.type('xtwo');
  await page.press('Home', 'Delete', 'End', 'Enter');
  await page.type('three wrong');
  await page.press('Control+Shift+ArrowLeft');
  expect(await page.run(inPage.selected)).toBe('wrong');
  await page.type('right');
  await page.press('Shift+Home');
  expect(await page.run(inPage.selected)).toBe('three right');
  await page.press('ArrowUp', 'Home', 'Enter');
  expect(await page.run(inPage.blocks)).toEqual(['Title', 'one', '', 'two', 'three right']);
  await page.press('Control+z');
  expect(await page.run(inPage.blocks)).toEqual(['Title', 'one', 'two', 'three right']);
  await page.press('Control+a', 'Backspace');
  await expect.poll(() => textOf(friend.doc)).not.toContain('two');
  await page.press('Control+z');
  await saved(page);
  await expect.poll(() => textOf(friend.doc)).toBe('Title\none\ntwo\nthree right\n');
  await open('keys');
  expect(await page.run(inPage.blocks)).toEqual(['Title', 'one', 'two', 'three right']);
  friend.close();
});

test('typed signs make lists, quotes, marks and code, and the slash menu a table that Tab goes through', async ({
  open,
}) => {
  const page = await open('signs');
  await begin(page);
  await page.type('- outer');
  await page.press('Enter', 'Tab');
  await page.type('inner');
  await page.press('Enter', 'Shift+Tab');
  await page.type('last');
  await page.press('Enter', 'Enter');
  await page.type('> said **loudly** ');
  await page.press('Enter', 'Enter');
  expect(await page.run(inPage.textsOf, '.prose li li')).toEqual(['inner']);
  expect(await page.run(inPage.textsOf, '.prose blockquote strong')).toEqual(['loudly']);
  await page.type('/table');
  await expect.poll(() => page.run(inPage.middleOf, '[data-testid=slash-table]')).not.toBeNull();
  await page.press('Enter');
  await click(page, '.prose th');
  for (const word of ['1a', '1b', '1c', '2a', '2b']) {
    await page.type(word);
    await page.press('Tab');
  }
  const cells = () => page.run(inPage.textsOf, '.prose :is(th, td)');
  expect(await cells()).toEqual(['1a', '1b', '1c', '2a', '2b', '', '', '', '']);
  // Cells that a mouse is drawn over are emptied as such.
  const [first, last] = [await endsOf(page, '1b'), await endsOf(page, '2b')];
  await page.point(first.from, 'down', first.to, last.from, last.to, 'up');
  await expect.poll(() => page.run(inPage.textsOf, '.prose .selectedCell')).toEqual(['1b', '2b']);
  await page.press('Delete');
  expect(await cells()).toEqual(['1a', '', '1c', '2a', '', '', '', '', '']);
  await page.press('Control+z');
  expect(await cells()).toEqual(['1a', '1b', '1c', '2a', '2b', '', '', '', '']);
  await page.press('Control+End');
  await page.type('```js ');
  await page.type('const one = 1;');
  await expect.poll(() => page.run(inPage.textsOf, '.prose .code-keyword')).toEqual(['const']);
  await saved(page);
});

test('a mouse selects words, and a handle opens the menu of its block and takes it elsewhere', async ({
  open,
}) => {
  const page = await open('mouse');
  await begin(page);
  await page.type('first words here');
  await page.press('Enter');
  await page.type('second');
  const { from, to } = await endsOf(page, 'words');
  await page.point(from, 'down', { ...to, x: to.x - 2 }, to, 'up');
  await expect.poll(() => page.run(inPage.selected)).toBe('words');
  await click(page, '[data-testid=bubble-bold]');
  await expect.poll(() => page.run(inPage.textsOf, '.prose strong')).toEqual(['words']);
  const second = await endsOf(page, 'second');
  await page.point(second.from);
  await click(page, '[data-testid=block-handle]');
  await expect.poll(() => page.run(inPage.middleOf, '[data-testid=block-menu]')).not.toBeNull();
  await page.press('Escape');
  await page.point(second.to);
  const handle = await found(() => page.run(inPage.middleOf, '[data-testid=block-handle]'));
  const above = await endsOf(page, 'first');
  await page.point(handle, 'down', { ...handle, y: handle.y - 10 }, { ...above.from, y: above.from.y - 5 });
  await expect.poll(() => page.run(inPage.middleOf, '[data-testid=drop-line]')).not.toBeNull();
  await page.point('up');
  await expect.poll(() => page.run(inPage.blocks)).toEqual(['Title', 'second', 'first words here']);
});

test('what is copied and cut is pasted, pictures as well', async ({ open }) => {
  const page = await open('clipboard');
  await begin(page);
  await page.type('a **bold** word');
  await page.press('Shift+Home', 'Control+c', 'End', 'Enter', 'Control+v');
  await expect.poll(() => page.run(inPage.textsOf, '.prose strong')).toEqual(['bold', 'bold']);
  await page.press('Shift+Home', 'Control+x');
  await expect.poll(() => page.run(inPage.blocks)).toEqual(['Title', 'a bold word', '']);
  await page.press('Control+v');
  await expect.poll(() => page.run(inPage.blocks)).toEqual(['Title', 'a bold word', 'a bold word']);
  await page.run(inPage.pastePicture, PICTURE);
  await expect.poll(() => page.run(inPage.isPictureDrawn)).toBe(true);
  await saved(page);
  await open('clipboard');
  await expect.poll(() => page.run(inPage.isPictureDrawn)).toBe(true);
});

test('in a long document the caret goes where keys say, however far, and what is selected goes as one', async ({
  open,
  site,
}) => {
  const friend = peer(site, 'long');
  await expect.poll(() => friend.provider.synced).toBe(true);
  const texts = Array.from({ length: BLOCKS }, (_, at) => `Block ${at} of many`);
  insertBlocks(friend.doc, blockCount(friend.doc), texts);
  await expect.poll(() => friend.provider.unsyncedChanges).toBe(0);
  const page = await open('long');
  await expect.poll(() => page.run(inPage.blocks)).toHaveLength(blockCount(friend.doc));
  await page.click((await endsOf(page, 'Block 3')).from);
  await page.press('Home');
  const key = async (name: string, times: number) => {
    for (let time = 0; time < times; time += 1) await page.press(name);
  };
  await key('ArrowDown', LINES);
  expect(await page.run(inPage.caret)).toBe(`|Block ${3 + LINES} of many`);
  await key('Shift+ArrowDown', LINES);
  expect(await page.run(inPage.caret)).toBe(`|Block ${3 + 2 * LINES} of many`);
  const whole = textOf(friend.doc);
  await page.type('x');
  await expect
    .poll(() => textOf(friend.doc))
    .toContain(`Block ${2 + LINES} of many\nxBlock ${3 + 2 * LINES} of`);
  await page.press('Control+z');
  await expect.poll(() => textOf(friend.doc)).toBe(whole);
  await page.press('Control+End');
  await key('ArrowUp', LINES);
  expect(await page.run(inPage.caret)).toBe(`Block ${BLOCKS - 1 - LINES} of many|`);
  await page.press('Control+Home');
  await page.type('>');
  await expect.poll(() => textOf(friend.doc)).toBe(`>${whole}`);
  friend.close();
});

test('arrows go the way of their line, also where that runs against the page', async ({ open }) => {
  const page = await open('directions');
  await begin(page);
  await page.type('مرحبا');
  await page.press('Enter');
  await page.type('next');
  await page.press('ArrowUp', 'Home', 'ArrowLeft');
  expect(await page.run(inPage.caret)).toBe('م|رحبا');
  await page.press('Home', 'ArrowRight');
  expect(await page.run(inPage.caret)).toBe('Title|');
  await page.press('ArrowDown', 'End', 'ArrowRight');
  expect(await page.run(inPage.caret)).toBe('مرحب|ا');
  await page.press('End', 'ArrowLeft');
  expect(await page.run(inPage.caret)).toBe('|next');
});

test('two write at once, and both have all words', async ({ open, site }) => {
  const friend = peer(site, 'both');
  const page = await open('both');
  await begin(page);
  await page.type('mine');
  await expect.poll(() => textOf(friend.doc)).toBe('Title\nmine\n');
  const LETTERS = 'abcdefgh';
  for (const letter of LETTERS) {
    await page.type(letter);
    const [title = '', block = ''] = textOf(friend.doc).split('\n');
    typeInto(friend.doc, title, letter);
    typeInto(friend.doc, block, letter.toUpperCase());
  }
  const written = (kind: RegExp) => textOf(friend.doc).replaceAll(kind, '');
  await expect.poll(() => written(/[^a-z\n]/g)).toBe(`itle${LETTERS}\nmine${LETTERS}\n`);
  expect(written(/[^A-Z]/g)).toBe(`T${LETTERS.toUpperCase()}`);
  await expect
    .poll(async () => (await page.run(inPage.blocks)).join('\n'))
    .toBe(textOf(friend.doc).trimEnd());
  friend.close();
});

test('without a server it goes on, says what is kept, and gives it when the server is back', async ({
  open,
  site,
}) => {
  const page = await open('away');
  await begin(page);
  await page.type('before');
  await saved(page);
  await site.stop();
  await expect.poll(() => page.run(inPage.saveState), { timeout: 30_000 }).toBe('offline');
  await page.type(' and away');
  await expect
    .poll(() => page.run(inPage.textsOf, '[data-testid=save-state]'))
    .toEqual(['Offline, 9 changes kept on this device']);
  expect(await page.run(inPage.blocks)).toEqual(['Title', 'before and away']);
  await site.start();
  await expect.poll(() => page.run(inPage.saveState), { timeout: 40_000 }).toBe('saved');
  const friend = peer(site, 'away');
  await expect.poll(() => textOf(friend.doc)).toBe('Title\nbefore and away\n');
  friend.close();
});
