import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { recordTyping, typedDocument } from './typing.ts';

function text(update: Uint8Array): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc
    .getXmlFragment('default')
    .toArray()
    .flatMap((paragraph) => (paragraph instanceof Y.XmlElement ? paragraph.toArray() : []))
    .map(String)
    .join('\n');
}

test('a recorded session applies in any order of its writers without anything parked', () => {
  const writers = 4;
  const session = recordTyping({ writers, count: 400, seed: 3 });
  const inTurn = new Y.Doc();
  const oneByOne = new Y.Doc();
  for (const doc of [inTurn, oneByOne]) Y.applyUpdate(doc, session.base);
  for (const update of session.updates) Y.applyUpdate(inTurn, update);
  for (let writer = writers - 1; writer >= 0; writer -= 1) {
    for (let index = writer; index < session.updates.length; index += writers) {
      const update = session.updates[index];
      assert.ok(update);
      Y.applyUpdate(oneByOne, update);
      assert.equal(oneByOne.store.pendingStructs, null);
      assert.equal(oneByOne.store.pendingDs, null);
      const client = session.clients[writer] ?? 0;
      assert.equal(Y.getState(oneByOne.store, client), session.clocks[index]);
    }
  }
  assert.deepEqual(Y.encodeStateAsUpdate(oneByOne), Y.encodeStateAsUpdate(inTurn));
});

test('one seed gives one session and one document, another seed others', () => {
  const options = { writers: 2, count: 20 };
  assert.deepEqual(recordTyping({ ...options, seed: 5 }), recordTyping({ ...options, seed: 5 }));
  assert.notDeepEqual(recordTyping({ ...options, seed: 5 }), recordTyping({ ...options, seed: 6 }));
  assert.deepEqual(typedDocument({ length: 100, seed: 5 }), typedDocument({ length: 100, seed: 5 }));
});

test('a typed document has the length that was asked for', () => {
  const characters = text(typedDocument({ length: 5_000, seed: 2 })).replaceAll('\n', '');
  assert.equal(characters.length, 5_000);
});
