import type { Page } from '@playwright/test';
import { BLOCK, BLOCKS, longDocument, MIDDLE, misplaced, openLong } from './long-pages.ts';
import { blockCount, documentPath, editor, expect, press, saved, test, textOf } from './site.ts';

/** More than a fine stretch is made of. */
const LINES = 20;
/** Lines that reach over all that is fine, and over coarse stretches behind it. */
const OVER_STRETCHES = 140;

test('a long document is laid out near to the screen only, and is written in as any other', async ({
  visit,
  site,
}) => {
  const { friend, doc, page } = await openLong(visit, site);
  expect(await misplaced(page)).toEqual([]);
  const far = editor(page).getByText(`Block ${BLOCKS - 40}`, { exact: true });
  expect(await far.evaluate((element) => element.checkVisibility({ contentVisibilityAuto: true }))).toBe(
    false,
  );

  await editor(page).getByText(`Block ${MIDDLE}`, { exact: true }).scrollIntoViewIfNeeded();
  await editor(page).getByText(`Block ${MIDDLE}`, { exact: true }).click();
  await page.keyboard.press('End');
  await test.step('a new line has its place in the task that makes it, where its caret is asked for', async () => {
    const height = await editor(page).evaluate((text) => {
      text.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      const line = document.getSelection()?.anchorNode;
      return line instanceof HTMLParagraphElement ? line.offsetHeight : null;
    });
    expect(height).toBeGreaterThan(0);
    await page.keyboard.press('Backspace');
  });
  await test.step('Enter, again and again, beyond what one stretch holds', async () => {
    for (let line = 0; line < LINES; line += 1) {
      await page.keyboard.press('Enter');
      await page.keyboard.type(`line ${line}`);
    }
    await expect(editor(page)).toBeFocused();
    expect(await misplaced(page)).toEqual([]);
    await expect
      .poll(() => textOf(doc))
      .toContain(
        [
          `Block ${MIDDLE}`,
          ...Array.from({ length: LINES }, (_, line) => `line ${line}`),
          `Block ${MIDDLE + 1}`,
        ].join('\n'),
      );
  });
  await test.step('arrows and Backspace over the edges of stretches', async () => {
    for (let line = 0; line < LINES; line += 1) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    await page.keyboard.type('<');
    await expect.poll(() => textOf(doc)).toContain(`<Block ${MIDDLE}\nline 0`);
    await page.keyboard.press('Shift+PageDown');
    await page.keyboard.press('Backspace');
    expect(await misplaced(page)).toEqual([]);
    await page.keyboard.press('Control+z');
    await expect.poll(() => textOf(doc)).toContain(`<Block ${MIDDLE}\nline 0`);
    expect(await misplaced(page)).toEqual([]);
  });
  await test.step('a line across has one margin, not two', async () => {
    const gap = (text: string) =>
      editor(page)
        .getByText(text, { exact: true })
        .evaluate((element) => {
          const { bottom } = element.getBoundingClientRect();
          return (element.nextElementSibling?.getBoundingClientRect().top ?? 0) - bottom;
        });
    const rows = Array.from({ length: LINES - 2 }, (_, line) => `line ${line}`);
    const gaps = await Promise.all(rows.map(gap));
    expect(new Set(gaps.map((px) => px.toFixed(1))).size).toBe(1);
  });
  await test.step('all of it is printed, and selected', async () => {
    const isLaidOut = () =>
      far.evaluate((element) => element.checkVisibility({ contentVisibilityAuto: true }));
    const place = () => editor(page).getByText('line 0', { exact: true }).boundingBox();
    const before = await place();
    await page.pdf();
    expect(await isLaidOut()).toBe(false);
    expect(await place()).toEqual(before);
    await page.emulateMedia({ media: 'print' });
    await expect.poll(isLaidOut).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    await page.keyboard.press('Control+a');
    const selected = await page.evaluate(() => document.getSelection()?.toString() ?? '');
    for (const block of [0, MIDDLE, BLOCKS - 1]) expect(selected).toContain(`Block ${block}`);
  });
  await saved(page);
  friend.close();
});

