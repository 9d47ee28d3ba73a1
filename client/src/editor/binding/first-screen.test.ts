import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOCK, BLOCK_END, CONTENT_FIELD, documentOf, documentSchema } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { firstScreen } from './first-screen.ts';
import { FlowModel } from './flow-model.ts';
import { MOVED, writeMoved } from './moved.ts';
import { refOf } from './ref.ts';

const schema = documentSchema();
const WORDS = 'Words of a long document. '.repeat(20);

/** Blocks with these attributes, before so many plain paragraphs. */
function flowOf(first: readonly Record<string, unknown>[], paragraphs: number): Y.Text {
  const doc = new Y.Doc();
  const flow = doc.getText(CONTENT_FIELD);
  doc.transact(() => {
    for (const attributes of [...first, ...Array.from({ length: paragraphs }, () => ({}))]) {
      const element = new Y.XmlElement<Record<string, string | number | boolean>>(BLOCK);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value as string);
      flow.insertEmbed(flow.length, element);
      flow.insert(flow.length, WORDS + BLOCK_END);
    }
  });
  return flow;
}

function children(node: Node): Node[] {
  return Array.from({ length: node.childCount }, (_, index) => node.child(index));
}

test('the first screen of a long document is the beginning of all of it', () => {
  const flow = flowOf([{ kind: 'heading', level: 1 }, { quote: 'info' }, { list: 'bullet' }], 300);
  const first = firstScreen(flow, schema);
  assert.ok(first);
  const whole = children(documentOf(schema, new FlowModel(flow, schema).entries));
  const shown = children(first);
  assert.ok(
    shown.length >= 40 && shown.length <= 80 && whole.length > 300,
    `${shown.length} of ${whole.length}`,
  );
  for (const [index, node] of shown.entries()) assert.ok(whole[index]?.eq(node), `block ${index}`);
});

test('what is short has no first screen of its own, nor what is moved', () => {
  assert.ok(firstScreen(flowOf([{ kind: 'heading', level: 1 }], 20), schema) === null);
  assert.ok(
    firstScreen(
      flowOf([{ [MOVED]: writeMoved({ block: refOf(Y.createID(9, 5)), times: 1, copied: [] }) }], 300),
      schema,
    ) === null,
  );
});

test('the first screen ends before what depends on the rest, and there is none where that comes early', () => {
  const paragraphs = Array.from({ length: 50 }, () => ({}));
  const dependent: Record<string, (flow: Y.Text, index: number) => void> = {
    contents: (flow, index) => flow.insertEmbed(index, new Y.XmlElement('contents')),
    toggle: (flow, index) => {
      const element = new Y.XmlElement(BLOCK);
      element.setAttribute('list', 'toggle');
      flow.insertEmbed(index, element);
      flow.insert(index + 1, WORDS + BLOCK_END);
    },
    reference: (flow, index) => {
      flow.insertEmbed(index, new Y.XmlElement(BLOCK));
      flow.insert(index + 1, WORDS + BLOCK_END);
      flow.insertEmbed(index + 3, { footnote: 'one' });
    },
  };
  for (const [name, insert] of Object.entries(dependent)) {
    const block = WORDS.length + 2;
    const early = flowOf([{ kind: 'heading', level: 1 }], 300);
    insert(early, block);
    assert.ok(firstScreen(early, schema) === null, name);
    const late = flowOf([{ kind: 'heading', level: 1 }, ...paragraphs], 300);
    insert(late, block * 51);
    assert.equal(firstScreen(late, schema)?.childCount, 51, name);
  }
});
