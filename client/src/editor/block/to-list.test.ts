import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { editorOf, run, shown } from '../container/test-keys.ts';
import type { CommandId } from '../commands/command.ts';
import { placeOf } from '../commands/test-words.ts';
import { TestPage } from '../binding/test-page.ts';

/** What becomes of a document by a command on what is selected from some words to others; undo brings it back. */
function made(markdown: string, [first, last]: readonly [string, string], id: CommandId): string {
  const editor = editorOf(markdown);
  const select = () =>
    editor.select(placeOf(editor.state.doc, first), placeOf(editor.state.doc, last) + last.length);
  select();
  assert.ok(run(editor, id));
  editor.state.doc.check();
  assert.equal(editor.state.selection.from, placeOf(editor.state.doc, first));
  editor.select(placeOf(editor.state.doc, first));
  const after = shown(editor).replace('|', '');
  const fresh = new TestPage(99, Y.encodeStateAsUpdate(editor.doc));
  assert.deepEqual(fresh.state.doc.toJSON(), editor.state.doc.toJSON());
  editor.editor.commands.undo();
  editor.select(placeOf(editor.state.doc, first));
  assert.equal(shown(editor).replace('|', ''), markdown);
  return after;
}

const MIXED = 'one\n\n- two\n  - deep\n- three\n\nfour';

test('a list made of items and of what stands beside them is one, and all keep their levels', () => {
  assert.equal(made(MIXED, ['one', 'four'], 'bullet-list'), '- one\n- two\n  - deep\n- three\n- four');
  assert.equal(made(MIXED, ['one', 'two'], 'bullet-list'), '- one\n- two\n  - deep\n- three\n\nfour');
  assert.equal(
    made(MIXED, ['three', 'four'], 'ordered-list'),
    '- two\n  - deep\n\n1. three\n2. four'.replace(/^/, 'one\n\n'),
  );
  assert.equal(
    made(MIXED, ['one', 'four'], 'task-list'),
    '- [ ] one\n- [ ] two\n  - [ ] deep\n- [ ] three\n- [ ] four',
  );
  assert.equal(made('## one\n\n- two', ['one', 'two'], 'bullet-list'), '- one\n- two');
  // What is no text stays what it is.
  assert.equal(
    made('one\n\n```\ncode\n```\n\n- two', ['one', 'two'], 'bullet-list'),
    '- one\n\n```\ncode\n```\n\n- two',
  );
});

test('a heading made of items and of what stands beside them takes the items out of their list', () => {
  assert.equal(made('one\n\n- two\n\nthree', ['one', 'three'], 'heading-2'), '## one\n\n## two\n\n## three');
  // What they stand in stays around them.
  assert.equal(made('> one\n>\n> - two', ['one', 'two'], 'heading-2'), '> ## one\n>\n> ## two');
});

test('the title is no item, also where it is selected with a list', () => {
  const editor = editorOf('one\n\n- two');
  editor.select(1, placeOf(editor.state.doc, 'two') + 3);
  assert.ok(run(editor, 'bullet-list'));
  assert.equal(editor.state.doc.firstChild?.type.name, 'heading');
  editor.select(placeOf(editor.state.doc, 'one'));
  assert.equal(shown(editor), '- |one\n- two');
});

test('items made tasks, or tasks other items, keep their levels, and what is counted behind them its numbers', () => {
  const numbered = '5. one\n6. two\n   - deep\n7. three\n8. four';
  assert.equal(
    made(numbered, ['two', 'two'], 'task-list'),
    '5. one\n\n- [ ] two\n  - deep\n\n7. three\n8. four',
  );
  assert.equal(
    made(numbered, ['two', 'three'], 'task-list'),
    '5. one\n\n- [ ] two\n  - [ ] deep\n- [ ] three\n\n8. four',
  );
  assert.equal(
    made('- [x] one\n  - [ ] deep\n- [ ] two', ['one', 'one'], 'bullet-list'),
    '- one\n  - [ ] deep\n\n* [ ] two',
  );
  assert.equal(
    made('zero\n\n1. one\n2. two\n3. three', ['zero', 'one'], 'bullet-list'),
    '- zero\n- one\n\n2. two\n3. three',
  );
});
