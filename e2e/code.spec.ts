import type { Page } from '@playwright/test';
import { SheafError } from '@sheaf/server';
import type { Access, Role } from '@sheaf/server';
import * as Y from 'yjs';
import {
  begin,
  documentPath,
  editor,
  expect,
  inspect,
  paste,
  peer,
  press,
  saved,
  test,
  textOf,
  typeInto,
  violations,
} from './site.ts';

const block = (page: Page) => editor(page).locator('.code-block');
const text = (page: Page) => block(page).locator('code');
const choice = (page: Page) => block(page).getByRole('combobox', { name: 'Language of the code' });
const copy = (page: Page) => block(page).getByRole('button', { name: 'Copy code' });
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
/** The words of one kind. */
const kind = (page: Page, name: string) => text(page).locator(`.code-${name}`);

test('CODE-1, CODE-2: a fence names the language, code is coloured as it is typed, and undo takes it back', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('fence'));
  const friend = peer(site, 'fence');
  const updates: Uint8Array[] = [];
  await begin(page);
  await page.keyboard.type('```js ');
  await expect(block(page)).toHaveRole('group');
  await expect(block(page)).toHaveAccessibleName('Code in JavaScript');
  await expect(choice(page)).toHaveValue('javascript');
  await page.keyboard.type('const a = "x"; // why');
  await expect(kind(page, 'keyword')).toHaveText('const');
  await expect(kind(page, 'string')).toHaveText('"x"');
  await expect(kind(page, 'comment')).toHaveText('// why');
  await saved(page);
  // Colours are of this page alone: the document knows the language as it was typed, and nothing of them.
  friend.doc.on('update', (update: Uint8Array) => updates.push(update));
  await press(page, 'ArrowLeft', 'ArrowRight');
  await page.reload();
  await expect(kind(page, 'keyword')).toHaveText('const');
  expect(updates).toEqual([]);
  expect(JSON.stringify(friend.doc.getText('content').toDelta())).not.toContain('keyword');

  // Another language is one step of undo, also between words of the same breath.
  await text(page).click();
  await press(page, 'End');
  await page.keyboard.type('!');
  await choice(page).focus();
  await choice(page).selectOption('Python');
  await expect(block(page)).toHaveAccessibleName('Code in Python');
  await expect(kind(page, 'keyword')).toHaveCount(0);
  await press(page, 'Escape');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('?');
  await expect(text(page)).toHaveText('const a = "x"; // why!?');
  await press(page, 'Control+z');
  await expect(text(page)).toHaveText('const a = "x"; // why!');
  await expect(choice(page)).toHaveValue('python');
  await press(page, 'Control+z');
  await expect(choice(page)).toHaveValue('javascript');
  await expect(text(page)).toHaveText('const a = "x"; // why!');
  await expect(kind(page, 'keyword')).toHaveText('const');
  await press(page, 'Control+Shift+z');
  await expect(choice(page)).toHaveValue('python');
  await saved(page);
  friend.close();
});

test('CODE-1: code comes from the slash menu, from a paragraph, and by pasting; an unknown language keeps its name', async ({
  visit,
}) => {
  const page = await visit(documentPath('ways'));
  await begin(page);
  await page.keyboard.type('/code');
  await page.getByTestId('slash-code-block').click();
  await page.keyboard.type('if');
  await expect(block(page)).toHaveAccessibleName('Code');
  await expect(choice(page)).toHaveValue('');
  await expect(text(page).locator('span')).toHaveCount(0);
  await choice(page).focus();
  await choice(page).selectOption('Ruby');
  await expect(kind(page, 'keyword')).toHaveText('if');
  await press(page, 'Escape', 'Control+Alt+c');
  await expect(block(page)).toHaveCount(0);
  await press(page, 'Control+Alt+c');
  await expect(text(page)).toHaveText('if');
  await choice(page).focus();
  await choice(page).selectOption('Plain text');
  // Two empty lines leave code.
  await press(page, 'Escape', 'Control+End', 'Enter', 'Enter', 'Enter');
  await paste(page, { 'text/plain': '```brainrot\nif skibidi\n```\n\n```rust\nfn main() {}\n```\n' });
  await expect(block(page)).toHaveCount(3);
  const unknown = block(page).nth(1);
  await expect(unknown).toHaveAccessibleName('Code in brainrot');
  await expect(unknown.locator('code span')).toHaveCount(0);
  await unknown.getByRole('combobox').focus();
  await expect(unknown.getByRole('combobox')).toHaveValue('brainrot');
  await expect(unknown.getByRole('option', { name: 'brainrot' })).toHaveCount(1);
  await expect(block(page).nth(2)).toHaveAccessibleName('Code in Rust');
  await expect(block(page).nth(2).locator('.code-keyword')).toHaveText('fn');

  // What is a formula or a diagram has its own look, and comes back from it.
  await expect(
    block(page)
      .first()
      .getByRole('option', { name: /math|mermaid/i }),
  ).toHaveCount(0);
  await saved(page);
});

