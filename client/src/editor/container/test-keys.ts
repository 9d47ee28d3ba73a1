import assert from 'node:assert/strict';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import type { CommandId } from '../commands/command.ts';
import { withoutIcons } from '../commands/icons-for-tests.ts';
import type { TestEditor } from '../commands/test-editor.ts';

withoutIcons();
const { COMMANDS } = await import('../commands/all.ts');
const editors = await import('../commands/test-editor.ts');
const { placeOf } = await import('../commands/test-words.ts');

/** An editor of a document of Markdown behind a title. */
export function editorOf(markdown: string, clientId = 3): TestEditor {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, `# Title\n\n${markdown}\n`);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  return new editors.TestEditor(clientId, Y.encodeStateAsUpdate(page.doc));
}

/** A toggle that shows some words, and what it holds below them, in Markdown. */
export function toggle(shows: string, holds: string): string {
  return ['<details>', '<summary>', shows, '</summary>', holds, '</details>']
    .filter((line) => line !== '')
    .join('\n\n')
    .replace('<details>\n\n', '<details>\n');
}

/** The document, with a bar where the caret is. */
export function shown({ state }: TestEditor): string {
  const { doc } = state.tr.insertText('|');
  return writeMarkdown(doc).replace('# Title', '').replaceAll('\\|', '|').trim();
}

/** Runs an entry of the list of commands; gives whether it could be run. */
export function run({ target }: TestEditor, id: CommandId): boolean {
  const command = COMMANDS.find((one) => one.id === id);
  if (command?.able(target) !== true) return false;
  command.run(target);
  return true;
}

/** What becomes of a document when something is done with the caret before some words; undo brings it back. */
export function done(markdown: string, words: string, deed: (editor: TestEditor) => void): string {
  const editor = editorOf(markdown);
  editor.select(placeOf(editor.state.doc, words));
  const before = shown(editor);
  deed(editor);
  const after = shown(editor);
  editor.state.doc.check();
  // As somebody sees it who comes now.
  const fresh = new TestPage(99, Y.encodeStateAsUpdate(editor.doc));
  assert.deepEqual(fresh.state.doc.toJSON(), editor.state.doc.toJSON());
  editor.editor.commands.undo();
  assert.equal(shown(editor), before);
  return after;
}

/** {@link done} by keys, each of which does something. */
export function pressed(markdown: string, words: string, ...keys: readonly string[]): string {
  return done(markdown, words, (editor) => {
    for (const key of keys) assert.ok(editor.press(key), key);
  });
}

/** {@link done} by a command. */
export function ran(markdown: string, words: string, id: CommandId): string {
  return done(markdown, words, (editor) => assert.ok(run(editor, id), id));
}
