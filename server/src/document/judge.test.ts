import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { DEFAULT_LIMITS } from '../limits.ts';
import { admit, judge, pieceBytes, type Piece, type Verdict } from './judge.ts';
import { Knowledge } from './knowledge.ts';

/** An update by hand: numbers become varUints, strings varStrings. */
function bytes(...parts: (number | string)[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of parts)
    if (typeof part === 'number') encoding.writeVarUint(encoder, part);
    else encoding.writeVarString(encoder, part);
  return encoding.toUint8Array(encoder);
}

/** A root text's first item by client 5: four letters, clocks 0 to 3. */
const FOUR = bytes(1, 1, 5, 0, 4, 1, 'text', 'abcd', 0);

function knowing(...updates: Uint8Array[]): Knowledge {
  const known = new Knowledge();
  for (const update of updates) admit(known, pieceOf(judge(known, update, DEFAULT_LIMITS)));
  return known;
}

function pieceOf(verdict: Verdict): Piece {
  assert.equal(verdict.kind, 'new', JSON.stringify(verdict));
  if (verdict.kind !== 'new') throw new Error('unreachable');
  return verdict.piece;
}

function told(known: Knowledge, update: Uint8Array, limits = {}): string {
  const verdict = judge(known, update, { ...DEFAULT_LIMITS, ...limits });
  if (verdict.kind === 'slow') return `slow ${verdict.reason}`;
  return verdict.kind === 'refused' ? `refused ${verdict.code}` : verdict.kind;
}

test('what continues the document is new, once', () => {
  const known = new Knowledge();
  const verdict = judge(known, FOUR, DEFAULT_LIMITS);
  const piece = pieceOf(verdict);
  assert.deepEqual(verdict.kind === 'new' && verdict.newClients, [5]);
  assert.equal(pieceBytes(piece), FOUR);
  assert.equal(known.clock(5), 0, 'judging changes nothing');
  admit(known, piece);
  assert.equal(known.clock(5), 4);
  assert.equal(told(known, FOUR), 'known');
  assert.equal(told(known, bytes(0, 0)), 'known');
});

test('structs behind the next clock are a gap, told with its client', () => {
  const later = bytes(1, 1, 5, 7, 4, 1, 'text', 'x', 0);
  assert.deepEqual(judge(knowing(FOUR), later, DEFAULT_LIMITS), { kind: 'slow', reason: 'gap', gaps: [5] });
});

test('a placeholder is a gap, unless what it stands for is known', () => {
  assert.equal(told(knowing(FOUR), bytes(1, 2, 5, 4, 10, 3, 4, 1, 'text', 'x', 0)), 'slow gap');
  const within = bytes(1, 2, 5, 0, 10, 4, 4, 1, 'text', 'x', 0);
  const piece = pieceOf(judge(knowing(FOUR), within, DEFAULT_LIMITS));
  assert.deepEqual(pieceBytes(piece), bytes(1, 1, 5, 4, 4, 1, 'text', 'x', 0));
});

test('a struct that is known in part is left to Yjs', () => {
  assert.equal(told(knowing(FOUR), bytes(1, 1, 5, 2, 4, 1, 'text', 'abcd', 0)), 'slow overlap');
});

test('known structs are left out of the piece', () => {
  const two = bytes(1, 2, 5, 0, 4, 1, 'text', 'abcd', 4, 1, 'text', 'xyz', 0);
  const piece = pieceOf(judge(knowing(FOUR), two, DEFAULT_LIMITS));
  assert.equal(piece.whole, false);
  assert.deepEqual(pieceBytes(piece), bytes(1, 1, 5, 4, 4, 1, 'text', 'xyz', 0));
});

test('a reference to what is not known is a dependency, also from a known struct', () => {
  const parent = bytes(1, 1, 6, 0, 4, 0, 5, 9, 'x', 0);
  assert.equal(told(knowing(FOUR), parent), 'slow dependency');
  const known = knowing(FOUR, bytes(1, 1, 6, 0, 4, 1, 'text', 'x', 0));
  assert.equal(told(known, parent), 'slow dependency');
});

