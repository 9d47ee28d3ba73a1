import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf } from '@sheaf/schema';
import { NodeSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { editorOf, pressed, shown } from './container/test-keys.ts';
import { placeOf } from './commands/test-words.ts';
import { TestPage } from './binding/test-page.ts';

const NUMBERED = '1. one\n2. two\n3. three';

test('a list that Backspace cut in two is one again when what stands between is joined to it', () => {
  assert.equal(pressed(NUMBERED, 'two', 'Backspace'), '1. one\n\n|two\n\n1. three');
  assert.equal(pressed(NUMBERED, 'two', 'Backspace', 'Backspace'), '1. one|two\n2. three');
  assert.equal(pressed('- one\n- two\n- three', 'two', 'Backspace', 'Backspace'), '- one|two\n- three');
  assert.equal(
    pressed('- [x] one\n- [ ] two\n- [x] three', 'two', 'Backspace', 'Backspace'),
    '- [x] one|two\n- [x] three',
  );
  assert.equal(
    pressed('- one\n  - deep\n- two\n- three', 'two', 'Backspace', 'Backspace'),
    '- one\n  - deep|two\n- three',
  );
  // Numbers go on from those with which the list begins.
  assert.equal(pressed('4. one\n5. two\n6. three', 'two', 'Backspace', 'Backspace'), '4. one|two\n5. three');
  assert.equal(
    pressed('> 1. one\n> 2. two\n> 3. three', 'two', 'Backspace', 'Backspace'),
    '> 1. one|two\n> 2. three',
  );
});

test('an item begun by Enter and taken back leaves one list', () => {
  const editor = editorOf(NUMBERED);
  editor.select(placeOf(editor.state.doc, 'one') + 3);
  for (const key of ['Enter', 'Backspace', 'Backspace']) assert.ok(editor.press(key));
  assert.equal(shown(editor), '1. one|\n2. two\n3. three');
});

test('lists are one when the paragraph between them is deleted', () => {
  const between = '1. one\n\nmiddle\n\n7. two';
  assert.equal(pressed(between, 'middle', 'Backspace'), '1. one|middle\n2. two');
  const editor = editorOf(between);
  const { doc, tr } = editor.state;
  editor.editor.view.dispatch(tr.setSelection(NodeSelection.create(doc, placeOf(doc, 'middle') - 1)));
  editor.editor.commands.deleteSelection();
  assert.equal(shown(editor).replace('|', ''), '1. one\n2. two');
  // An empty one by Delete before it.
  editor.editor.commands.undo();
  const middle = placeOf(editor.state.doc, 'middle');
  editor.editor.view.dispatch(editor.state.tr.delete(middle, middle + 6));
  editor.select(placeOf(editor.state.doc, 'one') + 3);
  assert.ok(editor.press('Delete'));
  assert.equal(shown(editor), '1. one|\n2. two');
});

test('lists stay apart that others have put so, that count in another way, or of another kind', () => {
  const editor = editorOf('1. one\n2. two\n\n1) three\n2) four');
  const apart = () => blocksOf(editor.state.doc).filter(({ frame }) => frame.apart).length;
  assert.equal(apart(), 1);
  const two = placeOf(editor.state.doc, 'two');
  editor.select(two, two + 3);
  editor.editor.commands.deleteSelection();
  assert.equal(apart(), 1);
  for (const key of ['Enter', 'Enter']) assert.ok(editor.press(key), key);
  assert.equal(apart(), 0);
  editor.editor.commands.undo();
  assert.equal(apart(), 1);
  // A list that is put in is told apart from the ones beside it.
  const { doc, tr } = editor.state;
  const list = editorOf('1. five').state.doc.child(1).toJSON() as unknown;
  const at = placeOf(doc, 'two') - 1 + 5 + 2;
  editor.editor.view.dispatch(tr.insert(at, doc.type.schema.nodeFromJSON(list)));
  assert.equal(apart(), 2);
  assert.equal(pressed('1. one\n\nmiddle\n\n- two', 'middle', 'Backspace'), '1. one|middle\n\n- two');
});

test('FLOW-8: what another types in what is joined to a list, and in the list behind it, is there once', () => {
  for (const ids of [
    [10, 20],
    [20, 10],
  ] as const) {
    const editor = editorOf('1. one\n\nmiddle\n\n7. two', ids[0]);
    const other = new TestPage(ids[1], Y.encodeStateAsUpdate(editor.doc));
    editor.select(placeOf(editor.state.doc, 'middle'));
    assert.ok(editor.press('Backspace'));
    for (const word of ['one', 'middle', 'two'])
      other.dispatch(other.state.tr.insertText('X', placeOf(other.state.doc, word) + 2));
    editor.receive(Y.encodeStateAsUpdate(other.doc));
    assert.equal(shown(editor).replace('|', ''), '1. onXemiXddle\n2. twXo');
  }
});
