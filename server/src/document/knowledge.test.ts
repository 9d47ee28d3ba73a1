import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { SheafError } from '../error.ts';
import { isEmptyStateVector, Knowledge, readStateVector, stateVectorCovers } from './knowledge.ts';

function docOf(...people: number[]): Y.Doc {
  const doc = new Y.Doc();
  for (const person of people) {
    const own = new Y.Doc();
    own.clientID = person;
    Y.applyUpdate(own, Y.encodeStateAsUpdate(doc));
    const text = own.getText('text');
    text.insert(0, 'some words of theirs');
    text.delete(2, 3);
    text.delete(9, 1);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(own));
  }
  return doc;
}

function deleteSetOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc)).slice(1);
}

function hasCode(code: string): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof SheafError && thrown.code === code;
}

test('packed knowledge says and takes the same as before', () => {
  const doc = docOf(7, 4_000_000_000, 123_456);
  const [packed, kept] = [0, 0].map(() => Knowledge.read(Y.encodeStateVector(doc), deleteSetOf(doc)));
  assert.ok(packed && kept);
  packed.pack();
  assert.deepEqual(packed.deleteSet(), deleteSetOf(doc));
  assert.deepEqual(packed.deleted(7)?.bounds, kept.deleted(7)?.bounds);
  assert.equal(packed.deleted(8), undefined);
  packed.pack();
  assert.ok(packed.containsDeletes(deleteSetOf(doc)));
  packed.pack();
  for (const known of [packed, kept]) known.addDeleted(7, [0, 2, 12, 13]);
  assert.notDeepEqual(packed.deleteSet(), deleteSetOf(doc));
  assert.deepEqual(packed.deleteSet(), kept.deleteSet());
});

test('state vector and delete set come out as a Y.Doc encodes them', () => {
  const doc = docOf(7, 4_000_000_000, 123_456);
  const known = Knowledge.read(Y.encodeStateVector(doc), deleteSetOf(doc));
  assert.deepEqual(known.stateVector(), Y.encodeStateVector(doc));
  assert.deepEqual(known.deleteSet(), deleteSetOf(doc));
  assert.equal(known.stateVector(), known.stateVector());
  assert.equal(known.clients, 3);
  assert.equal(known.clock(7), 20);
  assert.equal(known.clock(8), 0);
});

test('an empty document knows nothing', () => {
  const known = new Knowledge();
  assert.deepEqual(known.stateVector(), Uint8Array.of(0));
  assert.deepEqual(known.deleteSet(), Uint8Array.of(0));
  assert.ok(isEmptyStateVector(known.stateVector()));
  assert.ok(!isEmptyStateVector(Y.encodeStateVector(docOf(1))));
});

test('who has what is seen from state vectors', () => {
  const known = Knowledge.read(Y.encodeStateVector(docOf(1, 2)), Uint8Array.of(0));
  assert.ok(
    known.isKnownTo(
      new Map([
        [1, 20],
        [2, 25],
        [3, 1],
      ]),
    ),
  );
  assert.ok(!known.isKnownTo(new Map([[1, 20]])));
  assert.ok(
    known.includes(
      new Map([
        [1, 20],
        [9, 0],
      ]),
    ),
  );
  assert.ok(!known.includes(new Map([[1, 21]])));
  assert.ok(
    stateVectorCovers(
      new Map([[1, 2]]),
      new Map([
        [1, 2],
        [5, 0],
      ]),
    ),
  );
  assert.ok(known.hasStateVector(Y.encodeStateVector(docOf(1, 2))));
  assert.ok(!known.hasStateVector(Y.encodeStateVector(docOf(1))));
});

test('delete sets are compared and united', () => {
  const doc = docOf(1, 2);
  const known = Knowledge.read(Y.encodeStateVector(doc), deleteSetOf(docOf(1)));
  assert.ok(known.deletesContainedIn(deleteSetOf(doc)));
  assert.ok(!known.containsDeletes(deleteSetOf(doc)));
  known.adopt(deleteSetOf(doc));
  assert.ok(known.containsDeletes(deleteSetOf(doc)));
  assert.deepEqual(known.deleteSet(), deleteSetOf(doc));
});

test('a broken delete set changes nothing', () => {
  const known = new Knowledge();
  assert.throws(() => known.adopt(Uint8Array.of(1, 5, 2, 0, 1, 7)), hasCode('malformed'));
  assert.deepEqual(known.deleteSet(), Uint8Array.of(0));
});

test('state vectors of peers are bounded and checked', () => {
  const bytes = Y.encodeStateVector(docOf(1, 2, 3));
  assert.deepEqual([...readStateVector(bytes, 3)].toSorted(), [
    [1, 20],
    [2, 20],
    [3, 20],
  ]);
  assert.throws(() => readStateVector(bytes, 2), hasCode('too-many'));
  assert.throws(() => readStateVector(bytes.subarray(0, 4), 9), hasCode('malformed'));
  assert.throws(() => readStateVector(Uint8Array.of(0, 0), 9), hasCode('malformed'));
  assert.throws(() => readStateVector(Uint8Array.of(2, 1, 1, 1, 2), 9), hasCode('malformed'));
  assert.throws(() => readStateVector(Uint8Array.of(), 9), hasCode('malformed'));
});
