import { begin, documentPath, editor, expect, peer, saved, test, title, typeInto } from './site.ts';

test.use({ serviceWorkers: 'allow' });

test('two people write into one document and see each other', async ({ visit }) => {
  const path = documentPath('two people');
  const ada = await visit(path, { name: 'Ada Lovelace' });
  const ben = await visit(path, { name: 'Ben Okri' });
  await title(ada).click();
  await ada.keyboard.type('Launch plan');
  await ada.keyboard.press('Enter');
  await ada.keyboard.type('Ada was here.');
  await expect(editor(ben)).toContainText('Ada was here.');

  await editor(ben).getByText('Ada was here.').click();
  await ben.keyboard.press('End');
  await ben.keyboard.type(' Ben too.');
  await expect(editor(ada).locator('p').first()).toHaveText('Ada was here. Ben too.');
  await expect(editor(ada).getByRole('heading', { level: 1 })).toHaveText('Launch plan');

  await expect(ada.getByTestId('faces').getByRole('listitem')).toHaveText(/Ben Okri/);
  await expect(ben.getByTestId('faces').getByRole('listitem')).toHaveText(/Ada Lovelace/);
  const caret = editor(ada).locator('.caret');
  await expect(caret).toHaveAttribute('data-name', 'Ben Okri');
  await ben.keyboard.type('!');
  await expect(caret).toHaveClass(/typing/);
  await expect(caret).not.toHaveClass(/typing/);

  await expect(ada).toHaveTitle('Launch plan · Sheaf');
  await expect(ben).toHaveTitle('Launch plan · Sheaf');
  await saved(ada);
  await saved(ben);

  await ben.close();
  await expect(ada.getByTestId('faces')).toHaveCount(0);
  await expect(caret).toHaveCount(0);
});

test('undo takes back only what one has written oneself', async ({ visit }) => {
  const path = documentPath('undo');
  const ada = await visit(path);
  const ben = await visit(path);
  await title(ada).click();
  await ada.keyboard.press('Enter');
  // As one change: what is typed slowly is taken back in parts.
  await ada.keyboard.insertText('from ada');
  await expect(editor(ben).locator('p')).toHaveText('from ada');
  await editor(ben).locator('p').click();
  await ben.keyboard.press('Control+End');
  await ben.keyboard.insertText(' from ben');
  await expect(editor(ada).locator('p')).toHaveText('from ada from ben');

  await ben.keyboard.press('Control+z');
  await expect(editor(ada).locator('p')).toHaveText('from ada');
  await ben.keyboard.press('Control+z');
  await expect(editor(ben).locator('p')).toHaveText('from ada');
  await ben.keyboard.press('Control+Shift+z');
  await expect(editor(ada).locator('p')).toHaveText('from ada from ben');
  await ada.getByTestId('format-undo').click();
  await expect(editor(ben).locator('p')).toHaveText(' from ben', { useInnerText: false });
});

test('what others write does not take the caret back from where a key put it in that moment', async ({
  visit,
  site,
}) => {
  const page = await visit('/');
  // The page's code hears a message behind this, in the same task.
  await page.addInitScript(() => {
    window.WebSocket = class extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given);
        this.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) =>
          document.dispatchEvent(new CustomEvent('received', { detail: new TextDecoder().decode(data) })),
        );
      }
    };
  });
  await page.goto(site.url + documentPath('caret'));
  await begin(page);
  await page.keyboard.type('one two');
  await saved(page);
  const friend = peer(site, 'caret');
  await expect.poll(() => friend.doc.getText('content').toString()).toContain('one two');

  await page.evaluate(() => {
    // A page that nobody sees shows what comes at once, and not behind its next frame.
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.addEventListener('received', ({ detail }: CustomEventInit<string>) => {
      if (detail?.includes('three')) document.getSelection()?.modify('move', 'backward', 'word');
    });
  });
  typeInto(friend.doc, 'one two', ' three');
  await expect(editor(page).locator('p')).toHaveText('one two three');
  await page.keyboard.type('and ');
  await expect(editor(page).locator('p')).toHaveText('one and two three');
  friend.close();
});

test('a person chooses their name and colour, and others see it', async ({ visit }) => {
  const path = documentPath('names');
  const ada = await visit(path);
  const ben = await visit(path);
  await editor(ada).click();
  await ada.getByTestId('self').click();
  await ada.getByLabel('Name', { exact: true }).fill('Grace Hopper');
  await ada.getByLabel('Colour 3').check();
  await ada.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(ben.getByTestId('faces').getByRole('listitem')).toHaveText(/Grace Hopper/);
  await editor(ada).click();
  await expect(editor(ben).locator('.caret')).toHaveAttribute('data-name', 'Grace Hopper');
  await ada.reload();
  await expect(ada.getByTestId('self')).toContainText('Grace Hopper');
});
