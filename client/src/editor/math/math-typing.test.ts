import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import { withoutIcons } from '../commands/icons-for-tests.ts';
import type { TestEditor } from '../commands/test-editor.ts';

withoutIcons();
const editors = await import('../commands/test-editor.ts');

/** Types one letter after the other, each of which a rule may take. */
async function type({ editor: { view } }: TestEditor, words: string): Promise<void> {
  for (const letter of words) {
    const { from, to } = view.state.selection;
    const insert = () => view.state.tr.insertText(letter);
    const taken = view.state.plugins.some(
      (plugin) => plugin.props.handleTextInput?.call(plugin, view, from, to, letter, insert) === true,
    );
    if (!taken) view.dispatch(insert());
    // What a key does is over before the next one.
    await Promise.resolve();
  }
}

/** An editor of a document whose one paragraph, with the caret at its end, says `so`. */
function opened(): TestEditor {
  const page = new TestPage(1);
  const { tr, schema, doc } = page.state;
  page.dispatch(tr.replaceWith(0, doc.content.size, readMarkdown(schema, '# Title\n\nso').content));
  const editor = new editors.TestEditor(3, Y.encodeStateAsUpdate(page.doc));
  editor.select(editor.state.doc.content.size - 1);
  return editor;
}

test('undo of words with a formula in them leaves what was typed before and behind them', async () => {
  const editor = opened();
  const shown = () => writeMarkdown(editor.state.doc).trim();
  await type(editor, ' it is');
  const { content } = readMarkdown(editor.state.schema, 'x $y$ z').child(0);
  editor.editor.view.dispatch(editor.state.tr.insert(editor.state.selection.from, content));
  await Promise.resolve();
  await type(editor, ' and');
  for (const left of [' it isx $y$ z', ' it is', '']) {
    editor.bound.undo.undo();
    assert.equal(shown(), `# Title\n\nso${left}`);
  }
  editor.destroy();
});

test('MATH-1: undo of a typed formula brings back its source, and leaves the words before and behind it', async () => {
  const editor = opened();
  const shown = () => writeMarkdown(editor.state.doc).trim();
  await type(editor, ' it is $$x$$');
  await type(editor, ' and');
  assert.equal(shown(), '# Title\n\nso it is $x$ and');
  editor.bound.undo.undo();
  assert.equal(shown(), '# Title\n\nso it is $x$');
  editor.bound.undo.undo();
  assert.match(editor.state.doc.textContent, /so it is \$\$x/);
  editor.bound.undo.undo();
  assert.equal(shown(), '# Title\n\nso');
  editor.destroy();
});
