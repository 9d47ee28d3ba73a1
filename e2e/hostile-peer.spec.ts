import * as Y from 'yjs';
import { addBlock, addTable, element } from './everything.ts';
import { PAYLOADS } from './payloads.ts';
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

/** Addresses that would run, or fetch, where a page believed them. */
const ADDRESSES = [
  'https://elsewhere.example/x.png',
  '//elsewhere.example/x.png',
  'javascript:ran=1',
  'data:image/svg+xml,<svg onload="ran=1">',
  'data:text/html,<script>ran=1</script>',
  'blob:https://elsewhere.example/x',
  'upload:../../x',
  `upload:${'0'.repeat(64)}"onerror="ran=1`,
  'https://www.youtube.com/watch?v="><script>ran=1</script>',
];

test('PASTE-7: attacks in the attributes of everything run nothing, fetch nothing and stop nobody', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('attributes'));
  await title(page).click();
  await page.keyboard.type('Alive');
  await saved(page);
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname, origin } = new URL(request.url());
    const ours =
      /^\/(?:assets\/|uploads\/|hocuspocus(?:\/channel\/.*)?$|sheaf\.|channel|favicon\.svg$|page\.json$|sw\.js$|d\/attributes$)/;
    // What a diagram is drawn as is an image that this page made.
    if (origin !== site.url || !(ours.test(pathname) || request.url().startsWith('blob:')))
      asked.push(request.url());
  });
  page.on('dialog', (dialog) => {
    asked.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  const stranger = peer(site, 'attributes');
  await expect.poll(() => textOf(stranger.doc)).toContain('Alive');
  const flow = stranger.doc.getText('content');
  stranger.doc.transact(() => {
    for (const attack of [...PAYLOADS, ...ADDRESSES]) {
      const all = (...names: string[]) => Object.fromEntries(names.map((name) => [name, attack]));
      const more = all('style', 'onclick', 'onerror', 'onload', 'class', 'id', 'srcdoc', 'moved');
      const put = (name: string, attributes: object) =>
        flow.insertEmbed(flow.length, element(name, { ...more, ...attributes }), {});
      put('image', all('src', 'alt', 'caption', 'width', 'height', 'percent', 'align', 'quote'));
      put('file', all('src', 'name', 'bytes'));
      put('embed', all('url', 'title'));
      put('contents', all('list'));
      put('divider', all('quote'));
      for (const url of ADDRESSES.slice(0, 1)) put('image', { src: url, alt: attack, caption: attack });
      put('embed', { url: 'https://www.youtube.com/watch?v=M7lc1UVf-VE', title: attack });
      put('file', { src: `upload:${'0'.repeat(64)}`, name: attack, bytes: 12 });
      for (const kind of ['code', 'heading'])
        addBlock(flow, { ...more, ...all('language', 'level', 'align'), kind }, 'code');
      for (const language of ['mermaid', 'math'])
        addBlock(flow, { kind: 'code', language }, attack.replaceAll('\n', ' '));
      addBlock(flow, { ...more, ...all('quote', 'list', 'note', 'checked', 'start', 'numbering') }, 'words');
      addBlock(
        flow,
        {},
        { date: attack },
        { mention: 'person', name: attack },
        { mention: 'document', document: attack, title: attack },
        { math: attack },
        { footnote: attack },
        all('date', 'mention', 'onclick'),
      );
    }
    // One table: its size is bounded, and each of its parts can carry each attack.
    const attacks = PAYLOADS.map((attack, index) => [`k${String(index)}`, attack] as const);
    addTable(flow, {
      of: Object.fromEntries(
        ['style', 'background', 'onclick', 'suggestion:a'].map((name) => [name, PAYLOADS[3]]),
      ),
      columns: [{ id: 'a', width: 'expression(ran=1)', header: PAYLOADS[0] }, { id: PAYLOADS[1] }],
      rows: attacks.map(([id, attack]) => ({ id, header: attack, style: attack })),
      cells: attacks.map(([row, attack]) => [
        {
          row,
          column: 'a',
          background: attack,
          align: attack,
          toColumn: attack,
          onclick: attack,
          'suggestion:a': attack,
        },
        'cell',
      ]),
    });
  });
  await expect(editor(page).locator('td, th').filter({ hasText: 'cell' })).toHaveCount(PAYLOADS.length);
  // Near the screen what is drawn is drawn: go through all of it, and select it.
  await title(page).click();
  for (const share of [0.25, 0.5, 0.75, 1])
    await editor(page).evaluate(
      (text, part) => text.parentElement?.parentElement?.scrollTo(0, text.scrollHeight * part),
      share,
    );
  await press(page, 'Control+a', 'Control+Home', 'End');
  await page.keyboard.type(' still');
  await expect.poll(() => textOf(stranger.doc)).toContain('Alive still');
  await saved(page);
  await page.reload();
  await expect(title(page)).toHaveText('Alive still');
  await title(page).click();
  await press(page, 'End');
  await page.keyboard.type(', and again');
  await expect.poll(() => textOf(stranger.doc)).toContain('Alive still, and again');

  const found = await editor(page).evaluate((text) => {
    const bad: string[] = [];
    for (const one of text.querySelectorAll('*')) {
      if (/^(?:script|iframe|object|embed|style|link|base|form|meta|foreignObject)$/.test(one.localName))
        bad.push(one.outerHTML);
      const isDrawn = one.matches('.diagram img');
      for (const { name, value } of one.attributes) {
        const isAddress = /^(?:href|xlink:href|src|srcset|action|formaction|poster|data|background)$/.test(
          name,
        );
        const runs =
          /^on|^srcdoc$/i.test(name) ||
          (isAddress && !isDrawn && /^\s*(?:javascript|vbscript|data):/i.test(value)) ||
          (name === 'style' && /url\(|expression|@import/i.test(value));
        // Cards lead to where they say; nothing else has an address elsewhere.
        const fetches = isAddress && !name.endsWith('href') && value.includes('elsewhere');
        if (runs || fetches) bad.push(one.outerHTML);
      }
    }
    return { bad: bad.slice(0, 5), ran: Reflect.get(globalThis, 'ran') ?? null };
  });
  expect(found).toEqual({ bad: [], ran: null });
  expect(asked).toEqual([]);
  stranger.close();
});