test('a reference to oneself or to a later clock of the same client is malformed', () => {
  for (const clock of [4, 5])
    assert.equal(told(knowing(FOUR), bytes(1, 1, 5, 4, 4, 0, 5, clock, 'x', 0)), 'refused malformed');
  assert.equal(told(knowing(FOUR), bytes(1, 1, 5, 4, 4, 0, 5, 3, 'x', 0)), 'new');
});

test('clients of one update may need each other in either order', () => {
  const high = [1, 9, 0, 4, 0, 5, 0, 'x'];
  const low = [1, 5, 0, 7, 1, 'list', 1];
  assert.equal(told(new Knowledge(), bytes(2, ...high, ...low, 0)), 'new');
  assert.equal(told(new Knowledge(), bytes(2, ...low, ...high, 0)), 'new');
  assert.equal(told(new Knowledge(), bytes(1, ...high, 0)), 'slow dependency');
  const circle = bytes(2, 1, 9, 0, 4, 0, 5, 0, 'x', 1, 5, 0, 4, 0, 9, 0, 'y', 0);
  assert.equal(told(new Knowledge(), circle), 'slow dependency');
  const between = bytes(2, 2, 9, 0, 7, 1, 'list', 1, 7, 0, 5, 0, 1, 2, 5, 0, 7, 0, 9, 0, 1, 7, 0, 9, 1, 1, 0);
  assert.equal(told(new Knowledge(), between), 'new');
});

test('a client twice, no structs, and no length are left to Yjs', () => {
  assert.equal(told(new Knowledge(), bytes(2, 1, 5, 0, 0, 1, 1, 5, 1, 0, 1, 0)), 'slow unusual');
  assert.equal(told(new Knowledge(), bytes(1, 0, 5, 0, 0)), 'slow unusual');
  assert.equal(told(new Knowledge(), bytes(1, 1, 5, 0, 0, 0, 0)), 'slow unusual');
  assert.equal(told(new Knowledge(), bytes(1, 1, 5, 0, 4, 1, 'text', '', 0)), 'slow unusual');
  assert.equal(told(knowing(FOUR), bytes(0, 1, 5, 1, 2, 0)), 'slow unusual');
  assert.equal(told(new Knowledge(), bytes(1, 1, 5, 0, 0, 2 ** 41, 0)), 'slow unusual');
});

test('a map entry longer than one clock is left to Yjs, unless it is deleted', () => {
  assert.equal(told(new Knowledge(), bytes(1, 1, 5, 0, 4 + 32, 1, 'map', 'key', 'xy', 0)), 'slow unusual');
  assert.equal(told(new Knowledge(), bytes(1, 1, 5, 0, 1 + 32, 1, 'map', 'key', 3, 0)), 'new');
});

test('deletes are new, known, or split into both', () => {
  const known = knowing(FOUR);
  assert.equal(told(known, bytes(0, 1, 5, 1, 3, 2)), 'slow deletes');
  assert.equal(told(known, bytes(0, 1, 6, 1, 0, 1)), 'slow deletes');
  const middle = bytes(0, 1, 5, 1, 1, 2);
  admit(known, pieceOf(judge(known, middle, DEFAULT_LIMITS)));
  assert.equal(told(known, middle), 'known');
  const around = pieceOf(judge(known, bytes(0, 1, 5, 1, 0, 4), DEFAULT_LIMITS));
  assert.deepEqual(pieceBytes(around), bytes(0, 1, 5, 2, 0, 1, 3, 1));
  assert.equal(told(known, bytes(0, 1, 5, 2, 3, 1, 0, 1)), 'slow unusual', 'out of order');
});

test('an update may delete its own structs', () => {
  assert.equal(told(new Knowledge(), bytes(1, 1, 5, 0, 4, 1, 'text', 'abcd', 1, 5, 1, 1, 3)), 'new');
});

