import * as Y from 'yjs';
import { documentPath, editor, expect, peer, press, saved, test, textOf, title } from './site.ts';

test('a peer cannot bring an address that runs code', async ({ visit, site }) => {
  const page = await visit(documentPath('links'));
  await saved(page);
  const stranger = peer(site, 'links');
  await expect.poll(() => stranger.provider.synced).toBe(true);
  const flow = stranger.doc.getText('content');
  flow.insert(flow.length, 'click me', { link: { href: 'javascript:alert(1)', class: 'x' } });
  flow.insert(flow.length, ' or me', { link: { href: 'https://example.org/', onclick: 'alert(1)' } });
  await expect(editor(page)).toContainText('click me or me');
  const links = editor(page).locator('a');
  await expect(links).toHaveText([' or me'], { useInnerText: false });
  await expect(links).toHaveAttribute('href', 'https://example.org/');
  await expect(links).not.toHaveAttribute('onclick');
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
    { anchor: { tname: 'content', assoc: 0 }, head: { tname: 'content', assoc: 0 } },
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

test('content of a newer version is shown as a thing, can be written around, and is kept', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('newer'));
  await title(page).click();
  await page.keyboard.type('Kept');
  await saved(page);
  const newer = peer(site, 'newer');
  await expect.poll(() => textOf(newer.doc)).toContain('Kept');
  const flow = newer.doc.getText('content');
  const board = new Y.XmlElement('whiteboard');
  board.insert(0, [new Y.XmlText('drawn words')]);
  flow.insertEmbed(flow.length, board);
  flow.insertEmbed(flow.length, new Y.Map([['a', 'stray map']]));
  flow.insert(flow.length, 'glowing', { glow: '#fff', bold: true });
  const things = editor(page).locator('figure');
  await expect(things).toHaveText(['drawn words', '']);
  await expect(editor(page).locator('strong')).toHaveText('glowing');
  await page.reload();
  await expect(things).toHaveCount(2);
  await editor(page).locator('strong').click();
  await press(page, 'Control+End');
  await page.keyboard.type(' and typed');
  await title(page).click();
  await press(page, 'Control+Home', 'Control+Alt+2', 'Control+Alt+1');
  await saved(page);
  await expect.poll(() => textOf(newer.doc)).toContain('glowing and typed');
  const delta: { insert: unknown; attributes?: unknown }[] = flow.toDelta();
  expect(delta.map(({ insert }) => (insert instanceof Y.XmlElement ? insert.toString() : ''))).toContain(
    '<whiteboard>drawn words</whiteboard>',
  );
  expect(delta.find(({ insert }) => String(insert).startsWith('glowing'))?.attributes).toEqual({
    glow: '#fff',
    bold: true,
  });
  newer.close();
});
