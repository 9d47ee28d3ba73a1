import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeBeside } from './placement.ts';

const room = { width: 400, height: 300 };
const size = { width: 120, height: 80 };
const box = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 20 });

test('what opens stands below what it belongs to, above where there is no room, and never beyond the window', () => {
  const place = (left: number, top: number, rightToLeft = false) =>
    placeBeside(box(left, top), size, { room, rightToLeft });
  assert.deepEqual(place(50, 50), { left: 50, top: 76 });
  assert.deepEqual(place(200, 50, true), { left: 120, top: 76 });
  assert.deepEqual(place(50, 250), { left: 50, top: 164 });
  assert.deepEqual(place(380, 50), { left: 272, top: 76 });
  assert.deepEqual(place(0, 50, true), { left: 8, top: 76 });
  const low = { width: 120, height: 290 };
  assert.deepEqual(placeBeside(box(50, 100), low, { room, rightToLeft: false }), { left: 50, top: 8 });
  assert.deepEqual(placeBeside(box(50, 150), size, { room, rightToLeft: false, prefer: 'above' }), {
    left: 50,
    top: 64,
  });
});
