import type { CDPSession, Page } from '@playwright/test';
import { boxOf, documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
/** How far one level of a list stands in, px. */
const LEVEL = 26;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Fingers of a phone, as the browser's own protocol has them. */
class Fingers {
  readonly #session: CDPSession;

  constructor(session: CDPSession) {
    this.#session = session;
  }

  down(...touchPoints: Point[]): Promise<unknown> {
    return this.#send('touchStart', touchPoints);
  }

  move(...touchPoints: Point[]): Promise<unknown> {
    return this.#send('touchMove', touchPoints);
  }

  up(): Promise<unknown> {
    return this.#send('touchEnd', []);
  }

  taken(): Promise<unknown> {
    return this.#send('touchCancel', []);
  }

  #send(type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel', points: readonly Point[]) {
    const touchPoints = points.map((point, id) => ({ ...point, id }));
    return this.#session.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}

const fingersOn = async (page: Page) => new Fingers(await page.context().newCDPSession(page));
const handleOf = (page: Page) => page.getByTestId('touch-handle');
const blocks = (page: Page) => page.getByTestId('editor').locator('p');

async function middleOf(locator: ReturnType<Page['locator']>): Promise<Point> {
  const { x, y, width, height } = await boxOf(locator);
  return { x: x + width / 2, y: y + height / 2 };
}

/** Puts the caret in a block and rests a finger on its handle until that drags. */
async function take(page: Page, fingers: Fingers, words: string): Promise<Point> {
  await blocks(page).getByText(words, { exact: true }).tap();
  const line = await middleOf(blocks(page).getByText(words, { exact: true }));
  const handle = handleOf(page);
  await expect.poll(async () => Math.abs((await middleOf(handle)).y - line.y)).toBeLessThan(8);
  const at = await middleOf(handle);
  await fingers.down(at);
  await expect(handle).toHaveClass(/dragging/);
  return at;
}

async function write(page: Page, lines: readonly string[]): Promise<void> {
  await page.getByTestId('editor').locator('h1').tap();
  for (const line of ['Title', ...lines]) {
    await page.keyboard.type(line);
    if (line !== lines.at(-1)) await press(page, 'Enter');
  }
}

for (const [way, locale] of [
  ['left to right', 'en'],
  ['right to left', 'ar-EG'],
] as const)
  test(`WAYS-11: a block is dragged by a finger, at 320 px, ${way}`, async ({ visit }, info) => {
    const page = await visit(documentPath('touch'), { ...PHONE, locale });
    await write(page, ['one', 'two', 'three']);
    const fingers = await fingersOn(page);
    const from = await take(page, fingers, 'three');
    const handle = await boxOf(handleOf(page));
    const column = await boxOf(page.getByTestId('editor'));
    expect(Math.min(handle.width, handle.height)).toBeGreaterThanOrEqual(44);
    // Beside the text, wholly on the page: no tap on a word is taken for it.
    if (locale === 'en') expect(handle.x).toBeGreaterThanOrEqual(column.x + column.width);
    else expect(handle.x + handle.width).toBeLessThanOrEqual(column.x);
    expect(handle.x).toBeGreaterThanOrEqual(0);
    expect(handle.x + handle.width).toBeLessThanOrEqual(320);

    const first = await boxOf(blocks(page).getByText('one', { exact: true }));
    await fingers.move({ x: from.x, y: first.y + 2 });
    await expect(page.getByTestId('drop-line')).toBeVisible();
    await page.screenshot({ path: info.outputPath('drag.png'), animations: 'disabled' });
    await fingers.up();
    await expect(blocks(page)).toHaveText(['three', 'one', 'two']);
    await expect(handleOf(page)).not.toHaveClass(/dragging/);
    if (locale === 'en') await expect(page.getByTestId('menu-said')).toHaveText('Moved');
    await expect(page.getByTestId('editor')).toBeFocused();
    await press(page, 'Control+z');
    await expect(blocks(page)).toHaveText(['one', 'two', 'three']);
    expect(await page.evaluate(() => getSelection()?.toString())).toBe('');
    await page.emulateMedia({ media: 'print' });
    await expect(handleOf(page)).toBeHidden();
  });

test('WAYS-11: a tap on the handle opens the menu of its block', async ({ visit }) => {
  const page = await visit(documentPath('touch-menu'), PHONE);
  await write(page, ['one', 'two']);
  await expect(handleOf(page)).toHaveAccessibleName('Block menu');
  expect(await violations(page)).toEqual([]);
  await handleOf(page).tap();
  const menu = page.getByRole('menu', { name: 'Block' });
  await expect(menu).toBeVisible();
  await menu.getByTestId('item-quote').tap();
  await expect(editor(page).locator('blockquote')).toHaveText('two');
  await title(page).tap();
  await expect(handleOf(page)).toHaveCount(0);
});

test('WAYS-11: a finger that goes aside changes the level, as a mouse does', async ({ visit }) => {
  const page = await visit(documentPath('touch-levels'), PHONE);
  await write(page, ['- list', '', 'last']);
  await expect(editor(page).getByRole('listitem')).toHaveCount(1);
  const fingers = await fingersOn(page);
  const from = await take(page, fingers, 'last');
  await fingers.move({ x: from.x, y: from.y - 4 });
  await fingers.up();
  await expect(editor(page).getByRole('listitem')).toHaveText('list');
  const again = await take(page, fingers, 'last');
  const item = await boxOf(editor(page).getByText('list', { exact: true }));
  await fingers.move({ x: again.x + LEVEL * 0.7, y: item.y + item.height - 2 });
  await expect(page.getByTestId('drop-line')).toBeVisible();
  await fingers.up();
  await expect(editor(page).getByRole('listitem')).toHaveText('listlast');
});

test('WAYS-12: a second finger, Escape, the browser and others who delete the block end a drag', async ({
  visit,
}) => {
  const page = await visit(documentPath('touch-cancel'), PHONE);
  await write(page, ['one', 'two', 'three']);
  await saved(page);
  const friend = await visit(documentPath('touch-cancel'));
  await expect(blocks(friend)).toHaveCount(3);
  const fingers = await fingersOn(page);
  const said = page.getByTestId('menu-said');
  const ways: readonly [string, (at: Point) => Promise<unknown>][] = [
    ['a second finger', (at) => fingers.down(at, { x: 60, y: at.y })],
    ['Escape', () => page.keyboard.press('Escape')],
    ['the browser', () => fingers.taken()],
  ];
  for (const [way, cancel] of ways) {
    const from = await take(page, fingers, 'three');
    await expect(said).toHaveText('Moving');
    const at = { x: from.x, y: (await middleOf(blocks(page).first())).y - 8 };
    await fingers.move(at);
    await expect(page.getByTestId('drop-line'), way).toBeVisible();
    await cancel(at);
    await expect(page.getByTestId('drop-line'), way).toHaveCount(0);
    await expect(said, way).toHaveText('Left where it was');
    if (way !== 'the browser') await fingers.up();
    await expect(blocks(page), way).toHaveText(['one', 'two', 'three']);
    await expect(page.getByRole('menu')).toHaveCount(0);
  }
  const from = await take(page, fingers, 'three');
  const at = { x: from.x, y: (await middleOf(blocks(page).first())).y - 8 };
  await fingers.move(at);
  // What others write elsewhere is nothing to it.
  await blocks(friend).first().click();
  await press(friend, 'End');
  await friend.keyboard.type('!');
  await expect(blocks(page)).toHaveText(['one!', 'two', 'three']);
  await expect(page.getByTestId('drop-line')).toBeVisible();
  await blocks(friend).last().click({ clickCount: 3 });
  await friend.keyboard.press('Backspace');
  await friend.keyboard.press('Backspace');
  await expect(said).toHaveText('Left where it was');
  await expect(page.getByTestId('drop-line')).toHaveCount(0);
  await fingers.up();
  await expect(blocks(page)).toHaveText(['one!', 'two']);
});

test('WAYS-12: a finger at the edge scrolls on, and one that moves at once scrolls the page', async ({
  visit,
}) => {
  const page = await visit(documentPath('touch-scroll'), PHONE);
  const lines = Array.from({ length: 24 }, (_, index) => `line ${String(index)}`);
  await write(page, lines);
  await press(page, 'Control+Home');
  const fingers = await fingersOn(page);
  const from = await take(page, fingers, 'line 1');
  const bar = await boxOf(page.getByRole('toolbar', { name: 'Format' }));
  await fingers.move({ x: from.x, y: bar.y - 10 });
  const rest = () =>
    page.getByTestId('editor').evaluate((element) => {
      const stage = element.closest('.stage');
      return stage ? stage.scrollHeight - stage.clientHeight - stage.scrollTop : Number.NaN;
    });
  await expect.poll(rest).toBeLessThan(2);
  const last = await boxOf(blocks(page).last());
  await fingers.move({ x: from.x, y: last.y + last.height - 2 });
  await fingers.up();
  await expect(blocks(page).last()).toHaveText('line 1');

  await expect(handleOf(page)).toBeVisible();
  const before = await rest();
  const at = await middleOf(handleOf(page));
  // All at once: no time for a rest.
  await Promise.all([
    fingers.down(at),
    ...[1, 2, 3, 4, 5, 6].map((step) => fingers.move({ x: at.x, y: at.y + step * 20 })),
  ]);
  await fingers.up();
  await expect.poll(rest).toBeGreaterThan(before + 40);
  await expect(blocks(page).last()).toHaveText('line 1');
  await expect(page.getByRole('menu')).toHaveCount(0);
});
