import type { Page } from '@playwright/test';
import { documentPath, expect, peerWith, press, saved, test, typeInto } from './site.ts';

const BLOCKS = 400;

const text = (page: Page) => page.getByTestId('editor');

/** Counts from now on how often ProseMirror looks at each block of the document. */
async function count(page: Page): Promise<() => Promise<number>> {
  await text(page).evaluate((element) => {
    const drawn = Reflect.get(Reflect.get(element, 'editor').view, 'docView') as object;
    const theirs = Object.getPrototypeOf(drawn) as { updateChildren: (...told: unknown[]) => void };
    const own = theirs.updateChildren;
    Reflect.set(window, 'whole', 0);
    theirs.updateChildren = function whole(...told) {
      if (this === drawn) Reflect.set(window, 'whole', Number(Reflect.get(window, 'whole')) + 1);
      own.apply(this, told);
    };
  });
  return () => page.evaluate(() => Number(Reflect.get(window, 'whole')));
}

/** Where what is on the page is not the document: by each block's words, what is coloured in code, and what was found. */
function wrong(page: Page, wanted: RegExp): Promise<string[]> {
  return text(page).evaluate(
    (element, [source, flags]) => {
      const { doc } = Reflect.get(element, 'editor').state;
      const found: string[] = [];
      doc.forEach((block: { textContent: string }, _at: number, index: number) => {
        const shown = element.children[index];
        if (!shown?.textContent.includes(block.textContent))
          found.push(`${block.textContent} is ${String(shown?.textContent)}`);
      });
      const marked = [...element.querySelectorAll('.match')].map(({ textContent }) => textContent);
      const expected = doc.textBetween(0, doc.content.size, '\n').match(new RegExp(source, flags)) ?? [];
      if (marked.length > 0 && marked.join() !== expected.join()) found.push(marked.join());
      return element.children.length === doc.childCount ? found : [...found, String(element.children.length)];
    },
    [wanted.source, wanted.flags] as const,
  );
}

test('in a long document a letter has its block drawn and no other, and everything is drawn as it is', async ({
  visit,
  site,
}) => {
  const friend = await peerWith(
    site,
    'redraw',
    Array.from({ length: BLOCKS }, (_, at) => `Block ${at}`),
  );
  const page = await visit(documentPath('redraw'));
  const line = (words: string) => text(page).getByText(words, { exact: true });
  await expect(line(`Block ${BLOCKS - 1}`)).toBeAttached();
  await line('Block 20').click();
  await press(page, 'End', 'Enter');
  await page.keyboard.type('```js const three = 3;');
  const coloured = text(page).locator('.code-keyword');
  await expect(coloured).toHaveText('const');
  await line('Block 15').click();
  await press(page, 'End');
  await page.keyboard.type('!');
  await expect(line('Block 15!')).toBeVisible();
  const whole = await count(page);
  await page.keyboard.type('abc');
  await expect(line('Block 15!abc')).toBeVisible();
  await press(page, 'Backspace');
  typeInto(friend.doc, 'Block 17', ' of Ben');
  await expect(text(page)).toContainText('of Ben');
  expect(await whole()).toBe(0);
  expect(await wrong(page, /Block 1\d/g)).toEqual([]);
  await expect(coloured).toHaveText('const');

  await test.step('whatever else changes is drawn as well', async () => {
    await press(page, 'Enter');
    await page.keyboard.type('new');
    expect(await whole()).toBeGreaterThan(0);
    expect(await wrong(page, /Block 1\d/g)).toEqual([]);
    await press(page, 'Control+f');
    await page.getByRole('textbox', { name: 'Find in the document' }).fill('Block 1');
    await expect(text(page).locator('.match').first()).toBeVisible();
    await line('new').click();
    await press(page, 'End');
    await page.keyboard.type(' Block 1');
    typeInto(friend.doc, 'Block 18', ' Block 1');
    await expect.poll(() => wrong(page, /Block 1/gi)).toEqual([]);
    await text(page).getByText('const three = 3;').click();
    await press(page, 'Home');
    await page.keyboard.type('// ');
    await expect(text(page).locator('.code-comment')).toHaveText('// const three = 3;');
    await expect(coloured).toHaveCount(0);
    await expect.poll(() => wrong(page, /Block 1/gi)).toEqual([]);
  });
  await saved(page);
  friend.close();
});
