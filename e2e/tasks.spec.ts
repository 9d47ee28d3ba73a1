import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import {
  begin,
  blockCount,
  documentPath,
  editor,
  expect,
  insertBlocks,
  paste,
  peer,
  press,
  saved,
  test,
} from './site.ts';

const FEATURES = readFileSync(new URL('../FEATURES.md', import.meta.url), 'utf8');

/** A person who does things on a page; a key or chord, a click, words, or a paste is a step. */
class Person {
  readonly #page: Page;
  steps = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  async key(key: string): Promise<void> {
    this.steps += 1;
    await press(this.#page, key);
  }

  async words(words: string): Promise<void> {
    this.steps += 1;
    await this.#page.keyboard.type(words);
  }

  async click(where: Locator): Promise<void> {
    this.steps += 1;
    await where.click();
  }

  async paste(text: string): Promise<void> {
    this.steps += 1;
    await paste(this.#page, { 'text/plain': text });
  }
}

/** Does a task, and holds the number of steps against what FEATURES.md says. */
async function task(page: Page, name: string, run: (person: Person) => Promise<void>): Promise<void> {
  const [, told] = new RegExp(`^\\| ${name} +\\| (\\d)`, 'm').exec(FEATURES) ?? [];
  expect(told, name).toBeDefined();
  await test.step(name, async () => {
    const person = new Person(page);
    await run(person);
    expect(person.steps, name).toBe(Number(told));
  });
}

test('ten tasks take as many steps as FEATURES.md says', async ({ visit, site }) => {
  const path = documentPath('tasks');
  const page = await visit(path, { name: 'Ada' });
  await begin(page, 'Tasks');
  await page.keyboard.type('\none word and another word');
  await editor(page).locator('p').first().click();
  await task(page, 'a table from a spreadsheet', async (person) => {
    await person.paste('apples\t3\npears\t5\n');
    await expect(editor(page).locator('td, th')).toHaveText(['apples', '3', 'pears', '5']);
  });
  await task(page, 'add a row below the last one of a table', async (person) => {
    const last = editor(page).locator('td, th').last();
    await last.click();
    // The page has seen that the caret is in there.
    await expect(page.getByTestId('table-row')).toHaveAccessibleName('Row 2 of 2');
    await expect(page.getByTestId('table-column')).toHaveAccessibleName('Column 2 of 2');
    await person.key('Tab');
    await expect(editor(page).locator('tr')).toHaveCount(3);
  });

  await task(page, 'find the second place of a word', async (person) => {
    await person.key('Control+f');
    await expect(page.getByRole('textbox', { name: 'Find in the document' })).toBeFocused();
    await person.words('word');
    await expect(page.getByTestId('find-result')).toHaveText(/of 2$/);
    const before = await page.getByTestId('find-result').textContent();
    await person.key('Enter');
    await expect(page.getByTestId('find-result')).not.toHaveText(before ?? '');
  });
  await press(page, 'Escape');
  await task(page, 'replace a word everywhere', async (person) => {
    await person.key('Control+Alt+f');
    await expect(page.getByRole('textbox', { name: 'Find in the document' })).toBeFocused();
    await press(page, 'Control+a');
    await person.words('word');
    await person.click(page.getByRole('textbox', { name: 'Replace with' }));
    await person.words('idea');
    await person.click(page.getByRole('button', { name: 'Replace all' }));
    await expect(editor(page).getByText('one idea and another idea')).toBeVisible();
  });
  await page.getByRole('textbox', { name: 'Find in the document' }).press('Escape');

  await editor(page).getByText('one idea and another idea').click();
  await press(page, 'End', 'Enter');
  await page.keyboard.type('A head');
  await task(page, 'make a line a heading', async (person) => {
    await person.key('Control+Alt+2');
    await expect(editor(page).locator('h2')).toHaveText('A head');
  });
  await task(page, 'move a block up', async (person) => {
    await person.key('Alt+Shift+ArrowUp');
    await expect(editor(page).locator('h2 + p')).toHaveText('one idea and another idea');
  });
  await editor(page).getByText('one idea and another idea').click();
  await press(page, 'End', 'Control+Shift+ArrowLeft');
  await task(page, 'link selected words', async (person) => {
    await person.key('Control+k');
    await expect(page.getByTestId('link-address')).toBeFocused();
    await person.words('https://example.org/idea');
    await person.key('Enter');
    await expect(editor(page).getByRole('link', { name: 'idea' })).toBeVisible();
  });
  await press(page, 'End', 'Enter');
  await task(page, "put in tomorrow's date", async (person) => {
    await person.words('@tomorrow');
    await expect(page.getByTestId('mention-menu')).toBeVisible();
    await person.key('Enter');
    await expect(editor(page).locator('time')).toHaveCount(1);
  });
  await press(page, 'End', 'Enter');
  await task(page, 'begin a list of tasks from the menu', async (person) => {
    await person.words('/task');
    await expect(page.getByTestId('slash-menu').getByRole('option').first()).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await person.key('Enter');
    await expect(editor(page).locator('[data-type=taskList]')).toHaveCount(1);
  });
  await saved(page);

  const writer = peer(site, 'tasks');
  await expect.poll(() => blockCount(writer.doc)).toBeGreaterThan(1);
  insertBlocks(
    writer.doc,
    1,
    Array.from({ length: 80 }, (_, at) => `Line ${at}`),
  );
  await expect.poll(() => writer.provider.unsyncedChanges).toBe(0);
  writer.close();
  const friend = await visit(path, { name: 'Ben' });
  await editor(friend).getByText('Line 70', { exact: true }).click();
  await task(page, 'follow a person', async (person) => {
    await person.click(page.getByRole('button', { name: 'Follow Ben' }));
    await expect(editor(page).getByText('Line 70', { exact: true })).toBeInViewport();
  });
});
