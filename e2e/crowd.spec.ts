import type { Page } from '@playwright/test';
import * as Y from 'yjs';
import { begin, documentPath, editor, expect, peer, press, saved, test, textOf, violations } from './site.ts';
import type { Site } from './server.ts';

type Peer = ReturnType<typeof peer>;

/** Somebody without a page, who says who they are. */
function person(site: Site, name: string, number: number): Peer {
  const made = peer(site, 'crowd');
  const color = `#${(0x2f7d6b + number * 0x010507).toString(16)}`;
  made.provider.awareness?.setLocalStateField('user', { id: name, name, color });
  return made;
}

/** The index in the flow behind these words. */
function indexBehind({ doc }: Peer, words: string): number {
  const delta: { insert: unknown }[] = doc.getText('content').toDelta();
  const text = delta.map(({ insert }) => (typeof insert === 'string' ? insert : '\ufffc')).join('');
  return text.indexOf(words) + words.length;
}

/** Puts somebody's caret behind these words, as a page does: it stays behind what they type there (SPEC FLOW-14). */
function standBehind(one: Peer, words: string): void {
  const { provider, doc } = one;
  const flow = doc.getText('content');
  const position = Y.createRelativePositionFromTypeIndex(flow, indexBehind(one, words));
  const place: unknown = Y.relativePositionToJSON(position);
  provider.awareness?.setLocalStateField('cursor', { anchor: place, head: place });
}

interface Name {
  readonly shown: boolean;
  /** Whether it stands on any letter of the text. */
  readonly covers: boolean;
}

/** How the name beside a caret is shown; `typing`: in the moment in which its owner types, which is waited for. */
function nameBeside(page: Page, { typing = false } = {}): Promise<Name> {
  return editor(page).evaluate(async (text, waits) => {
    const find = () => text.querySelector(waits ? '.caret.typing' : '.caret');
    while (!find()) await new Promise(requestAnimationFrame);
    const caret = find();
    if (!caret) throw new Error('There is no caret.');
    const style = getComputedStyle(caret, '::after');
    const size = (name: 'insetInlineStart' | 'insetBlockStart' | 'width' | 'height' | 'paddingLeft') =>
      Number.parseFloat(style[name]) || 0;
    const shown = style.content !== 'none' && style.content !== 'normal';
    const from = caret.getBoundingClientRect();
    const [left, top] = [from.left + 2 + size('insetInlineStart'), from.top + size('insetBlockStart')];
    const [right, bottom] = [left + size('width') + 2 * size('paddingLeft'), top + size('height')];
    const range = document.createRange();
    const words = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let covers = false;
    while (words.nextNode()) {
      range.selectNodeContents(words.currentNode);
      covers ||= [...range.getClientRects()].some(
        (line) => line.left < right && line.right > left && line.top < bottom && line.bottom > top,
      );
    }
    return { shown, covers: shown && covers };
  }, typing);
}

test('A11Y-6: of many people some faces are shown and the others counted, and each of them can be followed', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('crowd'), { name: 'Ada' });
  await begin(page, 'Crowd');
  await saved(page);
  const names = Array.from({ length: 12 }, (_, at) => `Person ${String(at + 1).padStart(2, '0')}`);
  const people = names.map((name, at) => person(site, name, at));
  const faces = page.getByTestId('faces');
  const more = page.getByTestId('more-faces');
  await expect(more).toHaveAccessibleName('6 more people');
  await expect(faces.getByRole('button', { name: /^Follow/ })).toHaveCount(6);
  await more.focus();
  await press(page, 'Enter');
  const menu = page.getByRole('menu', { name: 'Also here' });
  const items = menu.getByRole('menuitemcheckbox');
  await expect(items).toHaveCount(6);
  await expect(items.first()).toBeFocused();
  expect(await violations(page)).toEqual([]);
  // Those who are counted are those who have no face, each once.
  const shown = [
    ...(await faces.getByRole('button', { name: /^Follow/ }).allInnerTexts()),
    ...(await items.allInnerTexts()),
  ].map((text) => /Person \d\d/.exec(text)?.[0]);
  expect(shown.toSorted()).toEqual(names);
  const [, last = ''] = /(Person \d\d)/.exec(await items.last().innerText()) ?? [];
  await press(page, 'End', 'Enter');
  await expect(menu).toBeHidden();
  await expect(more).toBeFocused();
  await expect(page.getByTestId('menu-said')).toContainText(last);
  await press(page, 'Enter');
  await expect(menu.getByRole('menuitemcheckbox', { checked: true })).toHaveText(new RegExp(last));
  await press(page, 'Escape');

  await page.setViewportSize({ width: 390, height: 700 });
  await expect(faces.getByRole('button', { name: /^Follow/ })).toHaveCount(1);
  await expect(more).toHaveAccessibleName('11 more people');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  for (const { close } of people.slice(1)) close();
  await expect(more).toHaveCount(0);
  await expect(faces.getByRole('button', { name: 'Follow Person 01' })).toHaveCount(1);
  people[0]?.close();
});

