import type { Page } from '@playwright/test';
import {
  begin,
  documentPath,
  editor,
  expect,
  inspect,
  paste,
  press,
  saved,
  test,
  violations,
} from './site.ts';

const references = (page: Page) => editor(page).locator('[role=doc-noteref]');
const notes = (page: Page) => editor(page).getByTestId('footnote');

/** What a screen reader gets of footnotes. */
async function said(page: Page): Promise<string[]> {
  const tools = await page.context().newCDPSession(page);
  const { nodes } = await tools.send('Accessibility.getFullAXTree');
  await tools.detach();
  return nodes
    .filter(({ role }) => String(role?.value).startsWith('doc-'))
    .map(({ role, name }) => `${String(role?.value)}: ${String(name?.value)}`)
    .sort();
}

const paragraphs = (page: Page) => editor(page).locator('> p');

test('NOTE-2, NOTE-5, NOTE-10: footnotes are written, read, left and taken back by keyboard, and seen by somebody else', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('notes'));
  await begin(page);
  await page.keyboard.type('Ice melts');
  await page.keyboard.type(' /footn');
  await press(page, 'Enter');
  await page.keyboard.type('At 0 °C.');
  await expect(notes(page)).toHaveText(['1At 0 °C.']);
  await expect(notes(page)).toHaveAttribute('role', 'doc-footnote');
  expect(await said(page)).toEqual(['doc-footnote: Footnote 1', 'doc-noteref: Footnote 1']);
  // Back with the same keys, and a second one before it, by its sign.
  await press(page, 'Control+Alt+n');
  await page.keyboard.type('. ');
  await press(page, 'Home');
  await page.keyboard.type('Water boils[^1]');
  await page.keyboard.type('At 100 °C.');
  await press(page, 'Enter');
  await page.keyboard.type('At sea level.');
  await expect(notes(page)).toHaveText([/^1At 100 °C\.At sea level\.$/, /^2At 0 °C\.$/]);
  await press(page, 'Control+Alt+n');
  await page.keyboard.type('; ');
  await expect(paragraphs(page)).toHaveText(['Water boils1; Ice melts 2. ']);
  await saved(page);

  // A reference is one stop of the arrows: chosen, it shows its note, and Enter leads there.
  await press(page, 'ArrowLeft', 'ArrowLeft', 'ArrowLeft');
  await expect(page.getByTestId('footnote-preview')).toContainText('At sea level.');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('preview.png'), animations: 'disabled' });
  await press(page, 'Enter');
  await expect(page.getByTestId('footnote-preview')).toHaveCount(0);
  await page.keyboard.type(' Higher up less.');
  await expect(notes(page).first()).toContainText('At sea level. Higher up less.');
  expect(await violations(page)).toEqual([]);

  // Between notes no caret makes a paragraph, and nothing is joined over their edges.
  await press(page, 'ArrowDown', 'Home', 'Backspace', 'End', 'Delete');
  await expect(notes(page)).toHaveText([/less\.$/, /^2At 0 °C\.$/]);
  await press(page, 'ArrowDown');
  await page.keyboard.type('!');
  await expect(notes(page).nth(1)).toHaveText('2At 0 °C.!');

  // Somebody else sees the same, moves what refers, and the numbers follow for both.
  const friend = await visit(documentPath('notes'));
  await expect(notes(friend)).toHaveText([/^1At 100/, /^2At 0/]);
  await friend.getByText('Water boils').click();
  await press(friend, 'Home', 'Shift+End', 'Control+x');
  await expect(notes(page).first()).toContainText('Note without a reference');
  await press(friend, 'Control+z');
  await expect(references(page)).toHaveText(['1', '2']);
  await friend.close();
  await inspect(page, info, 'notes');
});