test('borders of stretches are no borders for keys, selections and compositions', async ({ visit, site }) => {
  const { friend, doc, page } = await openLong(visit, site);
  await editor(page).getByText(`Block ${MIDDLE}`, { exact: true }).click();
  const session = await page.context().newCDPSession(page);
  const behind = await firstOfStretch(page);
  const above = `Block ${behind - 1}`;
  const below = `Block ${behind}`;
  const rest = `\nBlock ${behind + 1}\n`;
  const goTo = async (block: string, ...keys: string[]) => {
    await editor(page).getByText(block, { exact: true }).click();
    await press(page, ...keys);
  };
  await test.step('arrows go over it, at their column and back', async () => {
    await goTo(below, 'Home', 'ArrowRight', 'ArrowRight', 'ArrowUp');
    expect(await caretIn(page)).toBe(`${above.slice(0, 2)}|${above.slice(2)}`);
    await press(page, 'ArrowDown');
    expect(await caretIn(page)).toBe(`${below.slice(0, 2)}|${below.slice(2)}`);
    await press(page, 'Home', 'ArrowLeft');
    expect(await caretIn(page)).toBe(`${above}|`);
    await press(page, 'ArrowRight');
    expect(await caretIn(page)).toBe(`|${below}`);
  });
  await test.step('so they do wherever the screen is', async () => {
    const shown = (block: string) =>
      editor(page)
        .getByText(block, { exact: true })
        .evaluate((element) => element.checkVisibility({ contentVisibilityAuto: true }));
    /** Looks at the beginning: what is beside the caret's stretch is not laid out then. */
    const lookAway = async () => {
      await page.locator('.stage').evaluate((element) => element.scrollTo(0, 0));
      await expect.poll(() => shown(above)).toBe(false);
    };
    for (const [keys, caret] of [
      [['Home', 'ArrowRight'], `B|${below.slice(1)}`],
      [['ArrowUp'], `${above}|`],
      [['Home', 'ArrowLeft'], `${above}|`],
      [['ArrowDown'], `Block ${behind + 1}|`],
    ] as const) {
      await goTo(below, 'End');
      // Nothing is kept laid out for who has just written.
      await page.keyboard.type('x');
      await press(page, 'Backspace');
      await lookAway();
      await press(page, ...keys);
      expect(await caretIn(page), keys.join()).toBe(caret);
    }
    await page.keyboard.type('x');
    await press(page, 'Backspace');
    await lookAway();
    await press(page, 'Shift+ArrowUp', 'Shift+ArrowUp', 'Shift+Home');
    expect(await page.evaluate(() => document.getSelection()?.toString())).toBe(
      `${above}\n\n${below}\n\nBlock ${behind + 1}`,
    );
    await goTo(below, 'Home');
  });
  await test.step('Backspace and Delete join over it, and Enter divides', async () => {
    await press(page, 'Backspace');
    await expect.poll(() => textOf(doc)).toContain(`\n${above}${below}${rest}`);
    expect(await caretIn(page)).toBe(`${above}|${below}`);
    await press(page, 'Enter');
    await expect.poll(() => textOf(doc)).toContain(`\n${above}\n${below}${rest}`);
    await goTo(above, 'End', 'Delete');
    await expect.poll(() => textOf(doc)).toContain(`\n${above}${below}${rest}`);
    await press(page, 'Control+z');
    await expect.poll(() => textOf(doc)).toContain(`\n${above}\n${below}${rest}`);
    expect(await misplaced(page)).toEqual([]);
  });
  await test.step('what is selected over it by keys is one text, and goes as one', async () => {
    await goTo(below, 'End', 'Shift+ArrowUp', 'Shift+Home');
    expect(await page.evaluate(() => document.getSelection()?.toString())).toBe(`${above}\n\n${below}`);
    await page.keyboard.type('x');
    await expect.poll(() => textOf(doc)).toContain(`\nx${rest}`);
    await press(page, 'Control+z');
    await expect.poll(() => textOf(doc)).toContain(`\n${above}\n${below}${rest}`);
  });
  await test.step('keys that extend go on over several, and back', async () => {
    await goTo(below, 'Home');
    for (let line = 0; line < OVER_STRETCHES; line += 1) await press(page, 'Shift+ArrowDown');
    const lines = Array.from({ length: OVER_STRETCHES }, (_, line) => `Block ${behind + line}\n\n`);
    expect(await page.evaluate(() => document.getSelection()?.toString())).toBe(lines.join(''));
    for (let line = 0; line < OVER_STRETCHES; line += 1) await press(page, 'Shift+ArrowUp');
    expect(await caretIn(page)).toBe(`|${below}`);
    expect(await page.evaluate(() => document.getSelection()?.isCollapsed)).toBe(true);
  });
  await test.step('so does what is composed in its place, and at its edges', async () => {
    const compose = async (text: string) => {
      for (let length = 1; length <= text.length; length += 1)
        await session.send('Input.imeSetComposition', {
          selectionStart: length,
          selectionEnd: length,
          text: text.slice(0, length),
        });
      await session.send('Input.insertText', { text });
    };
    await goTo(below, 'Home');
    await compose('ni');
    await expect.poll(() => textOf(doc)).toContain(`\n${above}\nni${below}${rest}`);
    await goTo(above, 'End');
    await compose('hao');
    await expect.poll(() => textOf(doc)).toContain(`\n${above}hao\nni${below}${rest}`);
    await press(page, 'Home', 'Shift+ArrowDown', 'Shift+End');
    await compose('zhong');
    await expect.poll(() => textOf(doc)).toContain(`\nzhong${rest}`);
    expect(await misplaced(page)).toEqual([]);
  });
  await test.step('from all that is selected the caret goes to the first block, and nothing else goes', async () => {
    const whole = textOf(doc);
    await press(page, 'Shift+ArrowDown', 'Control+a', 'Control+Home');
    await page.keyboard.type('>');
    await expect.poll(() => textOf(doc)).toBe(`>${whole}`);
  });
  await saved(page);
  friend.close();
});

