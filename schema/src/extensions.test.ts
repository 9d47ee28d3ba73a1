import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from './extensions.ts';

test('the schema builds without a DOM and holds what the first editor offers', () => {
  const schema = documentSchema();
  assert.deepEqual(Object.keys(schema.nodes).sort(), [
    'blockquote',
    'bulletList',
    'codeBlock',
    'doc',
    'hardBreak',
    'heading',
    'horizontalRule',
    'listItem',
    'opaqueBlock',
    'opaqueInline',
    'orderedList',
    'paragraph',
    'taskItem',
    'taskList',
    'text',
  ]);
  assert.deepEqual(Object.keys(schema.marks).sort(), [
    'bold',
    'code',
    'italic',
    'link',
    'strike',
    'underline',
  ]);
});
