import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { runsAgainst } from './line-ends.ts';

const schema = documentSchema();
const BREAK = schema.node('hardBreak');
const NAMED = schema.node('mention', { name: 'محمد' });

/** A paragraph, or another block of text, of these. */
function block(content: readonly (string | Node)[], type = 'paragraph'): Node {
  return schema.node(
    type,
    null,
    content.map((one) => (typeof one === 'string' ? schema.text(one) : one)),
  );
}

/** The offsets of a block at which a line runs against a page. */
function against(of: Node, leftward: boolean): number[] {
  const all = Array.from({ length: of.content.size + 1 }, (_, offset) => offset);
  return all.filter((offset) => runsAgainst(of, offset, leftward));
}

test('a line runs against its page at its two ends, where its words run the other way', () => {
  assert.deepEqual(against(block(['مرحبا']), false), [0, 5]);
  assert.deepEqual(against(block(['hello']), true), [0, 5]);
  assert.deepEqual(against(block(['مرحبا']), true), []);
  assert.deepEqual(against(block(['hello']), false), []);
  assert.deepEqual(against(block(['12 + 3']), true), []);
  assert.deepEqual(against(block([]), true), []);
});

test('each line of a block goes by its own words, and things in it tell nothing', () => {
  assert.deepEqual(against(block(['مر', BREAK, 'hi', BREAK, 'با']), false), [0, 2, 6, 8]);
  assert.deepEqual(against(block([NAMED, ' look']), false), []);
  assert.deepEqual(against(block([NAMED, ' مر']), false), [0, 4]);
});

test('at the end of a line other words tell where arrows go, and code runs to the right whatever it is of', () => {
  assert.deepEqual(against(block(['مرحبا hi']), false), [0]);
  assert.deepEqual(against(block(['مرحبا'], 'codeBlock'), false), []);
});