test('the whole delete set of a client that comes back is known', () => {
  const doc = new Y.Doc();
  const known = new Knowledge();
  doc.on('update', (update: Uint8Array) => admit(known, pieceOf(judge(known, update, DEFAULT_LIMITS))));
  const text = doc.getText('text');
  text.insert(0, 'x'.repeat(300));
  for (let i = 0; i < 100; i += 1) text.delete(2 * i, 1);
  assert.equal(told(known, Y.encodeStateAsUpdate(doc, known.stateVector())), 'known');
  assert.equal(told(known, Y.encodeStateAsUpdate(doc)), 'known');
  doc.getText('text').insert(5, 'more');
  assert.equal(told(known, Y.encodeStateAsUpdate(doc)), 'known');
});

test('every truncation is malformed', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'é text', { bold: true });
  doc.getMap('map').set('key', { a: [1, 0.5, new Uint8Array(2)] });
  doc.getText('text').delete(1, 2);
  const update = Y.encodeStateAsUpdate(doc);
  for (let length = 0; length < update.length; length += 1)
    assert.equal(told(new Knowledge(), update.subarray(0, length)), 'refused malformed', `${length} bytes`);
});

test('bytes behind the end are malformed: updates of version 2 look like that', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'abc');
  assert.equal(told(new Knowledge(), Y.encodeStateAsUpdateV2(doc)), 'refused malformed');
  assert.equal(told(new Knowledge(), Uint8Array.of(0, 0, 0)), 'refused malformed');
});

test('unknown kinds of structs and of types are malformed', () => {
  assert.equal(told(new Knowledge(), bytes(1, 1, 5, 0, 11, 1, 'text', 0)), 'refused malformed');
  assert.equal(told(new Knowledge(), bytes(1, 1, 5, 0, 7, 1, 'list', 7, 0)), 'refused malformed');
});

test('documents inside documents are refused', () => {
  const doc = new Y.Doc();
  doc.getMap('map').set('inner', new Y.Doc());
  assert.equal(told(new Knowledge(), Y.encodeStateAsUpdate(doc)), 'refused subdocument');
});

test('size, structs, ranges, types and clients are bounded', () => {
  const doc = new Y.Doc();
  const list = doc.getArray('list');
  for (let i = 0; i < 6; i += 1) list.insert(0, [new Y.Map(), 'x']);
  for (let i = 0; i < 4; i += 1) list.delete(2 * i, 1);
  const update = Y.encodeStateAsUpdate(doc);
  const known = new Knowledge();
  assert.equal(told(known, update), 'new');
  assert.equal(told(known, update, { judgeBytes: update.length - 1 }), 'slow size');
  assert.equal(told(known, update, { judgeStructs: 5 }), 'slow size');
  assert.equal(told(known, update, { judgeRanges: 1 }), 'slow size');
  assert.equal(told(known, update, { judgeTypes: 1 }), 'slow types');
  assert.equal(told(known, update, { documentClients: 0 }), 'slow clients');
});

test('types inside types are counted until somebody measures', () => {
  const known = new Knowledge();
  const list = bytes(1, 1, 5, 0, 7, 1, 'list', 1, 0);
  admit(known, pieceOf(judge(known, list, DEFAULT_LIMITS)));
  assert.equal(known.nestingBound, 1);
  admit(known, pieceOf(judge(known, bytes(1, 1, 5, 1, 7, 0, 5, 0, 1, 0), DEFAULT_LIMITS)));
  assert.equal(known.nestingBound, 2);
  const deeper = bytes(1, 1, 5, 2, 7, 0, 5, 1, 1, 0);
  assert.equal(told(known, deeper, { nesting: 2 }), 'slow nesting');
  known.measured(1, known.nestingAdded);
  assert.equal(told(known, deeper, { nesting: 2 }), 'new');
});

test('the judged bytes may lie anywhere in a larger buffer', () => {
  const chunk = new Uint8Array(FOUR.length + 20).fill(4);
  chunk.set(FOUR, 10);
  const piece = pieceOf(judge(new Knowledge(), chunk.subarray(10, 10 + FOUR.length), DEFAULT_LIMITS));
  assert.deepEqual(pieceBytes(piece), FOUR);
  assert.equal(told(new Knowledge(), chunk.subarray(10, 9 + FOUR.length)), 'refused malformed');
});