/** The number of the block that is the first of its stretch, a few behind the one with the caret. */
function firstOfStretch(page: Page): Promise<number> {
  return editor(page).evaluate((text: HTMLElement) => {
    const slots = [...(text.shadowRoot?.querySelectorAll('slot') ?? [])];
    const caret = document.getSelection()?.anchorNode ?? null;
    const at = slots.findIndex((slot) => slot.assignedNodes().some((node) => node.contains(caret)));
    return Number(slots[at + 1]?.assignedNodes()[0]?.textContent?.replace('Block ', ''));
  });
}

test('a long document is gone through by presses and keys as a short one, in stretches or without', async ({
  visit,
  site,
}) => {
  const { friend, doc, page } = await openLong(visit, site);
  const before = `Block ${MIDDLE - 1}`;
  const here = `Block ${MIDDLE}`;
  const rest = `\nBlock ${MIDDLE + 1}\n`;
  await editor(page).getByText(here, { exact: true }).click();
  await press(page, 'Home', 'ArrowRight', 'ArrowRight', 'ArrowUp');
  expect(await caretIn(page)).toBe(`${before.slice(0, 2)}|${before.slice(2)}`);
  await press(page, 'ArrowDown', 'Home', 'ArrowLeft');
  expect(await caretIn(page)).toBe(`${before}|`);
  await press(page, 'ArrowRight', 'Backspace');
  await expect.poll(() => textOf(doc)).toContain(`\n${before}${here}${rest}`);
  await press(page, 'Enter', 'End', 'Shift+ArrowUp', 'Shift+Home');
  expect(await page.evaluate(() => document.getSelection()?.toString())).toBe(`${before}\n\n${here}`);
  await page.keyboard.type('x');
  await expect.poll(() => textOf(doc)).toContain(`\nx${rest}`);
  friend.close();
});

test('a phone whose browser begins lines itself begins them in a long document as well', async ({
  visit,
  site,
}) => {
  const friend = await longDocument(site);
  const { doc } = friend;
  const page = await visit(documentPath('long'), {
    userAgent:
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
    hasTouch: true,
    viewport: { width: 390, height: 800 },
  });
  await expect(editor(page).locator(BLOCK)).toHaveCount(blockCount(doc));
  const session = await page.context().newCDPSession(page);
  const right = { key: 'ArrowRight', code: 'ArrowRight', windowsVirtualKeyCode: 39 };
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
  for (const [number, typed] of [
    [MIDDLE, 2],
    [MIDDLE + 10, 0],
    [MIDDLE + 20, `Block ${MIDDLE + 20}`.length],
  ] as const) {
    const block = `Block ${number}`;
    await editor(page).getByText(block, { exact: true }).click();
    await page.keyboard.press('Home');
    await expect.poll(() => caretIn(page)).toBe(`|${block}`);
    // Keyboards of phones name the key, and ProseMirror lets the browser do what it does. None waits for the one before it.
    await Promise.all([
      ...Array.from({ length: typed }, () =>
        session.send('Input.dispatchKeyEvent', { ...right, type: 'rawKeyDown' }),
      ),
      session.send('Input.dispatchKeyEvent', { ...enter, type: 'rawKeyDown' }),
      session.send('Input.dispatchKeyEvent', { ...enter, type: 'char', text: '\r' }),
    ]);
    await expect.poll(() => caretIn(page)).toBe(`|${block.slice(typed)}`);
    await page.keyboard.type('xyz ');
    await expect
      .poll(() => textOf(doc))
      .toContain(`\n${block.slice(0, typed)}\nxyz ${block.slice(typed)}\nBlock ${number + 1}\n`);
  }
  expect(await misplaced(page)).toEqual([]);
  friend.close();
});

/** The block with the caret, which is the bar. */
function caretIn(page: Page): Promise<string> {
  return page.evaluate(() => {
    const selection = document.getSelection();
    const text = selection?.anchorNode?.textContent ?? '';
    const at = selection?.anchorOffset ?? 0;
    return `${text.slice(0, at)}|${text.slice(at)}`;
  });
}
