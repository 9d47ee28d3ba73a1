import assert from 'node:assert/strict';
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
export function editorOf(markdown: string, clientId = 3): TestEditor {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, `# Title\n\n${markdown}\n`);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  return new editors.TestEditor(clientId, Y.encodeStateAsUpdate(page.doc));
}

/** The document, with a bar where the caret is. */
export function shown({ state }: TestEditor): string {
  const { doc } = state.tr.insertText('|');
  return writeMarkdown(doc).replace('# Title', '').replaceAll('\\|', '|').trim();
}

/** What becomes of a document when keys are pressed with the caret before some words; undo brings it back. */
export function pressed(markdown: string, words: string, ...keys: readonly string[]): string {
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
