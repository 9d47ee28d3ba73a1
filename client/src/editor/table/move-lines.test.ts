import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextSelection } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import { TestPage } from '../binding/test-page.ts';
import { at, endOf, NINE, shown } from '../binding/test-table.ts';
import { TABLE_COMMANDS } from './commands.ts';

test('the caret goes along with a row or column that is moved, and stays where it was in its cell', () => {
  for (const [command, lines] of [
    ['rowUp', ['before', 'a2|b2|c2', 'a1|b1|c1', 'a3|b3|c3', 'behind']],
    ['rowDown', ['before', 'a1|b1|c1', 'a3|b3|c3', 'a2|b2|c2', 'behind']],
    ['columnBack', ['before', 'b1|a1|c1', 'b2|a2|c2', 'b3|a3|c3', 'behind']],
    ['columnOn', ['before', 'a1|c1|b1', 'a2|c2|b2', 'a3|c3|b3', 'behind']],
  ] as const) {
    const page = new TestPage(3, NINE);
    at(page, 'b2', TABLE_COMMANDS[command]);
    assert.deepEqual(shown(page), lines);
    assert.ok(page.state.selection instanceof TextSelection);
    assert.equal(page.state.selection.head, endOf(page, 'b2'), command);
  }
});

test('rows and columns that are selected stay so when they are moved', () => {
  const page = new TestPage(3, NINE);
  const selected = () => {
    const { selection } = page.state;
    assert.ok(selection instanceof CellSelection);
    const words: string[] = [];
    selection.forEachCell(({ textContent }) => words.push(textContent));
    return words.join();
  };
  at(page, ['a2', 'c3'], TABLE_COMMANDS.rowUp);
  assert.deepEqual(shown(page), ['before', 'a2|b2|c2', 'a3|b3|c3', 'a1|b1|c1', 'behind']);
  assert.equal(selected(), 'a2,b2,c2,a3,b3,c3');
  assert.ok(page.run(TABLE_COMMANDS.rowDown));
  assert.equal(selected(), 'a2,b2,c2,a3,b3,c3');
  at(page, ['a1', 'b3'], TABLE_COMMANDS.columnOn);
  assert.deepEqual(shown(page), ['before', 'c1|a1|b1', 'c2|a2|b2', 'c3|a3|b3', 'behind']);
  assert.equal(selected(), 'a1,b1,a2,b2,a3,b3');
});