test('A11Y-6: a caret’s name is shown to who points at it and while its owner types, and never on text', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('crowd'), { name: 'Ada' });
  await begin(page, 'Carets');
  await page.keyboard.type(`the middle of ${'a line that goes on '.repeat(8)}and ends here`);
  await saved(page);
  const ben = person(site, 'Ben Okri', 1);
  await expect.poll(() => textOf(ben.doc)).toContain('ends here');
  const caret = editor(page).locator('.caret');
  for (const words of ['the middle', 'goes on a line', 'ends here'])
    await test.step(words, async () => {
      standBehind(ben, words);
      await expect(caret).toHaveCount(1);
      await page.mouse.move(5, 5);
      await expect.poll(() => nameBeside(page)).toEqual({ shown: false, covers: false });
      await expect
        .poll(async () => {
          const at = await caret.boundingBox();
          await page.mouse.move((at?.x ?? 0) + 1, (at?.y ?? 0) + (at?.height ?? 0) / 2);
          return nameBeside(page);
        })
        .toEqual({ shown: true, covers: false });
      await page.mouse.move(5, 5);
      await expect.poll(() => nameBeside(page)).toEqual({ shown: false, covers: false });
    });
  await test.step('while its owner types, and not for long behind that', async () => {
    standBehind(ben, 'the middle');
    await expect
      .poll(() => caret.evaluate(({ previousSibling: text }) => text?.textContent))
      .toBe('the middle');
    const name = nameBeside(page, { typing: true });
    ben.doc.getText('content').insert(indexBehind(ben, 'the middle'), '!', {});
    expect(await name).toEqual({ shown: true, covers: false });
    await expect(caret).not.toHaveClass(/typing/);
    expect((await nameBeside(page)).shown).toBe(false);
  });
  await test.step('where there is no room beside the text it is not shown', async () => {
    await page.setViewportSize({ width: 320, height: 700 });
    const name = nameBeside(page, { typing: true });
    ben.doc.getText('content').insert(indexBehind(ben, 'the middle!'), '!', {});
    expect(await name).toEqual({ shown: false, covers: false });
    await expect(caret).toHaveClass(/cramped/);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  });
  ben.close();
});

test('FLOW-14: who types does not tell where their caret is with each letter, and it stays behind what they type', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('crowd'), { name: 'Ada' });
  await begin(page, 'Carets');
  await page.keyboard.type('first');
  await saved(page);
  const ben = person(site, 'Ben Okri', 1);
  const cursors = () =>
    [...(ben.provider.awareness?.getStates().values() ?? [])].flatMap(({ cursor }) => cursor ?? []);
  await expect.poll(cursors).toHaveLength(1);
  const told = new Set([JSON.stringify(cursors())]);
  ben.provider.awareness?.on('change', () => told.add(JSON.stringify(cursors())));
  await page.keyboard.type(' and then more words');
  await saved(page);
  await expect.poll(() => textOf(ben.doc)).toContain('first and then more words');
  const [head] = cursors().map((cursor) => Y.createRelativePositionFromJSON(Reflect.get(cursor, 'head')));
  const place = head && Y.createAbsolutePositionFromRelativePosition(head, ben.doc);
  expect(place?.index).toBe(indexBehind(ben, 'more words'));
  await press(page, 'Home');
  await expect.poll(() => told.size).toBe(2);
  ben.close();
});
