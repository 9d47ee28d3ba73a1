import * as Y from 'yjs';
import { PAYLOADS } from './payloads.ts';
import {
  begin,
  documentPath,
  editor,
  expect,
  heldBack,
  peer,
  press,
  saved,
  test,
  textOf,
  title,
  paste,
} from './site.ts';

test('PASTE-1, PASTE-5: what Word wrote keeps its structure, and one step takes it back', async ({
  visit,
}) => {
  const page = await visit(documentPath('word'));
  await begin(page, 'Pasted');
  await page.keyboard.type('before ');
  await paste(page, {
    'text/html':
      '<p class=MsoTitle>Plan</p><p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>one</p>' +
      '<p class=MsoNormal><b>bold</b> <span style="color:red;background:url(//elsewhere.example/x)">red</span></p>',
    'text/plain': 'Plan\n·one\nbold red',
  });
  await expect(editor(page).locator('li')).toHaveText('one');
  await expect(editor(page).locator('strong')).toHaveText('bold');
  await expect(editor(page).locator('span[data-color="red"]')).toHaveText('red');
  await page.keyboard.type(' after');
  await press(page, 'Control+z', 'Control+z');
  await expect(editor(page).locator('li')).toHaveCount(0);
  await expect(editor(page)).toContainText('before');
  await expect(editor(page)).not.toContainText('bold');
  await saved(page);
});

test('PASTE-2: Markdown keeps its structure; other text is a paragraph for each line', async ({ visit }) => {
  const page = await visit(documentPath('text'));
  await begin(page, 'Pasted');
  await paste(page, { 'text/plain': '## Head\n\n- [x] **done**\n- [ ] open' });
  await expect(editor(page).locator('h2')).toHaveText('Head');
  await expect(editor(page).locator('li strong')).toHaveText('done');
  await press(page, 'Enter', 'Enter');
  await paste(page, { 'text/plain': 'a * b * c\r\n\r\nsnake_case_name\u2029split\u2028line\0' });
  await expect(editor(page).locator('p').filter({ hasText: 'a * b * c' })).toHaveCount(1);
  await expect(editor(page).locator('p').filter({ hasText: 'snake_case_name' })).toHaveText(
    'snake_case_name',
  );
  await expect(editor(page).locator('p').filter({ hasText: 'split' }).locator('br')).toHaveCount(1);
  await saved(page);
});

test('PASTE-3: Ctrl+Shift+V pastes text; in code everything is text', async ({ visit }) => {
  const page = await visit(documentPath('plain'));
  await begin(page, 'Pasted');
  await page.keyboard.down('Control');
  await page.keyboard.down('Shift');
  await editor(page).dispatchEvent('keydown', { key: 'V', shiftKey: true, ctrlKey: true });
  await paste(page, { 'text/html': '<h2>Head</h2>', 'text/plain': '## Head' });
  await page.keyboard.up('Shift');
  await page.keyboard.up('Control');
  await expect(editor(page).locator('h2')).toHaveCount(0);
  await expect(editor(page).locator('p').filter({ hasText: '## Head' })).toHaveCount(1);
  await press(page, 'Enter', 'Control+Alt+c');
  await paste(page, { 'text/html': '<b>bold</b>', 'text/plain': 'if (a) {\r\n  **b**\u2029}' });
  await expect(editor(page).locator('pre')).toHaveText('if (a) {\n  **b**\n}');
  await expect(editor(page).locator('pre strong')).toHaveCount(0);
});

