import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { Transform } from '@tiptap/pm/transform';
import { smallestChange } from './smallest-change.ts';

const schema = documentSchema();

function paragraph(text: string): Node {
  return schema.node('paragraph', null, text === '' ? [] : [schema.text(text)]);
}

function list(...items: string[]): Node {
  return schema.node(
    'bulletList',
    null,
    items.map((item) => schema.node('listItem', null, [paragraph(item)])),
  );
}

function doc(...blocks: Node[]): Node {
  return schema.node('doc', null, blocks);
}

/** `after`, made of `before` by the change alone, and how much the change takes and brings, in positions. */
function change(before: Node, after: Node): { result: Node; taken: number; brought: number } {
  const found = smallestChange(before, after);
  if (found === null) return { result: before, taken: 0, brought: 0 };
  const { from, to, blocks } = found;
  const { doc: result } = new Transform(before).replace(from, to, blocks);
  assert.ok(result.eq(after));
  return { result, taken: to - from, brought: blocks.size };
}

test('equal documents need no change', () => {
  assert.equal(smallestChange(doc(paragraph('a'), list('b')), doc(paragraph('a'), list('b'))), null);
});

test('a block more or less touches no other, also among equal ones', () => {
  const few = doc(paragraph('a'), paragraph('a'), paragraph('b'));
  const more = doc(paragraph('a'), paragraph('a'), paragraph('a'), paragraph('b'));
  assert.deepEqual([change(few, more).taken, change(few, more).brought], [0, 3]);
  assert.deepEqual([change(more, few).taken, change(more, few).brought], [3, 0]);
  const { result } = change(few, doc(paragraph('new'), ...few.children));
  assert.deepEqual(
    few.children.map((block) => result.children.indexOf(block)),
    [1, 2, 3],
  );
});

test('a change within a list leaves its other items', () => {
  const before = doc(paragraph('a'), list('one', 'two', 'three'));
  const { result, taken, brought } = change(before, doc(paragraph('a'), list('one', 'two!', 'three')));
  assert.deepEqual([taken, brought], [5, 6]);
  assert.equal(result.child(1).child(2), before.child(1).child(2));
  assert.deepEqual(change(before, doc(paragraph('a'), list('one', 'three'))).taken, 7);
});

test('a block of another kind, level or mark is a change', () => {
  const plain = doc(paragraph('a'), paragraph('b'));
  const bold = schema.node('paragraph', null, [schema.text('b', [schema.mark('bold')])]);
  const heading = (level: number) => schema.node('heading', { level }, [schema.text('b')]);
  for (const block of [bold, heading(1), heading(2), list('b')])
    assert.equal(change(plain, doc(paragraph('a'), block)).taken, 3);
  assert.equal(change(doc(heading(1)), doc(heading(2))).taken, 3);
});

test('any document becomes any other', () => {
  const few = ['', 'a', 'b', 'ab'];
  const block = (kind: number, text: string) => (kind % 3 === 0 ? list(text, 'a') : paragraph(text));
  const all: Node[] = [];
  for (let number = 0; number < 144; number += 1) {
    const blocks = [number, Math.floor(number / 12)].map((digit) => block(digit, few[digit % 4] ?? ''));
    all.push(doc(...blocks), doc(...blocks, paragraph('a')));
  }
  for (const before of all) for (const after of all) assert.ok(change(before, after).result.eq(after));
});
