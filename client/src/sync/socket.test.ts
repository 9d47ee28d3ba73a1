import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HocuspocusProvider } from '@hocuspocus/provider';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { TestFrames } from './frames-for-tests.ts';
import { oneChange } from './one-change.ts';
import { DocumentSocket } from './socket.ts';

const NAME = 'plan';
/** Of Hocuspocus's protocol and y-protocols: a sync message, of which this kind brings an update. */
const [SYNC, UPDATE] = [0, 2];

/** A message that brings `update`. */
function message(update: Uint8Array): MessageEvent<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, NAME);
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, UPDATE);
  encoding.writeVarUint8Array(encoder, update);
  return new MessageEvent('message', { data: new Uint8Array(encoding.toUint8Array(encoder)).buffer });
}

/** The updates of somebody who writes `words`, one each. */
function written(...words: string[]): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const word of words) doc.getText('content').insert(doc.getText('content').length, word);
  return updates;
}

test('what others write between two frames is one change, and none of this page’s own', (t) => {
  const doc = new Y.Doc();
  const frames = new TestFrames();
  const text = () => doc.getText('content').toString();
  const befores: string[] = [];
  const socket: DocumentSocket = new DocumentSocket({
    url: 'ws://127.0.0.1/none',
    carrier: null,
    early: null,
    statusChanged: () => undefined,
    receiver: {
      before: () => befores.push(text()),
      together: (take) => oneChange(doc, provider, take),
      isEmpty: () => false,
      first: () => assert.fail('The document is not empty.'),
    },
    frames,
  });
  const provider = new HocuspocusProvider({ name: NAME, document: doc, websocketProvider: socket });
  t.after(() => {
    provider.destroy();
    socket.destroy();
  });
  provider.attach();
  const undo = new Y.UndoManager(doc.getText('content'), { trackedOrigins: new Set([null]) });
  const changes: { local: boolean; origin: unknown }[] = [];
  doc.on('afterTransaction', ({ local, origin }) => changes.push({ local, origin }));

  for (const update of written('a', 'b', 'c')) socket.onMessage(message(update));
  assert.equal(text(), '');
  frames.frame();
  assert.equal(text(), 'abc');
  assert.deepEqual(
    changes.map(({ local }) => local),
    [false],
  );
  assert.equal(changes[0]?.origin, provider);
  // The page reads where its caret is before what others wrote is there.
  assert.deepEqual(befores, ['']);
  undo.undo();
  assert.equal(text(), 'abc');
});
