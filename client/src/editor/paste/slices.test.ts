import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { parseHtml } from '@sheaf/schema/parse-html';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { looksLikeMarkdown } from './looks-like-markdown.ts';
import { openSlice } from './open-slice.ts';
import { plainSlice } from './plain-slice.ts';

const schema = documentSchema();

/** The document after HTML was pasted where `|` stands in Markdown. */
function pasted(markdown: string, html: string): string {
  const doc = readMarkdown(schema, markdown);
  let at = -1;
  doc.descendants((node, pos) => {
    if (node.isText && node.text?.includes('|') === true) at = pos + node.text.indexOf('|');
  });
  let state = EditorState.create({ doc });
  state = state.apply(state.tr.setSelection(TextSelection.create(doc, at, at + 1)));
  const after = state.apply(state.tr.replaceSelection(openSlice(parseHtml(schema, html)))).doc;
  after.check();
  return writeMarkdown(after);
}

test('PASTE-1: a line joins the text around it, and blocks stand where they are pasted', () => {
  assert.equal(pasted('be\\|hind', '<b>x</b>'), 'be<strong>x</strong>hind\n');
  assert.equal(pasted('be\\|hind', '<p>x</p><p>y</p>'), 'bex\n\nyhind\n');
  assert.equal(pasted('\\|', '<h2>x</h2>'), '## x\n');
  assert.equal(pasted('\\|', '<ul><li>x<li>y</ul>'), '- x\n- y\n');
  assert.equal(pasted('- a\\|', '<ul><li>x<li>y</ul>'), '- ax\n- y\n');
  assert.match(pasted('a\\|', '<table><tr><td>x</table>'), /^a\n\n<table>/);
  assert.equal(pasted('## a\\|b', '<p>x</p>'), '## axb\n');
});

test('PASTE-2: text is Markdown where it holds a sign that nobody writes by chance', () => {
  for (const text of [
    '# Head',
    'a\n\n## Head',
    '- a\n- b',
    '- a',
    '1. a\n2. b',
    '- [ ] a',
    '```js\na\n```',
    '> a',
    'see [a](https://a.b)',
    'a **b** c',
    'run `npm`.',
    '| a | b |\n| - | - |\n| 1 | 2 |',
  ])
    assert.ok(looksLikeMarkdown(text), text);
  for (const text of [
    '',
    'words',
    '3 * 4 * 5',
    'a_name_b',
    '1. May',
    '#tag',
    'a - b',
    '2**10 and 3**4',
    'a > b',
    '[1] see',
    'C:\\dir',
    '-5\n-6',
    'it`s',
  ])
    assert.ok(!looksLikeMarkdown(text), text);
});

test('PASTE-2, PASTE-7: other text is a paragraph for each line, without what ends something', () => {
  const { content } = plainSlice(schema, '\na\r\n\r\nb\u2029c\u2028d\u001Fe\0\n', []);
  assert.deepEqual(
    content.content.map((node) => node.textBetween(0, node.content.size, '', '/')),
    ['a', 'b', 'c/d', 'e'],
  );
});

test('PASTE-2: text of a hundred thousand signs is looked through at once', () => {
  const start = performance.now();
  for (const sign of ['*', '`', '[', '|', '> ', '- ', '**a', '](', '1. '])
    looksLikeMarkdown(sign.repeat(100_000 / sign.length));
  assert.ok(performance.now() - start < 5_000);
});
