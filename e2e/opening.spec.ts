import { join } from 'node:path';
import type { Page, WebSocket } from '@playwright/test';
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding';
import * as Y from 'yjs';
import { firstScript } from '../scripts/first-script.ts';
import { messagesIn } from './channel-messages.ts';
import { addBlock, addEverything, addTable } from './everything.ts';
import { blockCount, documentPath, editor, expect, peer, press, saved, test, textOf, title } from './site.ts';

test.use({ serviceWorkers: 'allow' });

/** Follows what a page sends that could change a document: updates, and second sync steps with something new. */
function watchWrites(page: Page): string[] {
  const writes: string[] = [];
  page.on('websocket', (socket: WebSocket) => {
    socket.on('framesent', ({ payload }) => {
      for (const message of messagesIn(payload)) {
        if (message.length < 2) continue;
        const decoder = createDecoder(message);
        readVarString(decoder);
        if (readVarUint(decoder) !== 0) continue;
        const step = readVarUint(decoder);
        if (step === 0) continue;
        const update = readVarUint8Array(decoder);
        // A second step always repeats the whole delete set; what it may not hold is anything new.
        if (step === 2 || Y.decodeUpdate(update).structs.length > 0)
          writes.push(`step ${step}, ${update.length} bytes`);
      }
    });
  });
  return writes;
}

test('opening, focusing, selecting and receiving write nothing', async ({ visit, site }) => {
  const path = documentPath('reading/only');
  const writer = await visit(path);
  await title(writer).click();
  await writer.keyboard.type('Title');
  await writer.keyboard.press('Enter');
  await writer.keyboard.type('- one\n');
  await writer.keyboard.type('two\n\n> quote\n\n\n```\ncode');
  await saved(writer);

  const observer = peer(site, 'reading/only');
  const reader = await visit('/');
  const writes = watchWrites(reader);
  await reader.goto(site.url + path);
  await expect(editor(reader)).toContainText('code');
  await editor(reader).click();
  await press(reader, 'ArrowDown', 'Control+Home', 'ArrowDown', 'Shift+End', 'Control+a');
  await reader.getByTestId('format-bold').focus();
  await reader.keyboard.press('Escape');
  await writer.keyboard.type(' https://example.org and more ');
  await expect(editor(reader)).toContainText('and more');
  await editor(reader).getByText('two').click();
  await saved(reader);
  expect(writes).toEqual([]);
  await expect.poll(() => textOf(observer.doc)).toContain('and more');
  const authors = [...Y.decodeStateVector(Y.encodeStateVector(observer.doc)).keys()];
  // The server, which made the document, and the writer.
  expect(authors).toHaveLength(2);
  observer.close();
});

test('FLOW-10: so it is with everything that a document can hold, and with what no version of ours wrote', async ({
  visit,
  site,
}) => {
  const writer = peer(site, 'everything');
  await expect.poll(() => writer.provider.synced).toBe(true);
  addEverything(writer.doc);
  await expect.poll(() => writer.provider.unsyncedChanges).toBe(0);
  const authors = () => [...Y.decodeStateVector(Y.encodeStateVector(writer.doc)).keys()];
  const before = authors();

  const page = await visit('/');
  page.setDefaultTimeout(15_000);
  const writes = watchWrites(page);
  await page.goto(site.url + documentPath('everything'));
  const text = editor(page);
  await expect(text.getByText('words of no block')).toBeVisible();
  await test.step('the caret goes through all of it', async () => {
    await text.getByRole('heading', { name: 'Everything' }).click();
    await press(page, 'Control+Home', ...Array.from({ length: 40 }, () => 'ArrowDown'), 'Control+End');
    await press(page, ...Array.from({ length: 12 }, () => 'ArrowUp'), 'Control+a', 'ArrowRight');
    await press(page, 'Control+Home', 'Shift+Control+End', 'Control+c');
  });
  await test.step('what is drawn is there', async () => {
    await expect(text.locator('.math-block math')).toBeAttached();
    await text.locator('.diagram-block').scrollIntoViewIfNeeded();
    await expect(text.locator('.diagram img').first()).toBeAttached();
    await expect(text.getByRole('link', { name: 'Everything' })).toBeAttached();
  });
  await test.step('menus and boxes are opened and left', async () => {
    await text.getByText('because').click();
    await press(page, 'Alt+Shift+b', 'Escape', 'Control+f');
    await expect(page.getByTestId('find-text')).toBeFocused();
    await page.keyboard.type('e');
    await expect(page.getByTestId('find-result')).toHaveText(/of \d/);
    await press(page, 'Escape');
    await text.getByText('in a cell').click();
    await press(page, 'Shift+F10');
    await expect(page.getByRole('menu', { name: 'Table' })).toBeVisible();
    await press(page, 'Escape');
    await text.locator('time').click();
    await expect(page.getByTestId('date-box')).toBeVisible();
    await press(page, 'Escape');
    await text.locator('p .math .mord').first().click();
    await expect(page.getByTestId('formula-box')).toBeVisible();
    await press(page, 'Escape');
    await text.locator('span.media-name').click();
    await press(page, 'Escape', 'Control+Shift+f');
    await page.getByTestId('leave-focus').click();
    await page.getByTestId('toggle').click();
    await expect(text.getByText('because')).toBeHidden();
    await page.getByTestId('toggle').click();
    await text.locator('.footnote-reference').first().hover();
  });
  await test.step('others change it', async () => {
    const flow = writer.doc.getText('content');
    flow.insert(flow.length, ' and more', {});
    await expect(text.getByText('words of no block and more')).toBeVisible();
    const at = flow.toString().indexOf('because');
    flow.format(0, at, { glow: 2 });
    flow.delete(1, 3);
    flow.insertEmbed(0, new Y.Map([['one more', 'stray']]));
    flow.insert(flow.length, ', the end', {});
    await expect(text.getByText('and more, the end')).toBeVisible();
  });
  await page.emulateMedia({ media: 'print' });
  await page.emulateMedia({ media: null });
  await page.reload();
  await expect(text.getByText('and more, the end')).toBeVisible();
  await press(page, 'Tab');
  await saved(page);
  expect(writes).toEqual([]);
  expect(authors()).toEqual(before);
  writer.close();
});

