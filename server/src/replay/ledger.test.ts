import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { Ledger } from './ledger.ts';

test('finds a missing update and a missing delete, and nothing where all is there', () => {
  const author = new Y.Doc();
  const updates: Uint8Array[] = [];
  author.on('update', (update: Uint8Array) => updates.push(update));
  const text = author.getText('text');
  text.insert(0, 'abc');
  text.delete(1, 1);
  const ledger = new Ledger();
  for (const update of updates) ledger.acknowledge(update);

  const [first = new Uint8Array(), second = new Uint8Array()] = updates;
  const replica = new Y.Doc();
  assert.equal(ledger.missingFrom(replica).length, 2);
  Y.applyUpdate(replica, first);
  assert.match(ledger.missingFrom(replica).join(), /acknowledged delete of 1 is not there/);
  Y.applyUpdate(replica, second);
  assert.deepEqual(ledger.missingFrom(replica), []);
});
