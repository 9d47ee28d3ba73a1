import type { Locator, Page } from '@playwright/test';
import { kindsFor } from '@sheaf/schema/every-block-for-tests';
import type { KindName } from '@sheaf/schema/every-block-for-tests';
import { SHOWN } from './block-table.ts';
import { begin, documentPath, editor, expect, press, saved, test, title, violations } from './site.ts';
import type { Visit } from './site.ts';

const shown = (page: Page, name: KindName): Locator => editor(page).locator(SHOWN[name].selector).first();

/** Somebody whom one can mention, at a document that one can mention. */
async function visitAda(visit: Visit, path: string, options: Parameters<Visit>[1]): Promise<Page> {
  const plan = await visit(documentPath('plan'));
  await begin(plan, 'Launch plan');
  await saved(plan);
  // The list tells a title when the server has found it, and is asked for by a page that opens.
  await expect(async () => {
    await plan.reload();
    const list = plan.getByRole('navigation', { name: 'Documents' });
    await expect(list).toContainText('Launch plan', { timeout: 2_000 });
  }).toPass();
  await plan.close();
  const page = await visit(path, { name: 'Ada', ...options });
  await begin(page, 'Every block');
  return page;
}

/** The document as Markdown, with the notes' own names in place of what this copy calls them. */
async function markdown(page: Page): Promise<string> {
  const held = () => page.evaluate(() => navigator.clipboard.readText());
  // What says so may say so from before.
  await page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
  await page.getByTestId('document-menu').click();
  await page.getByRole('menuitem', { name: 'Copy as Markdown' }).click();
  await expect(page.getByTestId('menu-said')).toHaveText('Copied as Markdown');
  await expect.poll(held).not.toBe('nothing yet');
  const text = await held();
  return text.replace(/\[\^[\w.-]+\]/g, '[^note]');
}

test('every block, insert, keyboard, screen reader, copy, print: PASTE-5, PASTE-6, PRINT-1: each is made, left and reached by keys, read out, copied whole, printed', async ({
  visit,
}) => {
  const page = await visitAda(visit, documentPath('keys'), {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  for (const { name } of kindsFor('insert'))
    await test.step(name, async () => {
      const { make, leave } = SHOWN[name];
      for (const act of make) await act(page);
      await expect(shown(page, name), name).toBeVisible();
      await (leave ? leave(page) : press(page, 'Enter'));
      await expect
        .poll(() => editor(page).evaluate(emptyLine), `${name} is left for an empty line`)
        .toBe(true);
    });
  await test.step('reached by arrows', async () => {
    expect(await reached(page)).toEqual(kindsFor('keyboard').map(({ name }) => name));
  });

  await test.step('screen reader', async () => {
    expect.soft(await violations(page)).toEqual([]);
    const said = await editor(page).ariaSnapshot();
    for (const { name } of kindsFor('screen reader')) expect.soft(said, name).toMatch(SHOWN[name].said);
  });
  await saved(page);
  const written = await markdown(page);

  await test.step('copy', () => copied(page, written));
  await test.step('print', () => printed(page));
});

/** Asks what other programs get, and pastes and cuts in another document: it is the same there. */
async function copied(page: Page, written: string): Promise<void> {
  await title(page).click();
  await press(page, 'Control+a', 'Control+c');
  const [html, text] = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return Promise.all(
      ['text/html', 'text/plain'].map(async (one) => (await item?.getType(one))?.text() ?? ''),
    );
  });
  for (const { name } of kindsFor('copy')) {
    const { words = '' } = SHOWN[name];
    // A long text would be told whole by what fails.
    expect.soft([html?.includes(words), text?.includes(words)], name).toEqual([true, true]);
  }
  const other = await page.context().newPage();
  await other.goto(new URL(documentPath('copy'), page.url()).href);
  await title(other).click();
  // One step takes back one paste, and not what was typed right before it.
  await other.keyboard.type('quick');
  await press(other, 'Control+v', 'Control+z');
  await expect.soft(editor(other)).toHaveText('quick');
  await press(other, 'Control+a', 'Control+v');
  for (const { name } of kindsFor('copy')) await expect(shown(other, name), name).toBeVisible();
  expect(await markdown(other)).toBe(written);
  await title(other).click();
  await press(other, 'Control+a', 'Control+x');
  await expect(editor(other)).toHaveText('');
  await press(other, 'Control+v');
  expect(await markdown(other)).toBe(written);
  await title(other).click();
  await press(other, 'Control+z');
  await expect(editor(other)).toHaveText('');
  await press(other, 'Control+z');
  expect(await markdown(other)).toBe(written);
  await saved(other);
  await other.close();
}

