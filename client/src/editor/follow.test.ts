import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import * as Y from 'yjs';
import { TestPage } from './binding/test-page.ts';
import { withoutIcons } from './commands/icons-for-tests.ts';
import type { TestEditor } from './commands/test-editor.ts';
import { whenPlaceChanges, whileThere } from './follow.ts';

const CONTENT = '# Title\n\nSome words.\n\n- one\n- two\n';
withoutIcons();
const editors = await import('./commands/test-editor.ts');

/** An editor with its caret behind "Some", and how often a bar would have been told since. */
function opened() {
  const first = new TestPage(1);
  const { content } = readMarkdown(first.state.schema, CONTENT);
  first.dispatch(first.state.tr.replaceWith(0, first.state.doc.content.size, content));
  const update = Y.encodeStateAsUpdate(first.doc);
  const editor = new editors.TestEditor(2, update);
  const other = new editors.TestEditor(3, update);
  // Behind the first letter there is something to undo.
  editor.select(13);
  editor.editor.view.dispatch(editor.state.tr.insertText('!'));
  let told = 0;
  const target = {
    ...editor.target,
    get canUndo() {
      return editor.bound.undo.canUndo;
    },
    get canRedo() {
      return editor.bound.undo.canRedo;
    },
  };
  const end = whenPlaceChanges(target, () => (told += 1));
  const send = (change: (by: TestEditor) => void) => {
    change(other);
    editor.receive(Y.encodeStateAsUpdate(other.doc));
  };
  const telling = (change: () => void) => {
    const known = told;
    change();
    return told > known;
  };
  return { editor, send, telling, end };
}

const write = ({ editor: { view, state } }: TestEditor, text: string, at?: number) =>
  view.dispatch(at === undefined ? state.tr.insertText(text) : state.tr.insertText(text, at));

test('a bar is not told of letters at the caret, nor of what others write in other texts', () => {
  const { editor, send, telling } = opened();
  assert.equal(
    telling(() => write(editor, 'letters')),
    false,
  );
  assert.equal(
    telling(() => send((other) => write(other, 'Another ', 1))),
    false,
  );
  assert.equal(
    telling(() => editor.select(editor.state.selection.from - 1)),
    false,
  );
});

test('it is told where the caret comes into another block or other formatting, or something is selected', () => {
  const { editor, telling } = opened();
  assert.equal(
    telling(() => editor.select(3)),
    true,
  );
  assert.equal(
    telling(() => editor.select(13)),
    true,
  );
  assert.equal(
    telling(() => editor.select(10, 13)),
    true,
  );
  assert.equal(
    telling(() => editor.select(13)),
    true,
  );
  const { schema } = editor.state;
  const bold = schema.marks['bold']?.create();
  assert.ok(bold);
  assert.equal(
    telling(() => editor.editor.view.dispatch(editor.state.tr.addStoredMark(bold))),
    true,
  );
});

test('it is told of what is more than letters, wherever that is, and whoever did it', () => {
  const { send, telling } = opened();
  assert.equal(
    telling(() =>
      send(({ editor: { view, state } }) =>
        view.dispatch(state.tr.setNodeMarkup(7, state.schema.nodes['heading'], { level: 2 })),
      ),
    ),
    true,
  );
  assert.equal(
    telling(() => send(({ editor: { view, state } }) => view.dispatch(state.tr.split(4)))),
    true,
  );
  // Behind the caret, which stays in the same block at the same number.
  assert.equal(
    telling(() =>
      send(({ editor: { view, state } }) => view.dispatch(state.tr.split(state.doc.content.size - 4))),
    ),
    true,
  );
});

test('it is told when there is something to undo or to redo, and is not any more', () => {
  const { editor, telling } = opened();
  assert.equal(
    telling(() => editor.bound.undo.undo()),
    true,
  );
  assert.equal(
    telling(() => write(editor, 'x')),
    true,
  );
  assert.equal(
    telling(() => write(editor, 'y')),
    false,
  );
});

test('it is told of nothing when it has left', () => {
  const { editor, telling, end } = opened();
  end();
  assert.equal(
    telling(() => editor.select(3)),
    false,
  );
});

test('what is there at times is told of while it is, and when it goes', () => {
  const { editor, send } = opened();
  let told = 0;
  const end = whileThere(
    editor.editor,
    ({ selection }) => !selection.empty,
    () => (told += 1),
  );
  const telling = (change: () => void) => {
    const known = told;
    change();
    return told > known;
  };
  const letter = () => write(editor, 'e');
  assert.equal(telling(letter), false);
  assert.equal(
    telling(() => editor.select(9, 12)),
    true,
  );
  assert.equal(
    telling(() => send((other) => write(other, 'Another ', 1))),
    true,
  );
  assert.equal(telling(letter), true);
  assert.equal(telling(letter), false);
  end();
  editor.select(9, 12);
  assert.equal(telling(letter), false);
});
