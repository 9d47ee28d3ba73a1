import { documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';

for (const [shape, viewport, colorScheme] of [
  ['wide', { width: 1440, height: 900 }, 'light'],
  ['narrow', { width: 360, height: 740 }, 'dark'],
] as const)
  test(`a document is copied and downloaded by keyboard, ${shape}`, async ({ visit }, info) => {
    const page = await visit(documentPath('plan'), {
      viewport,
      colorScheme,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await title(page).click();
    await page.keyboard.type('Launch plan\nWe open **on the ninth**.\n- Restore drill');
    await expect(editor(page).getByText('Restore drill')).toBeVisible();
    await saved(page);

    const opener = page.getByRole('button', { name: 'More', exact: true });
    await opener.focus();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu', { name: 'Document' });
    await expect(menu.getByRole('menuitem')).toHaveText([
      'Copy link',
      'Copy as Markdown',
      'Download as Markdown',
      'Download as HTML',
      'Print',
      'Import Markdown or HTML…',
      /^Find/,
      /^Keyboard shortcuts/,
    ]);
    await expect(menu.getByRole('menuitemcheckbox')).toHaveText([
      /^Focus mode/,
      'Full width',
      'Typographic quotes and dashes',
    ]);
    await expect(menu.getByTestId('counts')).toContainText('9 words · 45 characters');
    await expect(menu.getByTestId('counts')).toContainText('1 minute to read');
    await expect(menu.getByRole('menuitem').first()).toBeFocused();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('open.png'), animations: 'disabled' });

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(menu).toBeHidden();
    await expect(opener).toBeFocused();
    await expect(page.getByTestId('menu-said')).toHaveText('Copied as Markdown');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      '# Launch plan\n\nWe open **on the ninth**.\n\n- Restore drill\n',
    );

    for (const [item, name, words] of [
      ['Download as Markdown', 'Launch plan.md', '# Launch plan'],
      ['Download as HTML', 'Launch plan.html', '<strong>on the ninth</strong>'],
    ] as const) {
      await opener.click();
      const downloading = page.waitForEvent('download');
      await menu.getByRole('menuitem', { name: item }).click();
      const file = await downloading;
      expect(file.suggestedFilename()).toBe(name);
      expect(Buffer.concat(await (await file.createReadStream()).toArray()).toString()).toContain(words);
    }

    await opener.click();
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(opener).toBeFocused();
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', '');
    });
    await opener.click();
    await menu.getByRole('menuitem', { name: 'Print' }).click();
    await expect(page.locator('body[data-printed]')).toBeAttached();
  });

test('IMPORT-2: files are brought in by keyboard, each as one step, and what is no text is refused', async ({
  visit,
}) => {
  const path = documentPath('imported');
  const page = await visit(path);
  const bring = async (name: string, buffer: Buffer) => {
    // Asked for well before: the browser has to be told to hand the choice over.
    const choosing = page.waitForEvent('filechooser');
    await page.getByTestId('document-menu').focus();
    await press(page, 'Enter', 'i');
    await expect(page.getByRole('menuitem', { name: 'Import Markdown or HTML…' })).toBeFocused();
    await press(page, 'Enter');
    const file = { name, mimeType: 'text/plain', buffer };
    await (await choosing).setFiles(file);
  };
  const said = page.getByTestId('menu-said');
  await bring(
    'plan.md',
    Buffer.from('# Launch plan\n\n- [ ] Restore drill\n\nWith a note.[^1]\n\n[^1]: of it\n'),
  );
  await expect(said).toHaveText('plan.md imported');
  await expect(title(page)).toHaveText('Launch plan');
  await expect(editor(page).getByRole('listitem').locator('p')).toHaveText('Restore drill');
  await expect(editor(page)).toBeFocused();
  await bring(
    'mail.html',
    Buffer.from('<h2>What Ben wrote</h2><img src="x" onerror="alert(1)"><p>On the ninth.'),
  );
  await expect(said).toHaveText('mail.html imported');
  await expect(editor(page).locator('h1 + h2')).toHaveText('What Ben wrote');
  await saved(page);
  const friend = await visit(path);
  await expect(editor(friend).locator('h1 + h2')).toHaveText('What Ben wrote');
  await press(page, 'Control+z');
  await expect(editor(page).locator('h2')).toHaveCount(0);
  await press(page, 'Control+z');
  await expect(title(page)).toHaveText('');
  await bring('picture.md', Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  await expect(said).toHaveText('picture.md holds no text that can be read');
  await expect(title(page)).toHaveText('');
  await saved(page);
});
