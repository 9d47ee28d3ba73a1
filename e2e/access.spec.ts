import { SheafError } from '@sheaf/server';
import type { Access, Role } from '@sheaf/server';
import { addBlock, addTable } from './everything.ts';
import {
  documentPath,
  editor,
  expect,
  peer,
  press,
  saveState,
  saved,
  test,
  title,
  textOf,
  violations,
} from './site.ts';

/** Gives everybody the same right, which a story changes as it goes. */
class Door implements Access {
  role: Role | 'none' = 'write';

  authorize() {
    if (this.role === 'none') return Promise.reject(new SheafError('forbidden', 'Not yours.'));
    return Promise.resolve({ principal: { id: '', name: '' }, role: this.role, expires: Infinity });
  }
}

const door = new Door();
test.use({ server: { access: door } });
test.beforeEach(() => {
  door.role = 'write';
});

test('who may only read sees what others write, and is told', async ({ visit, site }) => {
  const writer = await visit(documentPath('shared'));
  await title(writer).click();
  await writer.keyboard.type('For');
  await saved(writer);
  door.role = 'read';
  const reader = await visit(documentPath('shared'));
  await expect(saveState(reader)).toHaveAttribute('data-state', 'read-only');
  await expect(saveState(reader)).toHaveText('Read only');
  await expect(editor(reader)).toHaveAttribute('contenteditable', 'false');
  await expect(reader.getByTestId('format-bold')).toHaveAttribute('aria-disabled', 'true');
  await writer.keyboard.type(' all');
  await expect(title(reader)).toHaveText('For all');
  await title(reader).click();
  await reader.keyboard.type('no');
  await expect(title(reader)).toHaveText('For all');
  const observer = peer(site, 'shared');
  await expect.poll(() => textOf(observer.doc)).toContain('For all');
  observer.close();
});

test('WAYS-13: who may only read is told of what kind a callout is, and is offered no choice', async ({
  visit,
}) => {
  const writer = await visit(documentPath('callout'));
  await title(writer).click();
  await press(writer, 'Enter', 'Control+Alt+o');
  await writer.keyboard.type('Mind the gap');
  const choice = writer.getByRole('combobox', { name: 'Kind of callout' });
  await choice.selectOption('Warning');
  await saved(writer);
  door.role = 'read';
  const reader = await visit(documentPath('callout'));
  const told = reader.getByRole('combobox', { name: 'Kind of callout' });
  await expect(told).toBeDisabled();
  await expect(told).toHaveValue('warning');
  await expect(choice).toBeEnabled();
  await choice.selectOption('Caution');
  await expect(told).toHaveValue('danger');
  expect(await violations(reader)).toEqual([]);
});

test('FLOW-20: who may only read opens and closes a toggle by keyboard', async ({ visit }) => {
  const writer = await visit(documentPath('toggles'));
  await title(writer).click();
  await press(writer, 'Enter', 'Control+Alt+g');
  await writer.keyboard.type('Question');
  await press(writer, 'Enter');
  await writer.keyboard.type('Answer');
  await saved(writer);
  await expect(writer.getByTestId('toggle')).toHaveAttribute('tabindex', '-1');
  door.role = 'read';
  const reader = await visit(documentPath('toggles'));
  const answer = editor(reader).getByText('Answer');
  await expect(answer).toBeVisible();
  await expect(saveState(reader)).toHaveAttribute('data-state', 'read-only');
  const toggle = reader.getByTestId('toggle');
  await reader.getByTestId('document-menu').focus();
  for (let stop = 0; stop < 8; stop += 1) {
    if (await toggle.evaluate((element) => element === document.activeElement)) break;
    await press(reader, 'Tab');
  }
  await expect(toggle).toBeFocused();
  await press(reader, 'Enter');
  await expect(answer).toBeHidden();
  await press(reader, 'Space');
  await expect(answer).toBeVisible();
});

test('who may only read scrolls a wide table by keyboard', async ({ visit, site }) => {
  const writer = peer(site, 'read table');
  await expect.poll(() => writer.provider.synced).toBe(true);
  const columns = Array.from({ length: 12 }, (_, at) => `c${String(at)}`);
  writer.doc.transact(() => {
    const flow = writer.doc.getText('content');
    addBlock(flow, { kind: 'heading', level: 1 }, 'Stock');
    addTable(flow, {
      columns: columns.map((id) => ({ id, width: 200 })),
      rows: [{ id: 'r', header: true }],
      cells: columns.map((column) => [{ row: 'r', column }, column]),
    });
  });
  await expect.poll(() => writer.provider.unsyncedChanges).toBe(0);
  door.role = 'read';
  const reader = await visit(documentPath('read table'));
  await expect(saveState(reader)).toHaveAttribute('data-state', 'read-only');
  const box = editor(reader).locator('.tableWrapper');
  await expect(box).toBeVisible();
  expect(await violations(reader)).toEqual([]);
  await reader.getByTestId('document-menu').focus();
  for (let stop = 0; stop < 8; stop += 1) {
    if (await box.evaluate((element) => element === document.activeElement)) break;
    await press(reader, 'Tab');
  }
  await expect(box).toBeFocused();
  await press(reader, 'ArrowRight', 'ArrowRight');
  await expect.poll(() => box.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
  // Who may write again goes through it by the caret.
  door.role = 'write';
  await reader.reload();
  await expect(editor(reader)).toHaveAttribute('contenteditable', 'true');
  await expect(box).not.toHaveAttribute('tabindex');
  writer.close();
});

test('who has no access is told, and not left waiting', async ({ visit }) => {
  door.role = 'none';
  const page = await visit(documentPath('secret'));
  await expect(page.getByRole('alert')).toContainText('You have no access here');
  await expect(saveState(page)).toHaveText('No access');
  door.role = 'write';
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(editor(page)).toBeVisible();
});
