import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD, documentOf, documentSchema } from '@sheaf/schema';
import { EditorState } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { FlowModel } from './flow-model.ts';
import { sameButTexts, showTexts } from './show-texts.ts';
import { storedBlocks } from './shown.ts';

const schema = documentSchema();

/** A flow of three blocks, the second an item of a list; what `change` does to it, shown as texts. */
function shown(change: (flow: Y.Text, elements: Y.XmlElement<Record<string, string | number>>[]) => void) {
  const doc = new Y.Doc();
  const flow = doc.getText(CONTENT_FIELD);
  const elements = ['one', 'two', 'three'].map((text) => {
    const element = new Y.XmlElement<Record<string, string | number>>(BLOCK);
    flow.insertEmbed(flow.length, element);
    flow.insert(flow.length, text + BLOCK_END);
    return element;
  });
  elements[1]?.setAttribute('list', 'bullet');
  const model = new FlowModel(flow, schema);
  const page = documentOf(schema, model.entries);
  const before = storedBlocks(model.entries, page, 0);
  doc.on('afterTransaction', (transaction: Y.Transaction) => model.update(transaction));
  doc.transact(() => change(flow, elements));
  const { tr } = EditorState.create({ doc: page });
  const same = sameButTexts({ before, placed: before, entries: model.entries });
  const blocks = same && showTexts(tr, same) ? same : null;
  return { blocks, tr, wanted: documentOf(schema, model.entries), entries: model.entries };
}

test('the texts of several blocks become what they should be, and each block has its new place', () => {
  const { blocks, tr, wanted, entries } = shown((flow) => {
    flow.insert(flow.length - 1, '!!');
    flow.delete(6, 2);
    flow.insert(1, 'twenty-');
  });
  assert.equal(
    String(tr.doc),
    'doc(paragraph("twenty-one"), bulletList(listItem(paragraph("o"))), paragraph("three!!"))',
  );
  assert.ok(tr.doc.eq(wanted));
  assert.equal(tr.steps.length, 3);
  assert.deepEqual(blocks, storedBlocks(entries, tr.doc, 0));
});

test('a text that becomes bold, or empty, is such a change as well', () => {
  const bold = shown((flow) => flow.format(1, 2, { bold: true }));
  assert.ok(bold.blocks && bold.tr.doc.eq(bold.wanted));
  const empty = shown((flow) => flow.delete(1, 3));
  assert.ok(empty.blocks && empty.tr.doc.eq(empty.wanted));
});

for (const [name, change] of [
  ['a list that ends', (_flow, [, item]) => item?.removeAttribute('list')],
  ['another kind of block', (_flow, [first]) => first?.setAttribute('kind', 'heading')],
  ['a new block', (flow) => flow.insert(2, `${BLOCK_END}more`)],
  ['a block that is joined', (flow) => flow.delete(4, 2)],
] as [string, Parameters<typeof shown>[0]][])
  test(`${name} is more than a text`, () => {
    assert.equal(shown(change).blocks, null);
  });
