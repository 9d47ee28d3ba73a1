import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame } from './frame.ts';

/** The first bytes of a frame of `length` zeros. */
function header(length: number): number[] {
  return [...encodeFrame(length).subarray(0, 10)];
}

test('RFC 6455, 5.2: a final binary frame with the shortest length, unmasked', () => {
  assert.deepEqual(header(0), [0x82, 0]);
  assert.deepEqual(header(125).slice(0, 2), [0x82, 125]);
  assert.deepEqual(header(126).slice(0, 4), [0x82, 126, 0, 126]);
  assert.deepEqual(header(65_535).slice(0, 4), [0x82, 126, 0xff, 0xff]);
  assert.deepEqual(header(65_536), [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
  assert.deepEqual([...encodeFrame(2 ** 33 + 5)], [0x82, 127, 0, 0, 0, 2, 0, 0, 0, 5]);
});

test('the payload stands behind the header, also when it is just the beginning', () => {
  assert.deepEqual([...encodeFrame(2, Uint8Array.of(7), Uint8Array.of(8))], [0x82, 2, 7, 8]);
  assert.deepEqual([...encodeFrame(300, Uint8Array.of(7, 8))], [0x82, 126, 1, 44, 7, 8]);
});
