import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDocumentName } from '../store/document-name.ts';
import { Copies } from './copies.ts';
import type { NodeId } from './message.ts';

const [A, B] = [parseDocumentName('a'), parseDocumentName('b')];
// Names as a greeting brings them.
const [P, Q] = ['p', 'q'] as NodeId[] as [NodeId, NodeId];

function linked(others: number, ...nodes: NodeId[]): Copies {
  const copies = new Copies(others);
  for (const node of nodes) assert.deepEqual(copies.linked(node, true), []);
  return copies;
}

const updates = (document: typeof A, link: number, last: number) => ({ document, link, last, whole: false });
const fetched = (document: typeof A, link: number) => ({ document, link, last: 0, whole: true });

test('REPL-13 an own update is replicated when the number that carried it is on disk, and not before one ahead of it', () => {
  const copies = linked(1, P);
  copies.taken(A, 5, true);
  copies.sent(P, updates(A, 1, 5));
  copies.taken(B, 1, true);
  copies.sent(P, updates(B, 2, 1));
  copies.taken(A, 6, true);
  copies.sent(P, updates(A, 3, 6));
  assert.equal(copies.count(A, 5), 1);
  // A gap in the link's numbers holds up its own document only.
  assert.deepEqual(copies.confirmed(P, 0, [2, 4]), [{ document: B, through: 1 }]);
  assert.deepEqual(copies.confirmed(P, 3, []), [{ document: A, through: 6 }]);
  assert.equal(copies.waiting, 0);
});

test('REPL-13 two of three: the second confirmation counts, whoever it is of, and none counts twice', () => {
  const copies = linked(2, P, Q);
  copies.taken(A, 1, true);
  for (const node of [P, Q]) copies.sent(node, updates(A, 1, 1));
  assert.deepEqual(copies.confirmed(P, 1, []), []);
  assert.deepEqual(copies.confirmed(P, 1, []), []);
  assert.equal(copies.count(A, 1), 2);
  assert.deepEqual(copies.confirmed(Q, 1, []), [{ document: A, through: 1 }]);
});

test('REPL-13 what was on the way when a link ended, or was taken without one, is fetched over the next', () => {
  const copies = linked(1, P);
  copies.taken(A, 1, true);
  copies.sent(P, updates(A, 1, 1));
  copies.unlinked(P);
  copies.taken(A, 2, true);
  copies.taken(B, 9, true);
  assert.deepEqual(copies.linked(P, false), [A, B]);
  // The old link's number means nothing any more.
  assert.deepEqual(copies.confirmed(P, 1, []), []);
  copies.sent(P, fetched(A, 2));
  copies.sent(P, fetched(B, 2));
  assert.deepEqual(copies.confirmed(P, 2, []), [
    { document: A, through: 2 },
    { document: B, through: 9 },
  ]);
});

test('REPL-13 a peer in another life has confirmed nothing: its disk may be another', () => {
  const copies = linked(2, P, Q);
  copies.taken(A, 1, true);
  for (const node of [P, Q]) copies.sent(node, updates(A, 1, 1));
  copies.confirmed(P, 1, []);
  assert.deepEqual(copies.linked(P, true), [A]);
  assert.deepEqual(copies.confirmed(Q, 1, []), []);
  copies.sent(P, fetched(A, 1));
  assert.deepEqual(copies.confirmed(P, 1, []), [{ document: A, through: 1 }]);
});

test('REPL-13 what others wrote is sure only when it was fetched, and own updates do not vouch for it', () => {
  const copies = linked(1, P);
  copies.taken(A, 1, true);
  copies.sent(P, updates(A, 1, 1));
  copies.taken(A, 2, false);
  copies.want(A, 2);
  assert.deepEqual(copies.confirmed(P, 1, []), [{ document: A, through: 1 }]);
  copies.taken(A, 3, true);
  copies.sent(P, fetched(A, 2));
  assert.deepEqual(copies.confirmed(P, 2, []), [{ document: A, through: 3 }]);
});

test('REPL-13 a document that has left memory is forgotten, with what is on the way of it', () => {
  const copies = linked(1, P);
  copies.taken(A, 7, true);
  copies.sent(P, updates(A, 1, 7));
  copies.forget(A);
  copies.taken(A, 7, true);
  assert.deepEqual(copies.confirmed(P, 1, []), []);
  copies.sent(P, updates(A, 2, 7));
  assert.deepEqual(copies.confirmed(P, 2, []), [{ document: A, through: 7 }]);
});

test('REPL-13 a peer that confirms nothing does not fill the memory: it is to fetch what it was sent', () => {
  const copies = linked(1, P);
  let seq = 0;
  do {
    seq += 1;
    copies.taken(A, seq, true);
    assert.ok(seq < 20_000);
  } while (copies.sent(P, updates(A, seq, seq)));
  assert.deepEqual(copies.lackedBy(P), [A]);
  assert.deepEqual(copies.confirmed(P, seq, []), []);
  copies.sent(P, fetched(A, seq + 1));
  assert.deepEqual(copies.confirmed(P, seq + 1, []), [{ document: A, through: seq }]);
});
