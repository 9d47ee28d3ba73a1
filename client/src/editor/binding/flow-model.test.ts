import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD, documentSchema } from '@sheaf/schema';
import * as Y from 'yjs';
import { FlowModel } from './flow-model.ts';
import type { Reread } from './flow-model.ts';

const schema = documentSchema();

/** A flow of these texts, a block each, its model, and what the model says of a change. */
function opened(...texts: readonly string[]) {
  const doc = new Y.Doc();
  const flow = doc.getText(CONTENT_FIELD);
  for (const text of texts) {
    flow.insertEmbed(flow.length, new Y.XmlElement(BLOCK));
    flow.insert(flow.length, text + BLOCK_END);
  }
  const model = new FlowModel(flow, schema);
  let said: Reread | null = null;
  doc.on('afterTransaction', (transaction: Y.Transaction) => (said = model.update(transaction)));
  const change = (make: () => void) => {
    doc.transact(make);
    return said;
  };
  return { flow, model, change };
}

/** What a model holds is what a new one reads. */
function isCurrent(model: FlowModel): void {
  const { flow, entries } = model;
  const fresh = new FlowModel(flow, schema);
  const words = ({ entries: found }: FlowModel) =>
    found.map((entry) => (entry.type === 'block' ? `${entry.at.segment.start} ${String(entry.node)}` : ''));
  assert.deepEqual(words(model), words(fresh));
  for (let index = 0; index <= flow.length; index += 1) {
    assert.deepEqual(model.unitBefore(index), fresh.unitBefore(index));
    assert.deepEqual(model.formattingBefore(index), fresh.formattingBefore(index));
  }
  assert.equal(entries.length, fresh.entries.length);
}

test('letters change the texts of their blocks, and nothing of the others', () => {
  const { flow, model, change } = opened('one', 'two', 'three');
  const [first, , third] = model.entries;
  assert.deepEqual(
    change(() => flow.insert(7, 'x')),
    { texts: [1] },
  );
  isCurrent(model);
  assert.equal(model.entries[0], first);
  assert.equal(model.entries[2], third);
  assert.deepEqual(
    change(() => {
      flow.delete(flow.length - 3, 2);
      flow.insert(1, 'twenty-');
    }),
    { texts: [0, 2] },
  );
  isCurrent(model);
});

test('formatting within a text is of that text; formatting that goes on behind it is not', () => {
  const { flow, model, change } = opened('one', 'two');
  assert.deepEqual(
    change(() => flow.format(2, 1, { bold: true })),
    { texts: [0] },
  );
  isCurrent(model);
  assert.deepEqual(
    change(() => flow.format(2, 6, { italic: true })),
    { texts: null },
  );
  isCurrent(model);
});

test('what comes, goes or becomes another kind is more than a text', () => {
  const { flow, model, change } = opened('one', 'two', 'three');
  for (const make of [
    () => flow.insertEmbed(0, new Y.XmlElement(BLOCK)),
    () => flow.delete(0, 1),
    () => flow.insert(2, BLOCK_END),
    () => flow.delete(4, 3),
    () => model.entries[0]?.type === 'block' && model.entries[0].at.element?.setAttribute('kind', 'code'),
  ]) {
    assert.deepEqual(change(make), { texts: null });
    isCurrent(model);
  }
});

test('what is in no block of the flow changes nothing', () => {
  const { flow, change } = opened('one');
  assert.equal(
    change(() => flow.doc?.getMap('another').set('key', 1)),
    null,
  );
});