test('CODE-5: a button copies all of the code, tells and shows that, and takes nothing else with it', async ({
  visit,
}) => {
  const page = await visit(documentPath('copy'), { permissions: ['clipboard-read', 'clipboard-write'] });
  await begin(page);
  await page.keyboard.type('```js let a = 1');
  await expect(kind(page, 'keyword')).toHaveText('let');
  const before = await block(page).boundingBox();
  await copy(page).click();
  await expect(page.getByTestId('menu-said')).toHaveText('Code copied');
  await expect(copy(page).locator('.lucide-check')).toBeVisible();
  expect(await clipboard(page)).toBe('let a = 1');
  expect(await block(page).boundingBox()).toEqual(before);
  // The caret is where it was.
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('0');
  await expect(text(page)).toHaveText('let a = 10');
  // Copied by key it is text, in no colours and without its head.
  await press(page, 'Control+a', 'Control+c');
  expect(await clipboard(page)).toBe('Title\n\nlet a = 10');
  const html = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return (await item?.getType('text/html'))?.text();
  });
  expect(html).toContain('let a = 10');
  expect(html).not.toMatch(/code-keyword|select|button/);
  await press(page, 'Control+z');
  await saved(page);
});

test('CODE-4: while one chooses a language another types in the code, and no word is lost', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('together'));
  await begin(page);
  await page.keyboard.type('```js let a');
  await saved(page);
  const friend = peer(site, 'together');
  await expect.poll(() => textOf(friend.doc)).toContain('let a');
  await choice(page).focus();
  typeInto(friend.doc, 'let a', ' = "friend"');
  await choice(page).selectOption('TypeScript');
  await expect(text(page)).toHaveText('let a = "friend"');
  // What others write is coloured, and the choice keeps the focus.
  await expect(kind(page, 'string')).toHaveText('"friend"');
  await expect(choice(page)).toBeFocused();
  await expect(choice(page)).toHaveValue('typescript');
  await press(page, 'Escape');
  await page.keyboard.type(' /* me */');
  await expect.poll(() => textOf(friend.doc)).toMatch(/let a.*= "friend"/);
  await expect.poll(() => textOf(friend.doc)).toContain('/* me */');
  const element = friend.doc
    .getText('content')
    .toDelta()
    .find(({ insert }: { insert: unknown }) => JSON.stringify(insert)?.includes('typescript'));
  expect(element).toBeDefined();
  await saved(page);
  friend.close();
});

test('CODE-6: by keyboard alone the head is reached and left, and the arrows go past it', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('keys'), { permissions: ['clipboard-read', 'clipboard-write'] });
  await begin(page);
  await page.keyboard.type('```go func main() {}');
  await expect(kind(page, 'keyword')).toHaveText('func');
  await press(page, 'Alt+Enter');
  await expect(choice(page)).toBeFocused();
  await press(page, 'Tab');
  await expect(copy(page)).toBeFocused();
  await press(page, 'Enter');
  await expect(copy(page).locator('.lucide-check')).toBeVisible();
  expect(await clipboard(page)).toBe('func main() {}');
  await press(page, 'Shift+Tab');
  await expect(choice(page)).toBeFocused();
  await page.keyboard.type('ru');
  await expect(block(page)).toHaveAccessibleName(/Code in Ru/);
  await expect(choice(page)).toBeFocused();
  await press(page, 'Escape');
  await expect(editor(page)).toBeFocused();
  await press(page, 'Home', 'ArrowUp');
  await page.keyboard.type('My ');
  await expect(editor(page).locator('h1')).toContainText('My ');
  await press(page, 'ArrowDown', 'End');
  await page.keyboard.type('x');
  await expect(text(page)).toHaveText('func main() {}x');
  await inspect(page, info, 'code');
  await page.emulateMedia({ forcedColors: 'active' });
  await page.screenshot({ path: info.outputPath('code-forced.png') });
  await page.emulateMedia({ forcedColors: 'none' });
  await saved(page);
});