test('a new document is made once, whoever opens it first', async ({ visit, site }) => {
  const path = documentPath('together');
  const pages = await Promise.all([visit(path), visit(path), visit(path)]);
  for (const page of pages) await expect(editor(page)).toBeVisible();
  const observer = peer(site, 'together');
  await expect.poll(() => observer.doc.getText('content').toDelta().length).toBe(4);
  expect(textOf(observer.doc)).toBe('\n\n');
  observer.close();
});

test('the page shows itself before the document is there', async ({ visit, site }) => {
  const page = await visit('/');
  await page.route('**/GetDocument', () => undefined);
  await page.goto(site.url + documentPath('slow'));
  await expect(page.getByTestId('opening')).toContainText('Opening…');
  await expect(page.getByRole('navigation', { name: 'Documents' })).toBeVisible();
});

for (const long of [false, true])
  test(`what is counted as the scripts before the first keystroke is what ${long ? 'a long document' : 'a page'} fetches until then`, async ({
    visit,
    site,
  }) => {
    const friend = peer(site, 'first');
    await expect.poll(() => friend.provider.synced).toBe(true);
    // With code, of which there is more than text to fetch.
    const flow = friend.doc.getText('content');
    const add = () => {
      addBlock(flow, { kind: 'code', language: 'js' }, 'let x');
      for (let at = 0; at < 400; at += 1) addBlock(flow, {}, `Block ${at} ${'of many words '.repeat(10)}`);
    };
    if (long) friend.doc.transact(add);
    await expect.poll(() => friend.provider.unsyncedChanges).toBe(0);
    const page = await visit('/', { serviceWorkers: 'block' });
    await page.addInitScript(() =>
      new MutationObserver((_changes, observer) => {
        if (document.querySelector('[data-testid=editor][contenteditable=true]') === null) return;
        observer.disconnect();
        Reflect.set(globalThis, 'writableAt', performance.now());
      }).observe(document, { subtree: true, childList: true, attributes: true }),
    );
    await page.goto(site.url + documentPath('first'));
    const counted = firstScript(join(import.meta.dirname, '../client/dist')).map(
      ({ name }) => `/assets/${name}`,
    );
    await page.waitForFunction(() => Reflect.has(globalThis, 'writableAt'));
    // What is on its way then is known to the page once it has come.
    await page.waitForLoadState('networkidle');
    const fetched = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ startTime }) => startTime < Number(Reflect.get(globalThis, 'writableAt')))
        .map(({ name }) => new URL(name).pathname)
        .filter((path) => path.endsWith('.js')),
    );
    expect(fetched.toSorted()).toEqual(counted.toSorted());
    friend.close();
  });

