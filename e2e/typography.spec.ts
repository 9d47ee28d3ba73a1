import { documentPath, editor, expect, peer, press, saved, test, textOf, title } from './site.ts';

test('quotes, dashes and points become what they mean, and Backspace and undo bring back what was typed', async ({
  visit,
}) => {
  const page = await visit(documentPath('typography'));
  await title(page).click();
  await page.keyboard.type('Title\nShe said "it\'s 1990--2000"... and left -- "so"');
  const text = editor(page).locator('p').first();
  await expect(text).toHaveText('She said “it’s 1990–2000”… and left – “so”');
  await press(page, 'Backspace');
  await expect(text).toHaveText('She said “it’s 1990–2000”… and left – “so"');
  await page.keyboard.type('."');
  await expect(text).toHaveText(/“so"\.”$/);
  await press(page, 'Control+z');
  await expect(text).toHaveText(/“so"\."$/);
  await press(page, 'End', 'Enter');
  await page.keyboard.type('`"x"` --help ');
  await expect(editor(page).locator('p').nth(1)).toHaveText('"x" --help ', { useInnerText: false });
  await page.keyboard.type('\n``` "');
  await expect(editor(page).locator('pre')).toHaveText('"');
  await page.getByTestId('document-menu').click();
  await page.getByRole('menuitemcheckbox', { name: 'Typographic quotes and dashes' }).click();
  await page.reload();
  await editor(page).locator('p').first().click();
  await press(page, 'End');
  await page.keyboard.type(' "plain"');
  await expect(text).toHaveText(/ "plain"$/);
  await saved(page);
});

test('quotes are those of the person’s language', async ({ visit }) => {
  const page = await visit(`${documentPath('anführung')}?lang=de`);
  await page.getByTestId('editor').locator('h1').click();
  await page.keyboard.type('Titel\nEr sagte "ja, \'gern\'" und ging.');
  await expect(page.getByTestId('editor').locator('p')).toHaveText('Er sagte „ja, ‚gern‘“ und ging.');
});

test('each Markdown shortcut of a block and of a mark works as it is typed', async ({ visit }) => {
  const page = await visit(documentPath('markdown'));
  const cases: [typed: string, selector: string, text: string][] = [
    ['# one', 'h1', 'one'],
    ['## two', 'h2', 'two'],
    ['### three', 'h3', 'three'],
    ['- item', 'ul > li', 'item'],
    ['* item', 'ul > li', 'item'],
    ['+ item', 'ul > li', 'item'],
    ['3. item', 'ol[start="3"] > li', 'item'],
    ['[ ] task', 'ul[data-type=taskList] > li[data-checked=false] > div', 'task'],
    ['[x] done', 'ul[data-type=taskList] > li[data-checked=true] > div', 'done'],
    ['> quote', 'blockquote', 'quote'],
    ['``` code', 'pre', 'code'],
    ['a **bold** b', 'strong', 'bold'],
    ['a __bold__ b', 'strong', 'bold'],
    ['a *slanted* b', 'em', 'slanted'],
    ['a _slanted_ b', 'em', 'slanted'],
    ['a ~~gone~~ b', 's', 'gone'],
    ['a `code` b', 'p code', 'code'],
    ['a [words](https://example.org) b', 'a[href="https://example.org"]', 'words'],
    ['---', 'hr', ''],
  ];
  await title(page).click();
  await page.keyboard.type('Title');
  for (const [typed, selector, text] of cases) {
    await press(page, 'Control+Home', 'End', 'Enter');
    await page.keyboard.type(typed);
    await expect(editor(page).locator(selector).last(), typed).toHaveText(text);
    await press(page, 'Control+a', 'Delete');
    await page.keyboard.type('# Title');
  }
});

test('undo and Backspace take back what typed signs became, and leave them as they were typed', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('signs'));
  const friend = peer(site, 'signs');
  const cases: [typed: string, selector: string][] = [
    ['a **bold**', 'strong'],
    ['a *slanted*', 'em'],
    ['a ~~gone~~', 's'],
    ['a `code`', 'p code'],
    ['## ', 'h2'],
    ['> ', 'blockquote'],
    ['- ', 'ul > li'],
    ['3. ', 'ol > li'],
    ['[ ] ', 'ul[data-type=taskList] > li'],
    ['---', 'hr'],
    ['a $$x^2$$', 'p .math'],
    ['a[^]', '[role=doc-noteref]'],
  ];
  /** Where the caret is elsewhere then, Backspace has other work. */
  const caretGoes = new Set(['---', 'a[^]']);
  await title(page).click();
  await page.keyboard.type('Title');
  const text = editor(page).locator('> p').first();
  for (const [typed, selector] of cases)
    for (const back of caretGoes.has(typed) ? ['Control+z'] : ['Control+z', 'Backspace']) {
      const name = `${typed} ${back}`;
      const made = editor(page).locator(selector);
      await press(page, 'Control+Home', 'End', 'Enter');
      await page.keyboard.type(typed);
      await expect(made, name).toHaveCount(1);
      await press(page, back);
      await expect(made, name).toHaveCount(0);
      await expect(text, name).toHaveText(typed, { useInnerText: false });
      await expect.poll(() => textOf(friend.doc), name).toContain(`Title\n${typed}\n`);
      if (back === 'Control+z') {
        await press(page, 'Control+Shift+z');
        await expect(made, name).toHaveCount(1);
      }
      await press(page, 'Control+a', 'Delete');
      await page.keyboard.type('# Title');
    }
  await saved(page);
  friend.close();
});
