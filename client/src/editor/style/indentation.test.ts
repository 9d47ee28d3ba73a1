import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_INSET } from '@sheaf/schema';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import { withoutIcons } from '../commands/icons-for-tests.ts';

withoutIcons();
const { TestEditor } = await import('../commands/test-editor.ts');

/** An editor with a document, its caret before a word. */
function editorOf(markdown: string, word: string) {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, markdown);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  const editor = new TestEditor(2, Y.encodeStateAsUpdate(page.doc));
  const placeOf = (text: string) => {
    let place = -1;
    editor.state.doc.descendants((node, pos) => {
      const at = node.text?.indexOf(text) ?? -1;
      if (at >= 0) place = pos + at;
    });
    assert.ok(place >= 0, text);
    return place;
  };
  editor.select(placeOf(word));
  return { editor, placeOf, markdown: () => writeMarkdown(editor.state.doc) };
}

const indented = (steps: number, text: string) =>
  `<div data-inset="${String(steps)}">\n\n${text}\n\n</div>\n`;

test('MARK-6: a text goes in and out by steps, in bounds, and who hears the page is told how far', () => {
  const { editor, markdown } = editorOf('## alpha\n', 'alpha');
  for (let step = 1; step <= MOST_INSET; step += 1) assert.ok(editor.editor.commands.indent('in'));
  assert.equal(markdown(), indented(8, '## alpha'));
  assert.equal(editor.editor.commands.indent('in'), false);
  for (let step = 1; step <= MOST_INSET; step += 1) assert.ok(editor.editor.commands.indent('out'));
  assert.equal(markdown(), '## alpha\n');
  assert.equal(editor.editor.commands.indent('out'), false);
  assert.deepEqual(editor.said, [1, 2, 3, 4, 5, 6, 7, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test('MARK-6: whether something can be indented is asked without doing it, or saying so', () => {
  const { editor, markdown } = editorOf('alpha\n', 'alpha');
  assert.ok(editor.editor.can().indent('in'));
  assert.equal(editor.editor.can().indent('out'), false);
  assert.deepEqual([markdown(), editor.said], ['alpha\n', []]);
});

test('MARK-6: of all that is selected each text goes as far, tables and quotes too; code and dividers have no steps', () => {
  const { editor, placeOf, markdown } = editorOf(
    'alpha\n\n> bravo\n\n---\n\n```\ncode\n```\n\ncharlie\n',
    'alpha',
  );
  editor.select(placeOf('alpha'), placeOf('charlie'));
  assert.ok(editor.editor.commands.indent('in'));
  const quote = '> <div data-inset="1">\n>\n> bravo\n>\n> </div>\n';
  assert.equal(
    markdown(),
    [indented(1, 'alpha'), quote, '---\n', '```\ncode\n```\n', indented(1, 'charlie')].join('\n'),
  );
});

test('MARK-6: in a list it is the item that goes in and out', () => {
  const { editor, placeOf, markdown } = editorOf('- alpha\n- bravo\n', 'bravo');
  assert.ok(editor.editor.commands.indent('in'));
  assert.equal(markdown(), '- alpha\n  - bravo\n');
  assert.equal(editor.editor.commands.indent('in'), false);
  assert.ok(editor.editor.commands.indent('out'));
  assert.equal(markdown(), '- alpha\n- bravo\n');
  editor.select(placeOf('alpha'));
  assert.equal(editor.editor.can().indent('in'), false);
  assert.deepEqual(editor.said, []);
});

test('MARK-6: beside a toggle a text has its place from that', () => {
  const { editor } = editorOf(
    '<details>\n<summary>\n\nalpha\n\n</summary>\n\nbravo\n\n</details>\n',
    'alpha',
  );
  assert.equal(editor.editor.commands.indent('in'), false);
});

test('MARK-6: Backspace before a text takes a step back first, and then joins', () => {
  const { editor, placeOf, markdown } = editorOf(`alpha\n\n${indented(2, 'bravo')}`, 'bravo');
  assert.ok(editor.press('Backspace'));
  assert.equal(markdown(), `alpha\n\n${indented(1, 'bravo')}`);
  editor.select(placeOf('bravo') + 1);
  editor.press('Backspace');
  assert.equal(markdown(), `alpha\n\n${indented(1, 'bravo')}`);
  editor.select(placeOf('bravo'));
  assert.ok(editor.press('Backspace'));
  assert.equal(markdown(), 'alpha\n\nbravo\n');
  assert.ok(editor.press('Backspace'));
  assert.equal(markdown(), 'alphabravo\n');
});

test('MARK-6: Backspace in a list is the list’s, whatever the text stood in before', () => {
  const { editor, markdown } = editorOf(
    `- alpha\n-\n${indented(2, 'bravo').replaceAll(/^(?=.)/gm, '  ')}`,
    'bravo',
  );
  assert.match(markdown(), /data-inset="2"/);
  editor.press('Backspace');
  assert.deepEqual(editor.said, []);
});

test('MARK-5, MARK-6: a new line stands in as well, and clearing takes all back', () => {
  const { editor, placeOf, markdown } = editorOf(indented(3, 'alphabravo'), 'bravo');
  assert.ok(editor.press('Enter'));
  assert.equal(markdown(), `${indented(3, 'alpha')}\n${indented(3, 'bravo')}`);
  editor.select(placeOf('alpha'), placeOf('bravo'));
  editor.editor.commands.clearFormatting();
  assert.equal(markdown(), 'alpha\n\nbravo\n');
});