test('CODE-6: on a phone, from right to left, a finger meets the head, code reads from its left, and nothing is too wide', async ({
  visit,
}, info) => {
  const phone = { viewport: { width: 320, height: 700 }, hasTouch: true, isMobile: true, locale: 'ar-EG' };
  const page = await visit(documentPath('phone'), {
    ...phone,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const text320 = page.getByTestId('editor');
  await text320.locator('h1').tap();
  await page.keyboard.type('Title');
  await press(page, 'Enter');
  await page.keyboard.type(`\`\`\`js const a = "${'long '.repeat(30)}"`);
  const box = text320.locator('.code-block');
  await expect(box.locator('.code-keyword')).toHaveText('const');
  for (const id of ['code-language', 'code-copy']) {
    const size = await page.getByTestId(id).boundingBox();
    expect(size?.height, id).toBeGreaterThanOrEqual(44);
    expect(size?.width, id).toBeGreaterThanOrEqual(44);
  }
  const [language, button] = [
    await page.getByTestId('code-language').boundingBox(),
    await page.getByTestId('code-copy').boundingBox(),
  ];
  expect(language?.x ?? 0).toBeGreaterThan(button?.x ?? 0);
  await expect(box.locator('pre')).toHaveCSS('direction', 'ltr');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.getByTestId('code-copy').tap();
  await expect(page.getByTestId('menu-said')).toHaveText('نُسخت الرموز');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('code-phone.png') });
  await saved(page);
});

test('CODE-7: on paper code has its language and its colours, and nothing to press', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('paper'), { colorScheme: 'dark' });
  await begin(page);
  await page.keyboard.type('```sql select 1');
  await expect(kind(page, 'keyword')).toHaveText('select');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(choice(page)).toBeHidden();
  await expect(copy(page)).toBeHidden();
  await expect(block(page).locator('.code-name')).toHaveText('SQL');
  await expect(block(page).locator('.code-name')).toBeVisible();
  await expect(kind(page, 'keyword')).toHaveCSS('color', 'rgb(106, 58, 166)');
  await page.screenshot({ path: info.outputPath('code-print.png') });
  await page.emulateMedia({ media: 'screen' });
  await saved(page);
});

test('CODE-3: long code is coloured in parts, and code that is too long stays plain', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('long'));
  await begin(page);
  await saved(page);
  const line = 'const a = { b: "c", d: [1, 2] }; // why\n';
  const friend = peer(site, 'long');
  await expect.poll(() => textOf(friend.doc)).toContain('Title');
  const flow = friend.doc.getText('content');
  for (const units of [19_000, 21_000]) {
    const element = new Y.XmlElement('block');
    element.setAttribute('kind', 'code');
    element.setAttribute('language', 'javascript');
    flow.insertEmbed(flow.length, element);
    flow.insert(flow.length, `${line.repeat(Math.floor(units / line.length))}\u2029`);
  }
  await expect(block(page)).toHaveCount(2);
  await expect(block(page).first().locator('.code-comment')).toHaveCount(Math.floor(19_000 / line.length));
  await expect(block(page).last().locator('code span')).toHaveCount(0);
  friend.close();
});

/** Gives everybody the same right, which a story changes as it goes. */
class Door implements Access {
  role: Role | 'none' = 'write';

  authorize() {
    if (this.role === 'none') return Promise.reject(new SheafError('forbidden', 'Not yours.'));
    return Promise.resolve({ principal: { id: '', name: '' }, role: this.role, expires: Infinity });
  }
}

const door = new Door();
test.describe('for who reads', () => {
  test.use({ server: { access: door } });

  test('CODE-6: who may only read copies code, is told its language, and has no choice of it', async ({
    visit,
  }) => {
    const writer = await visit(documentPath('read'));
    await begin(writer);
    await writer.keyboard.type('```py import os');
    await saved(writer);
    door.role = 'read';
    const page = await visit(documentPath('read'), { permissions: ['clipboard-read', 'clipboard-write'] });
    await expect(editor(page)).toHaveAttribute('contenteditable', 'false');
    await expect(kind(page, 'keyword')).toHaveText('import');
    await expect(choice(page)).toBeHidden();
    await expect(block(page).locator('.code-name')).toHaveText('Python');
    await expect(block(page).locator('.code-name')).toBeVisible();
    await copy(page).focus();
    await press(page, 'Enter');
    await expect(page.getByTestId('menu-said')).toHaveText('Code copied');
    expect(await clipboard(page)).toBe('import os');
    expect(await violations(page)).toEqual([]);
  });
});
