import type { Page } from '@playwright/test';
import { element } from './everything.ts';
import {
  begin,
  documentPath,
  editor,
  expect,
  paste,
  peer,
  press,
  saved,
  test,
  textOf,
  violations,
} from './site.ts';
import { tooSmall } from './touch.ts';

const MARKDOWN = `## Part

- [ ] open
- [x] done

> [!WARNING]
> mind the step

<details>
<summary>

Why?

</summary>

Because[^1].

</details>

| Thing | Count |
| --- | --- |
| Nails | 200 |

[TOC]

https://example.org/

[^1]: A note.
`;

/** Holds the page to the rules of accessibility, and what is shown in `scope` to a finger's size. */
async function look(page: Page, name: string, scope = page.locator('body')): Promise<void> {
  await test.step(name, async () => {
    expect.soft(await violations(page), name).toEqual([]);
    expect.soft(await tooSmall(scope), name).toEqual([]);
  });
}

test('A11Y-4: on a phone each control, menu, box and panel has room for a finger, and says what it is', async ({
  visit,
  site,
}) => {
  test.slow();
  const phone = { viewport: { width: 320, height: 700 }, hasTouch: true, isMobile: true };
  const page = await visit(documentPath('touch'), phone);
  page.setDefaultTimeout(15_000);
  await begin(page, 'Touch');
  await paste(page, { 'text/plain': MARKDOWN });
  await expect(editor(page).locator('table')).toBeVisible();
  await saved(page);
  const writer = peer(site, 'touch');
  await expect.poll(() => textOf(writer.doc)).toContain('Nails');
  const flow = writer.doc.getText('content');
  const upload = `upload:${'0'.repeat(64)}`;
  for (const [name, attributes] of [
    ['image', { src: upload, width: 200, height: 100, alt: 'drawn', caption: 'A drawing' }],
    ['file', { src: upload, name: 'plan.pdf', bytes: 12 }],
    ['embed', { url: 'https://www.youtube.com/watch?v=M7lc1UVf-VE', title: 'A video' }],
  ] as const)
    flow.insertEmbed(flow.length, element(name, attributes));
  await expect(editor(page).getByRole('figure')).toHaveCount(3);
  writer.close();
  await look(page, 'a document');
  await editor(page).getByRole('figure').first().tap();
  await press(page, 'Enter');
  await expect(page.getByTestId('image-caption')).toBeFocused();
  await look(page, 'an image');
  await press(page, 'Escape');

  await editor(page).locator('td').first().tap();
  await expect(page.getByTestId('table-row')).toBeVisible();
  await look(page, 'the handles of a table');
  await page.getByTestId('table-column').tap();
  await expect(page.getByTestId('table-menu')).toBeVisible();
  await look(page, 'the menu of a column', page.getByRole('menu'));
  await press(page, 'Escape');
  await page.getByTestId('table-row').tap();
  await look(page, 'the menu of a row', page.getByRole('menu'));
  await press(page, 'Escape', 'Shift+F10');
  await expect(page.getByRole('menu', { name: 'Table' })).toBeVisible();
  await look(page, 'the menu of a table', page.getByRole('menu'));
  await press(page, 'Escape');

  await editor(page).getByRole('heading', { name: 'Part' }).tap();
  await page.getByTestId('format-more').tap();
  await expect(page.getByRole('menu', { name: 'More formatting' })).toBeVisible();
  await look(page, 'more formatting', page.getByRole('menu'));
  await press(page, 'Escape');
  await page.getByTestId('format-colours').tap();
  await expect(page.getByRole('menu', { name: 'Colours' })).toBeVisible();
  await look(page, 'colours', page.getByRole('menu'));
  await press(page, 'Escape');

  await press(page, 'End', 'Control+Shift+ArrowLeft', 'Control+k');
  await expect(page.getByTestId('link-box')).toBeVisible();
  await look(page, 'the box of a link', page.getByTestId('link-box'));
  await page.keyboard.type('example.org');
  await press(page, 'Enter', 'ArrowLeft');
  await look(page, 'a link');

  await press(page, 'End', 'Enter');
  await page.keyboard.type('@today');
  await expect(page.getByTestId('mention-menu')).toBeVisible();
  await look(page, 'the menu behind an at sign', page.getByRole('listbox'));
  await press(page, 'Enter');
  await editor(page).locator('time').tap();
  await expect(page.getByTestId('date-box')).toBeVisible();
  await look(page, 'the box of a day', page.getByTestId('date-box'));
  await press(page, 'Escape', 'End', 'Enter');
  await page.keyboard.type('/');
  await expect(page.getByTestId('slash-menu')).toBeVisible();
  await look(page, 'the menu behind a slash', page.getByRole('listbox'));
  await press(page, 'Escape', 'Control+Alt+f');
  await expect(page.getByRole('textbox', { name: 'Replace with' })).toBeVisible();
  await look(page, 'find and replace', page.getByTestId('find'));
  await press(page, 'Escape');

  await page.getByTestId('document-menu').tap();
  await look(page, 'the menu of the document', page.getByRole('menu'));
  await press(page, 'Escape', 'Control+/');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await look(page, 'the sheet of shortcuts', page.getByRole('dialog'));
  await press(page, 'Escape');
  await page.getByTestId('menu').tap();
  await expect(page.getByRole('dialog', { name: 'Menu' })).toBeVisible();
  await look(page, 'the drawer', page.getByRole('dialog'));
  await page.getByTestId('search').tap();
  await expect(page.getByRole('dialog', { name: 'Go to' })).toBeVisible();
  await look(page, 'the palette', page.getByRole('dialog', { name: 'Go to' }));
  await press(page, 'Escape', 'Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const friend = await visit(documentPath('touch'), { name: 'Ben' });
  await expect(page.getByTestId('faces')).toBeVisible();
  await look(page, 'faces');
  await friend.close();
  await page.getByTestId('menu').tap();
  await page.getByTestId('self').tap();
  await expect(page.getByRole('dialog', { name: 'Your name' })).toBeVisible();
  await look(page, 'one’s name', page.getByRole('dialog', { name: 'Your name' }));
  for (const path of ['/', '/device', '/nowhere']) {
    await page.goto(new URL(path, page.url()).href);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await look(page, path);
  }
});
