import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from './extensions.ts';
import { MARK_NAMES, NODE_NAMES } from './names.ts';

test('the schema builds without a DOM and holds what the first editor offers', () => {
  const schema = documentSchema();
  assert.deepEqual(Object.keys(schema.nodes).sort(), [...NODE_NAMES]);
  assert.deepEqual(Object.keys(schema.marks).sort(), [...MARK_NAMES]);
});

test('REVIEW-2: whatever something can be suggested of shows it, and takes it along when it is copied', () => {
  const schema = documentSchema();
  const suggestions = [{ id: 'a', author: 'Ada', time: 1, kind: 'deletion', set: null }];
  const able = Object.values(schema.nodes).filter(({ spec }) =>
    Object.hasOwn(spec.attrs ?? {}, 'suggestions'),
  );
  const names = able.map(({ name }) => name);
  for (const name of ['paragraph', 'codeBlock', 'image', 'table', 'tableRow', 'tableCell', 'tableHeader'])
    assert.ok(names.includes(name), name);
  for (const type of able)
    assert.match(
      JSON.stringify(type.spec.toDOM?.(type.create({ suggestions }))),
      /"data-suggestions":"\[\{/,
      type.name,
    );
});
