import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Retained } from './retained.ts';

test('CH-19: a buffer counts once for an address, until the last who keeps it lets go', () => {
  const retained = new Retained(100);
  const [shared, own] = [new ArrayBuffer(60), new ArrayBuffer(50)];
  retained.of('a').hold(shared);
  retained.of('a').hold(shared);
  assert.equal(retained.of('a').isOver, false);
  retained.of('a').hold(own);
  assert.equal(retained.of('a').isOver, true);
  retained.of('b').hold(own);
  assert.equal(retained.of('b').isOver, false);
  retained.of('a').release(shared);
  assert.equal(retained.of('a').isOver, true);
  retained.of('a').release(shared);
  assert.equal(retained.of('a').isOver, false);
  retained.of('a').release(own);
  retained.of('b').release(own);
  assert.equal(retained.size, 0);
});
