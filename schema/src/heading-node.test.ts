import { EditorState } from '@tiptap/pm/state';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from './extensions.ts';
import { becomeHeading } from './heading-node.ts';

const schema = documentSchema();
const heading = schema.node('heading').type;
const typed = (align: string | null) => schema.node('paragraph', { align }, [schema.text('##words')]);

test('a block that is made a heading as it is typed keeps its alignment', () => {
  const { tr } = EditorState.create({ doc: schema.node('doc', null, [typed('center')]) });
  assert.equal(becomeHeading(tr, { from: 1, to: 3 }, { type: heading, level: 2 }), true);
  const wanted = schema.node('heading', { level: 2, align: 'center' }, [schema.text('words')]);
  assert.ok(tr.doc.eq(schema.node('doc', null, [wanted])), String(tr.doc));
});

test('where no heading can stand, what was typed stays', () => {
  const item = schema.node('listItem', null, [typed(null)]);
  const doc = schema.node('doc', null, [schema.node('bulletList', null, [item])]);
  const { tr } = EditorState.create({ doc });
  assert.equal(becomeHeading(tr, { from: 3, to: 5 }, { type: heading, level: 2 }), false);
  assert.equal(tr.docChanged, false);
});