test('an address that is no page says so', async ({ visit }) => {
  const page = await visit('/d/%25');
  await expect(editor(page)).toBeVisible();
  await page.evaluate(() => {
    history.pushState(null, '', '/d/%');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
});

/** What a page shows that opens: how many blocks, and whether one can write in them, change a callout's kind, and needs Tab for a table. */
interface Screen {
  readonly blocks: number;
  readonly writable: boolean;
  readonly kind: boolean;
  readonly tab: boolean;
  /** How many of the blocks are those of the screen before. */
  readonly kept: number;
}

test('a long document shows its first screen before the rest, moves nothing with that, and takes what is typed', async ({
  visit,
  site,
}) => {
  const friend = peer(site, 'long');
  await expect.poll(() => friend.provider.synced).toBe(true);
  const { doc } = friend;
  const flow = doc.getText('content');
  doc.transact(() => {
    addBlock(flow, { quote: 'info' }, 'Mind the gap');
    addTable(flow, {
      columns: [{ id: 'a' }],
      rows: [{ id: '1' }],
      cells: [[{ row: '1', column: 'a' }, 'in a cell']],
    });
    for (let at = 0; at < 400; at += 1) addBlock(flow, {}, `Block ${at} ${'of many words '.repeat(10)}`);
  });
  await expect.poll(() => friend.provider.unsyncedChanges).toBe(0);

  const page = await visit('/');
  const writes = watchWrites(page);
  // Each number of blocks that there were behind a task, what of them could be written in, and what was shown elsewhere before.
  await page.addInitScript(() => {
    const screens: Screen[] = [];
    let drawn: readonly Element[] = [];
    new MutationObserver(() => {
      const text = document.querySelector<HTMLElement>('[data-testid=editor]');
      if (!text || screens.at(-1)?.blocks === text.childElementCount) return;
      screens.push({
        blocks: text.childElementCount,
        writable: text.isContentEditable,
        kind: text.querySelector('select')?.disabled === false,
        tab: text.querySelector('.tableWrapper[tabindex]') !== null,
        kept: drawn.filter((element) => text.contains(element)).length,
      });
      drawn = [...text.children];
    }).observe(document, { subtree: true, childList: true });
    const moved: string[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // TypeScript's library does not know it (Layout Instability).
        const sources: unknown = Reflect.get(entry, 'sources');
        for (const { node } of sources as readonly { node: Node | null }[])
          if (node?.parentElement?.closest('[data-testid=editor]')) moved.push(node.textContent ?? '');
      }
    }).observe({ type: 'layout-shift' });
    Reflect.set(globalThis, 'opening', { screens, moved });
  });
  await page.goto(site.url + documentPath('long'));
  await expect(editor(page).locator('> :not([part])')).toHaveCount(blockCount(doc));
  const opening = await page.evaluate(
    () => Reflect.get(globalThis, 'opening') as { screens: Screen[]; moved: string[] },
  );
  const first = opening.screens[0]?.blocks ?? 0;
  expect(first).toBeGreaterThanOrEqual(40);
  expect(first).toBeLessThan(100);
  expect(opening.screens).toEqual([
    { blocks: first, writable: false, kind: false, tab: true, kept: 0 },
    { blocks: blockCount(doc), writable: true, kind: true, tab: false, kept: first },
  ]);
  expect(opening.moved).toEqual([]);
  expect(writes).toEqual([]);

  await editor(page).getByText('Block 3 of').click();
  await page.keyboard.type('Mine');
  await expect.poll(() => textOf(doc)).toMatch(/Block 3 .*Mine/);
  friend.close();
});

test('a document is drawn once', async ({ visit, site }) => {
  const path = documentPath('drawn/once');
  const writer = await visit(path);
  await title(writer).click();
  await writer.keyboard.type('Title');
  for (let number = 0; number < 20; number += 1) {
    await writer.keyboard.press('Enter');
    await writer.keyboard.type(`line ${number}`);
  }
  await saved(writer);

  const reader = await visit('/');
  await reader.addInitScript(() => {
    const create = document.createElement.bind(document);
    let paragraphs = 0;
    document.createElement = (name: string) => {
      if (name === 'p') Reflect.set(globalThis, 'paragraphsMade', (paragraphs += 1));
      return create(name);
    };
  });
  await reader.goto(site.url + path);
  await expect(editor(reader)).toContainText('line 19');
  await expect(reader.getByTestId('format-bold')).toBeEnabled();
  const shown = await editor(reader).locator('p').count();
  expect(shown).toBeGreaterThanOrEqual(20);
  // One more is that of the empty editor, which is drawn twice.
  expect(await reader.evaluate(() => Number(Reflect.get(globalThis, 'paragraphsMade')))).toBeLessThan(
    shown + 5,
  );
});
