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
const { placeOf } = await import('../commands/test-words.ts');

/** An editor of a document of Markdown behind a title. */
function editorOf(markdown: string): TestEditor {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, `# Title\n\n${markdown}\n`);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  return new editors.TestEditor(3, Y.encodeStateAsUpdate(page.doc));
}

/** The document, with a bar where the caret is. */
function shown({ state }: TestEditor): string {
  const { doc } = state.tr.insertText('|');
  return writeMarkdown(doc).replace('# Title', '').replaceAll('\\|', '|').trim();
}

/** What becomes of a document when keys are pressed with the caret before some words; undo brings it back. */
function pressed(markdown: string, words: string, ...keys: readonly string[]): string {
  const editor = editorOf(markdown);
  editor.select(placeOf(editor.state.doc, words));
  const before = shown(editor);
  for (const key of keys) assert.ok(editor.press(key), key);
  const after = shown(editor);
  // As somebody sees it who comes now.
  const fresh = new TestPage(99, Y.encodeStateAsUpdate(editor.doc));
  assert.deepEqual(fresh.state.doc.toJSON(), editor.state.doc.toJSON());
  editor.editor.commands.undo();
  assert.equal(shown(editor), before);
  return after;
}

test('Backspace behind a quote goes on in its words, and the caret stays before those that came', () => {
  assert.equal(pressed('> quo te\n\nomega end', 'omega', 'Backspace'), '> quo te|omega end');
  assert.equal(pressed('> quo te\n\n## omega end', 'omega', 'Backspace'), '> quo te|omega end');
  assert.equal(pressed('> - quo te\n\nomega end', 'omega', 'Backspace'), '> - quo te|omega end');
  // What a divider stood between as well.
  assert.equal(pressed('> quo te\n\n---\n\nomega', 'omega', 'Backspace', 'Backspace'), '> quo te|omega');
});

test('Backspace between the paragraphs of a quote joins them, as in a callout', () => {
  for (const first of ['', '[!NOTE]\n>\n> '])
    assert.equal(
      pressed(`> ${first}one\n>\n> two\n>\n> three`, 'two', 'Backspace'),
      `> ${first}one|two\n>\n> three`,
    );
});