test('NOTE-4, NOTE-10: a mouse leads from a reference to its note and back; a note that lost its reference gets one again', async ({
  visit,
}) => {
  const page = await visit(documentPath('lost'));
  await begin(page);
  await paste(page, {
    'text/plain': 'Water boils[^a].\n\n- Ice melts[^b].\n\n[^a]: At 100 °C.\n\n[^b]: At **0** °C.\n',
  });
  await expect(references(page)).toHaveText(['1', '2']);
  await expect(notes(page)).toHaveText([/^1At 100 °C\.$/, /^2At 0 °C\.$/]);
  await references(page).nth(1).hover();
  await expect(page.getByTestId('footnote-preview')).toHaveText('At 0 °C.');
  await references(page).nth(1).click();
  await page.keyboard.type(' So.');
  await expect(notes(page).nth(1)).toContainText('At 0 °C. So.');
  await page.getByRole('button', { name: 'Back to the text from footnote 2' }).click();
  await press(page, 'Backspace');
  await expect(references(page)).toHaveText(['1']);
  const lost = notes(page).nth(1);
  await expect(lost).toContainText('Note without a reference');
  expect(await violations(page)).toEqual([]);
  await paragraphs(page).first().click();
  await press(page, 'Home');
  await lost.getByRole('button', { name: 'Refer to it at the caret' }).click();
  await expect(paragraphs(page).first()).toHaveText('1Water boils2.');
  await expect(notes(page)).toHaveText([/^1At 0 °C\. So\.$/, /^2At 100 °C\.$/]);
  // Copied and pasted, it is a note of its own; cut and pasted, the one that it was.
  await press(page, 'Home', 'Shift+ArrowRight', 'Control+c', 'End', 'Control+v');
  await expect(references(page)).toHaveText(['1', '2', '3']);
  await expect(notes(page)).toHaveText([/^1At 0/, /^2At 100/, /^3At 0 °C\. So\.$/]);
  await press(page, 'Home', 'Shift+ArrowRight', 'Control+x', 'End', 'Control+v');
  await expect(notes(page)).toHaveText([/^1At 100/, /^2At 0/, /^3At 0 °C\. So\.$/]);
  await press(page, 'Control+a', 'Delete');
  await expect(notes(page)).toHaveCount(0);
  await press(page, 'Control+z');
  await expect(notes(page)).toHaveCount(3);
  await saved(page);
});

test('NOTE-10: a footnote is typed before anything else that footnotes need has come', async ({ visit }) => {
  const page = await visit(documentPath('early'), { serviceWorkers: 'block' });
  const asked: string[] = [];
  // It never comes.
  await page.route('**/assets/tools-*.js', (route) => void asked.push(route.request().url()));
  await begin(page);
  await page.keyboard.type('Water boils[^]At 100 °C.');
  await expect(notes(page)).toHaveText(['1At 100 °C.']);
  await expect(paragraphs(page)).toHaveText(['Water boils1']);
  expect(asked).toHaveLength(1);
  await saved(page);
});

test('NOTE-10: on a phone a reference is touched, on paper the notes stand at the end, and in Arabic all of it is Arabic', async ({
  visit,
}, info) => {
  const phone = { viewport: { width: 320, height: 700 }, hasTouch: true, isMobile: true, locale: 'ar-EG' };
  const page = await visit(documentPath('ar'), phone);
  const text = page.getByTestId('editor');
  await text.locator('h1').tap();
  await page.keyboard.type('عنوان\n');
  await page.keyboard.type('الماء يغلي[^]عند مئة درجة averyveryveryverylongwordwithoutanyspacesinit');
  const note = text.getByTestId('footnote');
  await expect(note).toHaveAttribute('aria-label', /^الحاشية/);
  await page.keyboard.press('Control+Alt+n');
  await page.keyboard.type(' سريعا');
  await text.getByTestId('footnote-reference').tap();
  await page.keyboard.type('!');
  await expect(note).toContainText('!');
  const back = note.getByTestId('footnote-back');
  expect((await back.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  expect((await back.boundingBox())?.width).toBeGreaterThanOrEqual(44);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await back.tap();
  await page.keyboard.type('،');
  await expect(text.locator('> p')).toContainText('،');
  await page.screenshot({ path: info.outputPath('phone.png') });
  await page.emulateMedia({ media: 'print' });
  const places = await text.locator('> *').evaluateAll((all) => all.map((one) => one.localName));
  expect(places.at(-1)).toBe('aside');
  await expect(note).toBeVisible();
  await page.screenshot({ path: info.outputPath('print.png') });
  await page.emulateMedia({ media: null });
  await saved(page);
});
