import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDocumentName } from '../store/document-name.ts';
import { Persisting } from './persisting.ts';
import { Received } from './received.ts';

const [A, B] = [parseDocumentName('a'), parseDocumentName('b')];

/** Numbers `first` to `last` came, and are about a document. */
function come(
  parts: { received: Received; persisting: Persisting },
  first: number,
  last: number,
  document = A,
) {
  parts.received.add(first, last - first + 1);
  parts.persisting.add(first, last, [document]);
}

const fresh = () => ({ received: new Received(), persisting: new Persisting() });

test('REPL-14 what is on disk is told without a gap, and beyond one as ranges', () => {
  const parts = fresh();
  come(parts, 1, 2);
  come(parts, 3, 3, B);
  come(parts, 4, 6);
  assert.deepEqual(parts.persisting.of(parts.received), { through: 0, ahead: [] });
  parts.persisting.written(4, 6);
  assert.deepEqual(parts.persisting.of(parts.received), { through: 0, ahead: [4, 7] });
  parts.persisting.written(1, 2);
  assert.deepEqual(parts.persisting.of(parts.received), { through: 2, ahead: [4, 7] });
  parts.persisting.written(3, 3);
  assert.deepEqual(parts.persisting.of(parts.received), { through: 6, ahead: [] });
});

test('REPL-14 a fetch covers what came of its document before it began, and nothing later', () => {
  const parts = fresh();
  come(parts, 1, 1);
  come(parts, 2, 2, B);
  come(parts, 3, 3);
  parts.persisting.fetched(A, 2);
  assert.deepEqual(parts.persisting.of(parts.received), { through: 1, ahead: [] });
  parts.persisting.fetched(B, 3);
  assert.deepEqual(parts.persisting.of(parts.received), { through: 2, ahead: [] });
  parts.persisting.fetched(A, 3);
  assert.deepEqual(parts.persisting.of(parts.received), { through: 3, ahead: [] });
});

test('REPL-14 a comparison covers what came before it, but for the documents that differ', () => {
  const parts = fresh();
  come(parts, 1, 1);
  come(parts, 2, 2, B);
  come(parts, 3, 3, B);
  parts.persisting.compared(2, new Set([A]));
  assert.deepEqual(parts.persisting.of(parts.received), { through: 0, ahead: [2, 3] });
});

test('REPL-14 a disk that takes nothing does not fill the memory, and a comparison makes up for it', () => {
  const parts = fresh();
  for (let number = 1; number <= 25_000; number += 1) come(parts, number, number);
  assert.deepEqual(parts.persisting.of(parts.received), { through: 0, ahead: [] });
  parts.persisting.compared(25_000, new Set());
  assert.deepEqual(parts.persisting.of(parts.received), { through: 25_000, ahead: [] });
});
