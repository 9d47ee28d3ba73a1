import * as Y from 'yjs';
import { documentPath, editor, expect, peer, saveState, saved, test, title } from './site.ts';

test('a peer cannot bring an address that runs code', async ({ visit, site }) => {
  const page = await visit(documentPath('links'));
  await saved(page);
  const stranger = peer(site, 'links');
  await expect.poll(() => stranger.provider.synced).toBe(true);
  const text = new Y.XmlText();
  text.insert(0, 'click me', { link: { href: 'javascript:alert(1)', class: 'x' } });
  text.insert(8, ' or me', { link: { href: 'https://example.org/' } });
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [text]);
  stranger.doc.getXmlFragment('default').push([paragraph]);
  const links = editor(page).locator('a');
  await expect(links).toHaveText(['click me', ' or me'], { useInnerText: false });
  await expect(links.first()).not.toHaveAttribute('href', /javascript/);
  await expect(links.last()).toHaveAttribute('href', 'https://example.org/');
  stranger.close();
});

test('presence that is not what it should be harms nobody', async ({ visit, site }) => {
  const page = await visit(documentPath('presence'));
  await saved(page);
  const stranger = peer(site, 'presence');
  await expect.poll(() => stranger.provider.synced).toBe(true);
  await title(page).click();
  const cursors = [
    {},
    { anchor: 7, head: null },
    { anchor: { item: { client: 'x', clock: -1 } }, head: { tname: 'other' } },
    { anchor: { tname: 'default', assoc: 0 }, head: { tname: 'default', assoc: 0 } },
    { anchor: { item: { client: 1, clock: 99 } }, head: { item: { client: 1, clock: 99 } } },
  ];
  for (const cursor of cursors) {
    stranger.provider.awareness?.setLocalState({
      user: { name: '<img src=x onerror=alert(1)>'.repeat(20), color: 'red;background:url(//example.org)' },
      cursor,
    });
    await page.keyboard.type('x');
  }
  await expect(page.getByTestId('faces').getByRole('listitem')).toHaveCount(1);
  await expect(page.locator('img')).toHaveCount(0);
  await expect(page.getByTestId('faces').locator('.face')).toHaveAttribute('style', /#6a645b/);
  await expect(title(page)).toHaveText('xxxxx');
  await saved(page);
  stranger.close();
});

test('content of a newer version is shown as text, and nothing is deleted', async ({ visit, site }) => {
  const page = await visit(documentPath('newer'));
  await title(page).click();
  await page.keyboard.type('Kept');
  await saved(page);
  const newer = peer(site, 'newer');
  await expect.poll(() => newer.provider.synced).toBe(true);
  const board = new Y.XmlElement('whiteboard');
  board.insert(0, [new Y.XmlText('drawn words')]);
  newer.doc.getXmlFragment('default').push([board]);
  await expect(page.getByTestId('editor-failed')).toContainText('does not know');
  await expect(page.getByTestId('readable-text')).toContainText('Kept');
  await expect(page.getByTestId('readable-text')).toContainText('drawn words');
  await page.reload();
  await expect(page.getByTestId('readable-text')).toContainText('drawn words');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the text' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.txt$/);
  await expect(saveState(page)).toHaveAttribute('data-state', 'saved');
  expect(newer.doc.getXmlFragment('default').toString()).toContain('<whiteboard>drawn words</whiteboard>');
  newer.close();
});
