import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { SheafError } from '../error.ts';
import { ByteReader } from './byte-reader.ts';
import { varUintSize, writeVarUint } from './byte-writer.ts';
import { makeRandom } from './random-edits.ts';

function encoded(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function isMalformed(thrown: unknown): boolean {
  return thrown instanceof SheafError && thrown.code === 'malformed';
}

test('varUints are read and written as lib0 does', () => {
  for (const value of [
    0,
    1,
    127,
    128,
    16383,
    16384,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 40,
    Number.MAX_SAFE_INTEGER,
  ]) {
    const bytes = encoded((encoder) => encoding.writeVarUint(encoder, value));
    assert.equal(new ByteReader(bytes).varUint(), value);
    const mine = new Uint8Array(varUintSize(value));
    assert.equal(writeVarUint(mine, 0, value), mine.length);
    assert.deepEqual(mine, bytes);
  }
});

test('a number above 2^53 and an end in the middle are malformed', () => {
  for (const bytes of [[255, 255, 255, 255, 255, 255, 255, 255, 255, 1], [128], [], [128, 128]])
    assert.throws(() => new ByteReader(Uint8Array.from(bytes)).varUint(), isMalformed);
  assert.throws(() => new ByteReader(Uint8Array.from([3, 65, 66])).varString(), isMalformed);
});

test("a string's length is counted in UTF-16 units", () => {
  for (const text of [
    '',
    'plain',
    'é',
    '字',
    '😀',
    'a😀字é\u0000',
    '\ufeffx',
    '\u{10ffff}',
    '\ud7ff\ue000',
  ]) {
    const bytes = encoded((encoder) => encoding.writeVarString(encoder, text));
    assert.equal(new ByteReader(bytes).varString(), text.length);
  }
});

test('text that is not UTF-8 is malformed exactly where the decoder of Yjs refuses it', () => {
  const random = makeRandom(7);
  const pool = [
    0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
  ];
  let valid = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const text = Array.from(
      { length: 1 + Math.floor(random() * 4) },
      () => pool[Math.floor(random() * pool.length)] ?? 0,
    );
    const bytes = Uint8Array.from([text.length, ...text]);
    let wanted: number | null = null;
    try {
      wanted = decoding.readVarString(decoding.createDecoder(bytes)).length;
      valid += 1;
    } catch {
      // The decoder's refusal is what is compared with.
    }
    if (wanted === null) assert.throws(() => new ByteReader(bytes).varString(), isMalformed, String(text));
    else assert.equal(new ByteReader(bytes).varString(), wanted, String(text));
  }
  assert.ok(valid > 500);
});

test('values of every kind are passed over', () => {
  const values = [
    undefined, null, true, false, 0, -0, 63, -64, 2 ** 31, -5e9, 0.5, 1e300, 12n, '', 'text', [], {}, [[1], [2, []]],
    { a: { b: [1, 'x'] }, c: null }, new Uint8Array(3), [{}, {}, [new Uint8Array(0)]],
  ]; // prettier-ignore
  for (const value of values) {
    const bytes = encoded((encoder) => encoding.writeAny(encoder, value));
    const reader = new ByteReader(bytes);
    reader.any();
    assert.equal(reader.position, bytes.length);
    assert.equal(reader.unusual, false);
  }
});

test('a value nested deeper than 100 is passed over, but unusual', () => {
  const deep = Uint8Array.from([...Array.from({ length: 30_000 }, () => [117, 1]).flat(), 126]);
  const reader = new ByteReader(deep);
  reader.any();
  assert.equal(reader.position, deep.length);
  assert.equal(reader.unusual, true);
});

test('an unknown kind of value and the key __proto__ are malformed', () => {
  assert.throws(() => new ByteReader(Uint8Array.from([115])).any(), isMalformed);
  const proto = encoded((encoder) => {
    encoding.writeUint8(encoder, 118);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, '__proto__');
    encoding.writeAny(encoder, new Uint8Array(1));
  });
  assert.throws(() => new ByteReader(proto).any(), isMalformed);
});

test('JSON is parsed, and unusual when nested deeply', () => {
  const read = (text: string, orUndefined = false): boolean => {
    const reader = new ByteReader(encoded((encoder) => encoding.writeVarString(encoder, text)));
    reader.json(orUndefined);
    return reader.unusual;
  };
  assert.equal(read('{"a":[1,"x"]}'), false);
  assert.equal(read('undefined', true), false);
  assert.equal(read(`${'['.repeat(100)}${']'.repeat(100)}`), false);
  assert.equal(read(`${'['.repeat(101)}${']'.repeat(101)}`), true);
  for (const text of ['undefined', '', '{', "{'a':1}", '\ufefftrue'])
    assert.throws(() => read(text), isMalformed);
});
