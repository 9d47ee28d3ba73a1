import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD, documentSchema } from '@sheaf/schema';
import * as Y from 'yjs';
import { FlowModel } from './flow-model.ts';
import type { Formatting } from './segment.ts';
import { pick, seeded } from './seeded.ts';
import { typeBehind } from './type-behind.ts';

const FORMATS: readonly Formatting[] = [
  { bold: true },
  { bold: null },
  { italic: true },
  { italic: null },
  { link: { href: 'https://a.example' } },
  { link: null },
];

/** A flow of some blocks, in which words were formatted, deleted and written again. */
function editedFlow(random: () => number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const flow = doc.getText(CONTENT_FIELD);
  for (let block = 0; block < 4; block += 1) {
    flow.insertEmbed(flow.length, new Y.XmlElement(BLOCK));
    flow.insert(flow.length, `some words of block ${block}${BLOCK_END}`);
  }
  for (let edit = 0; edit < 12; edit += 1) {
    const at = 1 + Math.floor(random() * (flow.length - 12));
    const words = flow.toString().slice(at, at + 6);
    if (random() < 0.6) flow.format(at, 6, { ...pick(random, FORMATS) });
    else if (!words.includes(BLOCK_END)) flow.delete(at, 3);
  }
  return Y.encodeStateAsUpdate(doc);
}

/** That document as somebody has it who writes the same as everybody here. */
function opened(content: Uint8Array): Y.Text {
  const doc = new Y.Doc();
  doc.clientID = 7;
  Y.applyUpdate(doc, content);
  const flow = doc.getText(CONTENT_FIELD);
  flow._searchMarker = null;
  return flow;
}

function stateOf({ doc }: Y.Text): Uint8Array {
  assert.ok(doc);
  return Y.encodeStateAsUpdate(doc);
}

test('text is typed into the item into which Yjs puts it, wherever that is', () => {
  const schema = documentSchema();
  let typed = 0;
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seeded(seed);
    const content = editedFlow(random);
    for (let index = 1; index <= opened(content).length; index += 1) {
      const [ours, theirs] = [opened(content), opened(content)];
      const model = new FlowModel(ours, schema);
      const formatting = model.formattingBefore(index);
      const isDone = typeBehind(model, { at: index, text: 'x', formatting });
      if (!isDone) continue;
      typed += 1;
      theirs.insert(index, 'x', { ...formatting });
      assert.deepEqual(stateOf(ours), stateOf(theirs), `seed ${seed}, index ${index}`);
    }
  }
  assert.ok(typed > 4_000, `${typed}`);
});

test('text of another formatting is left to Yjs, and so is the very start', () => {
  const flow = opened(editedFlow(seeded(5)));
  const model = new FlowModel(flow, documentSchema());
  const before = stateOf(flow);
  assert.equal(typeBehind(model, { at: 5, text: 'x', formatting: { underline: true } }), false);
  assert.equal(typeBehind(model, { at: 0, text: 'x', formatting: {} }), false);
  assert.deepEqual(stateOf(flow), before);
});
