import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from './extensions.ts';
import { PLAIN } from './frame.ts';
import { documentOf } from './nesting.ts';
import { NotesLast } from './notes-last.ts';
import type { Entry } from './table-layout.ts';

const schema = documentSchema();

/** A block: `text`, in the note `note`, with references to `ids`. */
function block(note: string | null, text: string, ...ids: string[]): Entry<null> {
  const references = ids.map((id) => schema.node('footnoteReference', { footnote: id }));
  const node = schema.node('paragraph', null, [schema.text(text), ...references]);
  return { type: 'block', frame: { ...PLAIN, note }, node, at: null };
}

const shown = (...entries: Entry<null>[]) => {
  const ordered = new NotesLast<null>().order(entries);
  documentOf(schema, ordered).check();
  return ordered.map(({ node }) => node.textContent);
};

test('NOTE-3: notes are shown behind all else, each in one piece, in the order of their first references', () => {
  const entries = [
    block('b', 'b1'),
    block(null, 'one', 'a'),
    block('a', 'a1'),
    block('b', 'b2'),
    block(null, 'two', 'b', 'a'),
  ];
  assert.deepEqual(shown(...entries), ['one', 'two', 'a1', 'b1', 'b2']);
});

test('NOTE-3: references within notes count where those are shown, and notes without one come last', () => {
  assert.deepEqual(
    shown(
      block('lost', 'lost', 'c'),
      block('c', 'c'),
      block('b', 'b'),
      block('a', 'a', 'b'),
      block(null, 'text', 'a'),
    ),
    ['text', 'a', 'b', 'lost', 'c'],
  );
  assert.deepEqual(shown(block('a', 'a', 'a'), block('b', 'b', 'a')), ['a', 'b']);
});

test('NOTE-3: a document without notes is the list that it was', () => {
  const entries = [block(null, 'one', 'a'), block(null, 'two')];
  assert.equal(new NotesLast<null>().order(entries), entries);
});
