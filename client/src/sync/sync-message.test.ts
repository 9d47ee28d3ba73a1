import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as encoding from 'lib0/encoding';
import { readReceived } from './sync-message.ts';

/** A message of Hocuspocus's protocol: the document's name, numbers, and bytes. */
function message(numbers: readonly number[], bytes?: Uint8Array): ArrayBuffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, 'plan');
  for (const number of numbers) encoding.writeVarUint(encoder, number);
  if (bytes) encoding.writeVarUint8Array(encoder, bytes);
  return new Uint8Array(encoding.toUint8Array(encoder)).buffer;
}

const update = new Uint8Array([1, 2, 3]);

test('changes and answers are told apart, with the update that they bring', () => {
  assert.deepEqual(readReceived(message([0, 2], update)), { kind: 'change', update });
  assert.deepEqual(readReceived(message([0, 1], update)), { kind: 'answer', update });
});

test('presence is presence, and all else something else', () => {
  assert.deepEqual(readReceived(message([1], update)), { kind: 'presence' });
  assert.deepEqual(readReceived(message([0, 0], update)), { kind: 'other' });
  assert.deepEqual(readReceived(message([8, 1])), { kind: 'other' });
});

test('what is cut off is left to who reads it whole', () => {
  const whole = new Uint8Array(message([0, 2], update));
  for (let length = 0; length < whole.length; length += 1)
    assert.deepEqual(readReceived(whole.slice(0, length).buffer), { kind: 'other' });
});
