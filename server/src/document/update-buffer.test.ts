import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { admit, judge, type Piece } from './judge.ts';
import { Knowledge } from './knowledge.ts';
import { UpdateBuffer } from './update-buffer.ts';

/** What ten authors type by turns, judged, with the document that it makes. */
function typed(count: number): { pieces: Piece[]; doc: Y.Doc; known: Knowledge } {
  const known = new Knowledge();
  const doc = new Y.Doc();
  const pieces: Piece[] = [];
  const authors = Array.from({ length: 10 }, (_, i) => {
    const author = new Y.Doc();
    author.clientID = 1_000_000_000 - 7919 * i;
    author.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'remote') return;
      const verdict = judge(known, update, DEFAULT_LIMITS);
      assert.equal(verdict.kind, 'new');
      if (verdict.kind !== 'new') return;
      admit(known, verdict.piece);
      pieces.push(verdict.piece);
      Y.applyUpdate(doc, update);
    });
    return author;
  });
  for (let i = 0; i < count; i += 1) {
    const author = authors[i % authors.length];
    if (author === undefined) break;
    Y.applyUpdate(author, Y.encodeStateAsUpdate(doc), 'remote');
    const text = author.getText('text');
    if (i % 7 === 6) text.delete((i * 31) % text.length, 1);
    else text.insert((i * 13) % (text.length + 1), String.fromCharCode(97 + (i % 26)));
  }
  return { pieces, doc, known };
}

function deleteSetOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc)).slice(1);
}

function load(...updates: Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  assert.equal(doc.store.pendingStructs, null);
  assert.equal(doc.store.pendingDs, null);
  return doc;
}

function assertSame(actual: Y.Doc, expected: Y.Doc): void {
  assert.deepEqual(Y.encodeStateAsUpdate(actual), Y.encodeStateAsUpdate(expected));
}

test('the merged update makes the document that the pieces make', () => {
  const { pieces, doc } = typed(400);
  const buffer = new UpdateBuffer();
  for (const piece of pieces) buffer.add(piece);
  assert.equal(buffer.count, 400);
  assertSame(load(buffer.toUpdate()), doc);
  assert.equal(buffer.toUpdate(), buffer.toUpdate());
});

test('nothing held is an empty update', () => {
  const buffer = new UpdateBuffer();
  assert.deepEqual(buffer.toUpdate(), Uint8Array.of(0, 0));
  assert.deepEqual(buffer.since(0), Uint8Array.of(0, 0));
});

test('since a position come the pieces behind it', () => {
  const { pieces, doc } = typed(120);
  const buffer = new UpdateBuffer();
  for (const piece of pieces.slice(0, 50)) buffer.add(piece);
  const early = buffer.toUpdate();
  const position = buffer.count;
  for (const piece of pieces.slice(50)) buffer.add(piece);
  assertSame(load(early, buffer.since(position)), doc);
  assert.deepEqual(buffer.since(buffer.count), Uint8Array.of(0, 0));
});

test('what a compaction holds is dropped, and the rest goes on', () => {
  const { pieces, doc } = typed(120);
  const buffer = new UpdateBuffer();
  for (const piece of pieces.slice(0, 60)) buffer.add(piece);
  const early = buffer.since(0);
  for (const piece of pieces.slice(60, 90)) buffer.add(piece);
  buffer.dropBefore(60);
  assert.equal(buffer.count, 30);
  for (const piece of pieces.slice(90)) buffer.add(piece);
  assertSame(load(early, buffer.toUpdate()), doc);
});

test('a delete set joins the tail', () => {
  const { pieces, doc } = typed(200);
  const buffer = new UpdateBuffer();
  for (const piece of pieces) buffer.add(piece);
  const gone = load(Y.encodeStateAsUpdate(doc));
  gone.getText('text').delete(0, 20);
  const update = buffer.toUpdate({ deleteSet: deleteSetOf(gone) });
  assertSame(load(update), gone);
  assertSame(load(buffer.toUpdate()), doc);
  assert.throws(
    () => buffer.toUpdate({ deleteSet: Uint8Array.of(9) }),
    (thrown) => thrown instanceof SheafError && thrown.code === 'malformed',
  );
});

test('the bytes of a piece are copied', () => {
  const { pieces, doc } = typed(60);
  const buffer = new UpdateBuffer();
  for (const piece of pieces) {
    const source = piece.source.slice();
    buffer.add({ ...piece, source });
    source.fill(0);
  }
  assertSame(load(buffer.toUpdate()), doc);
});

test('after clear anything may come, before it only what continues', () => {
  const { pieces } = typed(40);
  const [first, , , , , , , , , , later] = pieces;
  assert.ok(first !== undefined && later !== undefined);
  const buffer = new UpdateBuffer();
  buffer.add(first);
  assert.throws(
    () => buffer.add(first),
    (thrown) => thrown instanceof SheafError && thrown.code === 'internal',
  );
  buffer.add(later);
  buffer.clear();
  assert.equal(buffer.count, 0);
  assert.equal(buffer.byteLength, 0);
  buffer.add(first);
});

test('a retained piece takes its bytes and little more', () => {
  const { pieces } = typed(1000);
  const buffer = new UpdateBuffer();
  let bytes = 0;
  for (const piece of pieces) {
    buffer.add(piece);
    bytes += piece.source.length;
  }
  assert.ok(buffer.byteLength - bytes < 3 * pieces.length, `${buffer.byteLength} for ${bytes}`);
});

test('a large first piece in a buffer of its own is not copied until another comes; the outcome is the same', () => {
  const author = new Y.Doc();
  author.getText('text').insert(0, 'x'.repeat(1024 * 1024));
  author.getText('text').delete(5, 5);
  const large = Y.encodeStateAsUpdate(author);
  const known = new Knowledge();
  const take = (update: Uint8Array): Piece => {
    const verdict = judge(known, update, { ...DEFAULT_LIMITS, judgeBytes: Infinity });
    assert.ok(verdict.kind === 'new');
    admit(known, verdict.piece);
    return verdict.piece;
  };
  const first = take(large);
  const buffer = new UpdateBuffer();
  buffer.add(first);
  assert.equal(buffer.toUpdate(), large);
  assert.equal(buffer.since(0), large);
  assert.deepEqual([buffer.count, buffer.byteLength], [1, large.length]);
  buffer.trim();
  assertSame(load(large, buffer.since(1)), load(large));
  let more = new Uint8Array();
  author.once('update', (update: Uint8Array) => (more = new Uint8Array(update)));
  author.getText('text').insert(3, 'more');
  buffer.add(take(more));
  assert.equal(buffer.count, 2);
  assertSame(load(buffer.toUpdate()), author);
  assertSame(load(large, buffer.since(1)), author);
  buffer.dropBefore(1);
  assertSame(load(large, buffer.toUpdate()), author);

  const alone = new UpdateBuffer();
  alone.add(first);
  assertSame(load(alone.toUpdate({ deleteSet: deleteSetOf(author) })), load(large));
  const dropped = new UpdateBuffer();
  dropped.add(first);
  dropped.dropBefore(1);
  assert.deepEqual([dropped.count, dropped.byteLength, dropped.toUpdate().length], [0, 0, 2]);
});
