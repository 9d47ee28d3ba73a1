import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from './extensions.ts';
import { MARK_NAMES, NODE_NAMES } from './names.ts';

test('the schema builds without a DOM and holds what the first editor offers', () => {
  const schema = documentSchema();
  assert.deepEqual(Object.keys(schema.nodes).sort(), [...NODE_NAMES]);
  assert.deepEqual(Object.keys(schema.marks).sort(), [...MARK_NAMES]);
});