test('PASTE-4: an address on selected text links it; by itself it is written as a link', async ({
  visit,
}) => {
  const page = await visit(documentPath('links'));
  await begin(page, 'Pasted');
  await page.keyboard.type('the list');
  await press(page, 'Shift+Home');
  await paste(page, { 'text/plain': 'https://example.org/list' });
  await expect(editor(page).locator('a')).toHaveText('the list');
  await expect(editor(page).locator('a')).toHaveAttribute('href', 'https://example.org/list');
  // PASTE-10: the caret is behind it.
  await page.keyboard.type(' of all');
  await expect(editor(page).locator('p').first()).toHaveText('the list of all');
  await expect(editor(page).locator('a')).toHaveText('the list');
  await press(page, 'End', 'Enter');
  await paste(page, { 'text/plain': 'https://example.org/other' });
  await expect(editor(page).locator('a').nth(1)).toHaveText('https://example.org/other');
  await page.keyboard.type(' words');
  await expect(editor(page).locator('a').nth(1)).toHaveText('https://example.org/other');
  // Words of two blocks are linked in both.
  await press(page, 'Shift+Home', 'Shift+ArrowUp');
  await paste(page, { 'text/plain': 'https://example.org/both' });
  await page.keyboard.type('!');
  await expect(editor(page).locator('p').nth(1)).toHaveText('https://example.org/other words!');
  await expect(editor(page).locator('p').first().locator('a')).toHaveText('the list of all');
  await expect(editor(page).locator('p').nth(1).locator('a')).toHaveAttribute(
    'href',
    'https://example.org/both',
  );
});

test('PASTE-6: what is copied here is pasted here as it was, colours and alignment too', async ({
  visit,
}) => {
  const page = await visit(documentPath('own'), { permissions: ['clipboard-read', 'clipboard-write'] });
  await begin(page, 'Pasted');
  await page.keyboard.type('centered red');
  await press(page, 'Control+Shift+e', 'Shift+Home');
  await page.getByTestId('format-colours').click();
  await page.getByTestId('color-red').click();
  await press(page, 'Control+,', 'Control+c', 'End', 'Enter', 'Enter', 'Control+Shift+l', 'Control+v');
  const words = editor(page).locator('span[data-color="red"]').filter({ hasText: 'centered red' });
  await expect(words).toHaveCount(2);
  await expect(editor(page).locator('sub')).toHaveCount(2);
  await saved(page);
});

test('PASTE-7: sixty attacks by HTML, text, Markdown and a peer’s tree run nothing and fetch nothing', async ({
  visit,
  site,
  problems,
}) => {
  test.slow();
  const page = await visit(documentPath('attacks'));
  await begin(page, 'Pasted');
  await saved(page);
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname, origin } = new URL(request.url());
    if (origin !== site.url || !/^\/(?:assets|hocuspocus)\b/.test(pathname)) asked.push(request.url());
  });
  page.on('dialog', (dialog) => {
    asked.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  for (const [index, payload] of PAYLOADS.entries()) {
    await paste(page, { 'text/html': `<p>token${String(index)}</p>${payload}<p>end</p>`, 'text/plain': 'x' });
    await paste(page, {
      'text/html': `<p data-pm-slice="0 0 []">own${String(index)}</p>${payload}<p>end</p>`,
    });
    await paste(page, {
      'text/plain': `# md${String(index)}\n\n${payload}\n\n[a](${payload}) ![b](${payload})`,
    });
  }
  await expect(editor(page)).toContainText(`token${String(PAYLOADS.length - 1)}`);
  await expect(editor(page)).toContainText(`md${String(PAYLOADS.length - 1)}`);

  const stranger = peer(site, 'attacks');
  await expect.poll(() => textOf(stranger.doc)).toContain(`md${String(PAYLOADS.length - 1)}`);
  const flow = stranger.doc.getText('content');
  for (const payload of PAYLOADS) {
    const element = new Y.XmlElement<Record<string, string>>('block');
    for (const name of ['kind', 'align', 'level', 'suggestion:a', 'language', 'style', 'onclick', 'list'])
      element.setAttribute(name, payload);
    flow.insertEmbed(flow.length, element);
    flow.insert(flow.length, `peer ${payload}`, {
      color: payload,
      highlight: payload,
      script: payload,
      link: { href: payload, onclick: payload },
      'insertion:a': { author: payload, time: 1 },
      'formatting:b': { author: payload, time: 1, set: { color: payload } },
    });
    flow.insert(flow.length, '\u2029', {});
    flow.insertEmbed(flow.length, new Y.XmlElement(payload.slice(0, 40)));
  }
  await expect(editor(page)).toContainText('peer');
  await title(page).click();
  await page.keyboard.type('Alive ');
  await expect.poll(() => textOf(stranger.doc)).toContain('Alive ');
  await saved(page);

  const found = await editor(page).evaluate((element) => {
    const bad: string[] = [];
    for (const one of element.querySelectorAll('*')) {
      // The page's own: the icon on the button that copies code.
      if (one.closest('button[data-testid=code-copy]')) continue;
      if (/^(?:script|iframe|object|embed|svg|math|style|link|base|form|meta)$/.test(one.localName))
        bad.push(one.outerHTML);
      for (const { name, value } of one.attributes)
        // In a `data-` attribute words are words.
        if (
          /^on|^srcdoc$/i.test(name) ||
          (!name.startsWith('data-') && /^\s*(?:javascript|vbscript|data):/i.test(value))
        )
          bad.push(one.outerHTML);
    }
    return { bad, ran: Reflect.get(globalThis, 'ran') ?? null };
  });
  expect(found).toEqual({ bad: [], ran: null });
  expect(asked).toEqual([]);
  stranger.close();
  // Of what this editor copied itself the browser is told as a string, which the default policy sanitises.
  for (const problem of problems.splice(0)) expect(problem).toMatch(/Content Security Policy directive/);
});

