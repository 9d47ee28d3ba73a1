import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { CONTENT_FIELD, documentSchema } from '@sheaf/schema';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import { Selection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { en } from '../../words/en.ts';
import { importFile } from './import-file.ts';
import { IMPORT_BYTES, readImported } from './read-file.ts';

// Icons are components, which only a build can read.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('@lucide/svelte')
      ? { url: 'data:text/javascript,export default null', shortCircuit: true }
      : next(specifier, context),
});
const { TestEditor } = await import('../commands/test-editor.ts');

const schema = documentSchema();
const utf8 = (text: string) => new TextEncoder().encode(text);

function read(name: string, bytes: Uint8Array): string | null {
  const found = readImported(schema, name, bytes);
  return found && writeMarkdown(found);
}

test('IMPORT-1: a file is read by its ending, in the encoding that it tells', () => {
  assert.equal(read('plan.md', utf8('# Plan\n\n- one')), '# Plan\n\n- one\n');
  assert.equal(read('PLAN.MARKDOWN', utf8('**b**')), '**b**\n');
  assert.equal(read('page.html', utf8('<h1>Plan</h1><script>bad()</script><p>ö')), '# Plan\n\nö\n');
  assert.equal(read('page.htm', utf8('<p>x')), 'x\n');
  const latin = Uint8Array.from([...utf8('<meta charset="windows-1252"><p>f'), 0xfc, ...utf8('r')]);
  assert.equal(read('word.html', latin), 'für\n');
  const wide = Uint8Array.from([0xff, 0xfe, ...[...'# ü'].flatMap((sign) => [sign.charCodeAt(0), 0])]);
  assert.equal(read('wide.md', wide), '# ü\n');
  assert.equal(read('marked.md', utf8('\ufeff# One')), '# One\n');
});

test('IMPORT-3: what is no text, or of another kind, is refused', () => {
  assert.equal(read('plan.docx', utf8('# Plan')), null);
  assert.equal(read('plan.md', Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0xff])), null);
  assert.equal(read('plan.md', utf8('a\0b')), null);
  assert.equal(read('page.html', utf8('<meta charset="nobody-knows"><p>x')), null);
});

/** An editor of a document whose blocks are these paragraphs, and what is said to its person. */
function opened(...paragraphs: string[]) {
  const editor = new TestEditor(1, Y.encodeStateAsUpdate(new Y.Doc()));
  const said: string[] = [];
  const { state } = editor;
  const nodes = paragraphs.map((text) => state.schema.node('paragraph', null, state.schema.text(text)));
  const view = editor.editor.view;
  if (nodes.length > 0) view.dispatch(state.tr.replaceWith(0, state.doc.content.size, nodes));
  const put = (name: string, text: string | Uint8Array<ArrayBuffer>, at = editor.state.selection.to) => {
    const { binding } = editor.bound;
    return importFile(view, new File([text], name), {
      words: en.importing,
      locale: 'en',
      binding: () => binding,
      onsay: (words) => said.push(words),
      anchor: binding.anchor({ anchor: at, head: at }).anchor,
    });
  };
  return { editor, said, put, text: () => writeMarkdown(editor.state.doc) };
}

test('IMPORT-2: an empty document becomes what the file holds; one step of undo takes it back', async () => {
  const { editor, said, put, text } = opened();
  await put('plan.md', '# Plan\n\nsee[^1]\n\n| a | b |\n| --- | --- |\n| c | d |\n\n[^1]: the note');
  assert.match(text(), /^# Plan\n\nsee\[\^1\]\n\n\| a \| b \|[^]*\n\[\^1\]: the note\n$/);
  assert.deepEqual(said, ['plan.md imported']);
  const content = editor.doc.getText(CONTENT_FIELD).length;
  assert.ok(content > 0);
  editor.bound.undo.undo();
  assert.equal(editor.state.doc.textContent, '');
  assert.equal(editor.bound.undo.canUndo, false);
  editor.bound.undo.redo();
  assert.match(text(), /the note/);
  editor.destroy();
});

test('IMPORT-2: in a document it comes behind the block with the caret, wherever that is by then, notes behind everything', async () => {
  const { editor, said, put, text } = opened('one', 'two', 'three');
  const after = Selection.near(editor.state.doc.resolve(7)).to;
  const coming = put('more.html', '<h2>More</h2><ul><li>x</ul>', after);
  // Another writes before it meanwhile.
  editor.editor.view.dispatch(editor.state.tr.insertText('zero and ', 1));
  await coming;
  assert.equal(text(), 'zero and one\n\ntwo\n\n## More\n\n- x\n\nthree\n');
  await put('noted.md', 'a[^1]\n\n[^1]: first', editor.state.doc.content.size);
  // The caret is in the note: what it gets stands before all notes from the first.
  const { view } = editor.editor;
  const { dispatch } = view;
  const shown: string[][] = [];
  view.dispatch = (transaction) => {
    shown.push(transaction.doc.children.slice(-3).map(({ type }) => type.name));
    dispatch.call(view, transaction);
  };
  await put('again.md', 'b[^1]\n\n[^1]: second', editor.state.doc.content.size - 2);
  view.dispatch = dispatch;
  assert.deepEqual(shown, [['paragraph', 'footnote', 'footnote']]);
  assert.match(text(), /three\n\na\[\^1\]\n\nb\[\^(\w{4,})\]\n\n\[\^1\]: first\n\n\[\^\1\]: second\n$/);
  assert.equal(said.length, 3);
  editor.bound.undo.undo();
  assert.match(text(), /three\n\na\[\^1\]\n\n\[\^1\]: first\n$/);
  editor.destroy();
});

test('IMPORT-3: what is refused is said, and writes nothing', async () => {
  const { editor, said, put } = opened('one');
  const before = editor.updates.length;
  await put('picture.md', Uint8Array.from([0x89, 0x50, 0x4e, 0x47]));
  await put('huge.md', 'x'.repeat(IMPORT_BYTES + 1));
  assert.deepEqual(said, ['picture.md holds no text that can be read', 'huge.md is too large: at most 4 MB']);
  assert.equal(editor.updates.length, before);
  editor.destroy();
});
