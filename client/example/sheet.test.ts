import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setBlockType } from '@tiptap/pm/commands';
import { TextSelection } from '@tiptap/pm/state';
import * as Y from 'yjs';
import { Sheet } from './sheet.ts';

/** Two replicas, cut off from each other until `meet`. */
function replicas() {
  const [ada, ben] = [new Y.Doc(), new Y.Doc()];
  const send = (from: Y.Doc, to: Y.Doc) =>
    Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
  const meet = () => {
    send(ada, ben);
    send(ben, ada);
  };
  return { ada, ben, meet };
}

test('the binding’s example: what one types into a paragraph stays when another turns it meanwhile', () => {
  const { ada, ben, meet } = replicas();
  const [adas, bens] = [new Sheet(ada), new Sheet(ben)];
  adas.dispatch(adas.state.tr.insertText('Launch plan'));
  meet();
  assert.equal(bens.state.doc.textContent, 'Launch plan');

  bens.dispatch(bens.state.tr.insertText(', for the ninth', bens.state.doc.content.size - 1));
  const { heading } = adas.state.schema.nodes;
  assert.ok(heading);
  setBlockType(heading, { level: 2 })(adas.state, (transaction) => adas.dispatch(transaction));
  meet();
  for (const { state } of [adas, bens]) {
    assert.equal(state.doc.childCount, 1);
    assert.equal(state.doc.firstChild?.type, state.schema.nodes['heading']);
    assert.equal(state.doc.textContent, 'Launch plan, for the ninth');
  }

  // A comment's range, as JSON, found again by another page when words came before it.
  const range = JSON.stringify(adas.binding.range(8, 12));
  bens.dispatch(bens.state.tr.insertText('The ', 1));
  meet();
  const { from, to } = bens.binding.resolveRange(JSON.parse(range)) ?? { from: 0, to: 0 };
  assert.equal(bens.state.doc.textBetween(from, to), 'plan');

  // Undo takes back one's own.
  assert.ok(bens.undo.canUndo);
  while (bens.undo.canUndo) bens.undo.undo();
  meet();
  assert.equal(adas.state.doc.textContent, 'Launch plan');
  assert.equal(adas.state.doc.firstChild?.type, heading);
  adas.close();
  bens.close();
});

test('the binding’s example: who opens, selects and receives writes nothing', () => {
  const { ada, ben, meet } = replicas();
  const bens = new Sheet(ben);
  bens.dispatch(bens.state.tr.insertText('words'));
  let written = 0;
  ada.on('afterTransaction', ({ local, changed }: Y.Transaction) => {
    if (local && changed.size > 0) written += 1;
  });
  const adas = new Sheet(ada);
  meet();
  assert.equal(adas.state.doc.textContent, 'words');
  adas.dispatch(adas.state.tr.setSelection(TextSelection.create(adas.state.doc, 2, 4)));
  assert.equal(written, 0);
  adas.dispatch(adas.state.tr.insertText('a'));
  assert.equal(written, 1);
  meet();
  assert.equal(bens.state.doc.textContent, 'wads');
});
