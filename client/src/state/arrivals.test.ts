import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arrivals } from './arrivals.ts';

test('who was here before is no arrival, and nobody arrives twice', () => {
  const peer = (id: string) => ({ id, name: id, color: '#000000', clientId: 1, away: false });
  const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);
  const arrivals = new Arrivals();
  assert.deepEqual(arrivals.seen([peer('ada')], 0), []);
  assert.deepEqual(arrivals.seen([peer('ada'), peer('ben')], 2_900), []);
  assert.deepEqual(names(arrivals.seen([peer('ada'), peer('cleo'), peer('')], 3_100)), ['cleo']);
  assert.deepEqual(arrivals.seen([peer('ben')], 9_000), []);
});
