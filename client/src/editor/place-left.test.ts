import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteSelection } from '@tiptap/pm/commands';
import { NodeSelection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { TestPage } from './binding/test-page.ts';
import { placeOf } from './commands/test-words.ts';
import type { TestEditor } from './commands/test-editor.ts';
import { editorOf, shown } from './container/test-keys.ts';
import { TABLE_COMMANDS } from './table/commands.ts';

const { deleteBlocks } = await import('./block/block-commands.ts');

const RULE = '---';
const between = (...blocks: string[]) => blocks.join('\n\n');

/** Selects the divider that stands behind so many others. */
function selectRule(editor: TestEditor, index: number): void {
  const places: number[] = [];
  editor.state.doc.descendants((node, pos) => {
    if (node.type.name === 'horizontalRule') places.push(pos);
  });
  const selection = NodeSelection.create(editor.state.doc, places[index] ?? -1);
  editor.editor.view.dispatch(editor.state.tr.setSelection(selection));
}

function run(editor: TestEditor, command: Command): void {
  assert.ok(command(editor.state, editor.editor.view.dispatch));
}

/** What one has who deletes such a divider, and types on. */
function typedBehind(markdown: string, index: number): string {
  const editor = editorOf(markdown);
  selectRule(editor, index);
  run(editor, deleteSelection);
  return shown(editor);
}

test('WAYS-14: who deletes an image, a divider or the like, and types on, replaces no other one', () => {
  assert.equal(typedBehind(between('one', RULE, RULE, 'two'), 0), between('one|', RULE, 'two'));
  assert.equal(
    typedBehind(between('one', RULE, RULE, RULE, 'two'), 1),
    between('one', RULE, '|', RULE, 'two'),
  );
  assert.equal(typedBehind(between('one', RULE, RULE), 1), between('one', RULE, '|'));
  // Where text follows, the caret is in that, as before.
  assert.equal(typedBehind(between('one', RULE, RULE, 'two'), 1), between('one', RULE, '|two'));
  assert.equal(typedBehind(between('one', RULE, '- item'), 0), between('one', '- |item'));
});

test('WAYS-14: so it is where somebody else deletes what one has selected', () => {
  const editor = editorOf(between('one', RULE, RULE, 'two'));
  const other = new TestPage(5, Y.encodeStateAsUpdate(editor.doc));
  selectRule(editor, 0);
  const at = placeOf(other.state.doc, 'one');
  other.dispatch(other.state.tr.delete(at + 4, at + 5));
  editor.receive(Y.encodeStateAsUpdate(other.doc));
  assert.equal(shown(editor), between('one|', RULE, 'two'));
});

test('WAYS-14: a block, or a table, that is deleted by a menu leaves the caret where it stood', () => {
  for (const [block, command] of [
    ['middle', deleteBlocks],
    ['| middle |\n| --- |\n| x |', TABLE_COMMANDS.deleteTable],
  ] as const) {
    const editor = editorOf(between('one', RULE, block, RULE, 'two'));
    editor.select(placeOf(editor.state.doc, 'middle') + 2);
    run(editor, command);
    assert.equal(shown(editor), between('one', RULE, '|', RULE, 'two'));
  }
});

test('WAYS-14: what was chosen stays so', () => {
  // An empty line between two goes by Backspace, and the one before is selected.
  const editor = editorOf(between('one', RULE, '&nbsp;', RULE, 'two'));
  editor.select(placeOf(editor.state.doc, 'one') + 6);
  assert.equal(editor.state.selection.$from.parent.content.size, 0);
  assert.ok(editor.press('Backspace'));
  assert.ok(editor.state.selection instanceof NodeSelection);
  assert.equal(editor.state.selection.from, placeOf(editor.state.doc, 'one') + 4);
});
