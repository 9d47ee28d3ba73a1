import { begin, documentPath, editor, expect, peerWith, press, test, textOf } from './site.ts';

/** A page is busy for so long, ms: longer than ProseMirror waits for a caret that comes with the focus. */
const BUSY_MS = 60;

test('the first press puts the caret where it is, also on a page that is busy just then', async ({
  visit,
  site,
}) => {
  const friend = await peerWith(site, 'first press', ['one', 'two', 'three']);
  const page = await visit(documentPath('first press'));
  await editor(page).getByText('two').waitFor();
  await editor(page).evaluate((text, ms) => {
    text.addEventListener('focus', () => {
      const until = performance.now() + ms;
      while (performance.now() < until);
    });
  }, BUSY_MS);
  await editor(page).getByText('two').click();
  await press(page, 'End');
  await page.keyboard.type('!');
  await expect.poll(() => textOf(friend.doc)).toBe('one\ntwo!\nthree\n');
  friend.close();
});

test('a press behind the end of a line puts the caret there, also where somebody else has theirs', async ({
  visit,
}) => {
  const path = documentPath('at one end');
  const ada = await visit(path);
  const ben = await visit(path);
  await begin(ada);
  await ada.keyboard.type('Ada was here.');
  const line = editor(ben).getByText('Ada was here.');
  await expect(line.locator('.caret')).toHaveCount(1);
  // In its middle, which is far behind its words.
  await line.click();
  await ben.keyboard.type(' Ben too.');
  await expect(editor(ada).locator('> *')).toHaveText(['Title', 'Ada was here. Ben too.']);
});
