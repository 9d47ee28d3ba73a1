import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import { linkAt } from './link-at.ts';
import { writeLink } from './write-link.ts';

const schema = documentSchema();

/** Markdown with these words of it selected, or with the caret before `caret`. */
function stateOf(
  markdown: string,
  { first = '', last = '', caret = '' }: { first?: string; last?: string; caret?: string },
): EditorState {
  const doc = readMarkdown(schema, markdown);
  const at = (words: string) => {
    let found = -1;
    doc.descendants((node, pos) => {
      if (node.isText && node.text?.includes(words) === true) found = pos + node.text.indexOf(words);
    });
    assert.notEqual(found, -1, words);
    return found;
  };
  const selection = caret
    ? TextSelection.create(doc, at(caret))
    : TextSelection.create(doc, at(first), at(last || first) + (last || first).length);
  return EditorState.create({ doc, selection });
}

/** What the document is when `z` is typed after what a command on links means was linked, or its links taken away. */
function typedOn(state: EditorState, href: string | null): string {
  const after = state.apply(writeLink(state, linkAt(state), href));
  return writeMarkdown(after.apply(after.tr.insertText('z')).doc).trim();
}

test('behind words that were linked one types on, and what is typed is no link', () => {
  assert.equal(
    typedOn(stateOf('one two six', { first: 'two' }), 'https://a.b/'),
    'one [two](https://a.b/)z six',
  );
  assert.equal(typedOn(stateOf('one [two](https://a.b/) six', { first: 'two' }), null), 'one twoz six');
});

test('a caret stays where it is in the link that is changed or removed', () => {
  const state = stateOf('one [two](https://a.b/) six', { caret: 'wo' });
  assert.equal(typedOn(state, 'https://c.d/'), 'one [tzwo](https://c.d/) six');
  assert.equal(typedOn(state, null), 'one tzwo six');
});

test('PASTE-4: words in several blocks are linked in each, and those in code are not', () => {
  const state = stateOf('one two\n\n`a` b\n\n```\ncode\n```\n\nsix ten', { first: 'two', last: 'six' });
  assert.equal(
    typedOn(state, 'https://a.b/'),
    'one [two](https://a.b/)\n\n[`a` b](https://a.b/)\n\n```\ncode\n```\n\n[six](https://a.b/)z ten',
  );
});

test('words in several cells are linked in each of them and in no other', () => {
  const state = stateOf('| one | two |\n| - | - |\n| six | ten |', { caret: 'one' });
  const cellOf = (words: string) =>
    stateOf(writeMarkdown(state.doc), { caret: words }).selection.$from.before(-1);
  const selection = CellSelection.create(state.doc, cellOf('one'), cellOf('six'));
  const cells = state.apply(state.tr.setSelection(selection));
  const linked = cells.apply(writeLink(cells, linkAt(cells), 'https://a.b/'));
  assert.equal(
    writeMarkdown(linked.doc).trim(),
    '| [one](https://a.b/) | two |\n| --- | --- |\n| [six](https://a.b/) | ten |',
  );
  assert.ok(linked.selection.empty);
});

test('what was selected elsewhere meanwhile stays selected', () => {
  const state = stateOf('one two six', { first: 'two' });
  const meant = linkAt(state);
  const { from, to } = stateOf('one two six', { first: 'six' }).selection;
  const elsewhere = state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
  const after = elsewhere.apply(writeLink(elsewhere, meant, 'https://a.b/'));
  assert.equal(writeMarkdown(after.apply(after.tr.insertText('z')).doc).trim(), 'one [two](https://a.b/) z');
});