/** Asks what is on paper: each, no wider than the text, and nothing that one could press. */
async function printed(page: Page): Promise<void> {
  await page.setViewportSize({ width: 660, height: 940 });
  await page.emulateMedia({ media: 'print' });
  const sheet = await editor(page).boundingBox();
  const right = (sheet?.x ?? 0) + (sheet?.width ?? 0);
  for (const { name } of kindsFor('print')) {
    await expect.soft(shown(page, name), name).toBeVisible();
    const box = await shown(page, name).boundingBox();
    expect.soft((box?.x ?? 0) + (box?.width ?? 0), name).toBeLessThanOrEqual(right + 1);
  }
  // These say what is done, which kind it is, what belongs together, a number, and what a heading says.
  const words =
    'input[type=checkbox], [data-testid=callout-kind], [data-testid=callout-icon], [data-testid=toggle], [data-testid=footnote-back], [role=link]';
  const controls = editor(page)
    .locator(`:is(button, select, textarea, input, [role=slider]):not(${words})`)
    .filter({ visible: true });
  expect.soft(await controls.evaluateAll((all) => all.map((one) => one.outerHTML))).toEqual([]);
  await page.emulateMedia({ media: null });
}

/** Goes down through the document with the arrows, and through lines with things in them; gives what the caret was in. */
async function reached(page: Page): Promise<KindName[]> {
  const kinds = kindsFor('keyboard');
  const elements = await Promise.all(kinds.map(({ name }) => shown(page, name).elementHandle()));
  const inside = () =>
    page.evaluate(
      (all) =>
        all.map((element) => {
          if (!element) return false;
          const at = document.getSelection()?.anchorNode ?? null;
          const chosen = '.ProseMirror-selectednode, .selected';
          return element.contains(at) || element.matches(chosen)
            ? true
            : (element.closest('p')?.contains(at) ?? false)
              ? 'line'
              : false;
        }),
      elements,
    );
  const found = new Set<KindName>();
  await press(page, 'Control+Home');
  for (let step = 0; step < 120 && found.size < kinds.length; step += 1) {
    await press(page, 'ArrowDown');
    const places = await inside();
    for (const [index, { name, kind }] of kinds.entries()) {
      const place = places[index] ?? false;
      if (found.has(name) || place === false) continue;
      if (place === true || kind.of === 'mark') found.add(name);
      else {
        await press(page, 'Home');
        for (let right = 0; right < 12 && !found.has(name); right += 1) {
          await press(page, 'ArrowRight');
          if ((await inside())[index] === true) found.add(name);
        }
        await press(page, 'End');
      }
    }
  }
  return kinds.map(({ name }) => name).filter((name) => found.has(name));
}

test('every block, phone: each is made by touch at 320 px, and fits', async ({ visit }) => {
  const phone = { viewport: { width: 320, height: 700 }, hasTouch: true, isMobile: true };
  const page = await visitAda(visit, documentPath('touch'), phone);
  for (const { name } of kindsFor('phone'))
    await test.step(name, async () => {
      const { touch, leave } = SHOWN[name];
      for (const act of touch) await act(page);
      await expect(shown(page, name), name).toBeVisible();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(wide, name).toBeLessThanOrEqual(0);
      const box = await shown(page, name).evaluate((element) => {
        // What scrolls by itself may be wider than the page.
        const part = element.closest('.tableWrapper') ?? element;
        const { left, right } = part.getBoundingClientRect();
        return { left, right };
      });
      expect.soft(box.left, name).toBeGreaterThanOrEqual(0);
      expect.soft(box.right, name).toBeLessThanOrEqual(320);
      // A finger goes on by a tap below; what is asked here is only how each is made.
      await (leave ? leave(page) : press(page, 'Enter'));
    });
  await saved(page);
});

/** Whether the caret is in an empty paragraph of the document itself. */
function emptyLine(text: Element): boolean {
  const anchor = document.getSelection()?.anchorNode;
  const line = anchor instanceof Element ? anchor : anchor?.parentElement;
  return line?.localName === 'p' && line.parentElement === text && line.textContent === '';
}