test('PASTE-8: pictures within a page, and those that Word has beside it, are kept; of others their words, and it is said', async ({
  visit,
}) => {
  const page = await visit(documentPath('pictures'));
  await begin(page, 'Pasted');
  const [first = '', second = ''] = await page.evaluate(() =>
    Promise.all(
      [200, 100].map(async (height) => {
        const canvas = new OffscreenCanvas(300, height);
        canvas.getContext('2d')?.fillRect(0, 0, 30, 30);
        const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      }),
    ),
  );
  const hex = Buffer.from(second, 'base64').toString('hex');
  const local = 'file:///C:/Users/ida/Temp/clip_image001.png';
  await paste(page, {
    'text/html': `<p>One <img src="data:image/png;base64,${first}" alt="first"></p><p>Two <img src="${local}" alt="second"></p>`,
    'text/rtf': `{\\rtf1 {\\*\\shppict{\\pict\\picw300\\pngblip ${hex}}}{\\nonshppict{\\pict\\wmetafile8 00}}}`,
    'text/plain': 'One Two',
  });
  const images = editor(page).locator('figure img');
  await expect(images).toHaveCount(2);
  const sizes = () =>
    images.evaluateAll((all) =>
      all.map((image) => image instanceof HTMLImageElement && [image.alt, image.naturalHeight]),
    );
  await expect.poll(sizes).toEqual([
    ['first', 200],
    ['second', 100],
  ]);
  await expect(page.getByText('Not every picture')).toHaveCount(0);
  await saved(page);
  // What is typed goes on behind the last of them.
  await page.keyboard.type('behind ');
  await paste(page, {
    'text/html': `<p>Three <img src="${local}" alt="the quay"></p>`,
    'text/plain': 'Three',
  });
  await expect(editor(page)).toContainText('Three the quay');
  await expect(page.getByText('Not every picture could be pasted').first()).toBeVisible();
  await expect(images).toHaveCount(2);
  await saved(page);
});

test('PASTE-9: what takes long to read stands where it was pasted, and who went on stays where they are', async ({
  visit,
}) => {
  const page = await visit(documentPath('slow'), { serviceWorkers: 'block' });
  const go = await heldBack(page, 'readers');
  await begin(page, 'Slow');
  await page.keyboard.type('before ');
  await paste(page, { 'text/plain': '- **one**\n- two' });
  await page.keyboard.type('behind');
  await press(page, 'Control+Home');
  await page.keyboard.type('Very ');
  go();
  // Its last line goes on with what was typed behind it.
  await expect(editor(page).locator('li')).toHaveText('twobehind');
  await page.keyboard.type('very ');
  await expect(title(page)).toHaveText('Very very Slow');
  await expect(editor(page)).toHaveText(/before one\s*twobehind/);
  await saved(page);
});

test('what is copied is text that other programs read, with a line for each item', async ({ visit }) => {
  const page = await visit(documentPath('copied'), { permissions: ['clipboard-read', 'clipboard-write'] });
  await begin(page, 'List');
  await paste(page, { 'text/plain': '- apple\n- berry\n  - blue\n\nwords\n' });
  await expect(editor(page).locator('li li')).toHaveText('blue');
  await press(page, 'Control+a', 'Control+c');
  const held = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(held).toMatch(/^List\n\n- apple\n- berry\n {2}- blue\n\nwords/);
});
