import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClosedToggles } from './closed-toggles.ts';

function storage(kept: string | null = null) {
  const store = {
    kept,
    getItem: () => store.kept,
    setItem: (_key: string, value: string) => void (store.kept = value),
  };
  return store;
}

test('a closed toggle is closed again at the next visit, and an opened one is not', () => {
  const store = storage();
  const closed = new ClosedToggles(() => store);
  closed.set('1:2', true);
  closed.set('1:3', true);
  closed.set('1:2', false);
  const later = new ClosedToggles(() => store);
  assert.deepEqual([later.isClosed('1:2'), later.isClosed('1:3')], [false, true]);
});

test('what is kept stays small', () => {
  const store = storage();
  const closed = new ClosedToggles(() => store);
  for (let index = 0; index < 2_000; index += 1) closed.set(`1:${index}`, true);
  const later = new ClosedToggles(() => store);
  assert.deepEqual([later.isClosed('1:0'), later.isClosed('1:1999')], [false, true]);
});

test('a store that is forbidden, full or holds something else closes nothing and stops nobody', () => {
  for (const kept of ['{', '7', '{"a":1}', '[1,null]'])
    assert.equal(new ClosedToggles(() => storage(kept)).isClosed('1'), false);
  const forbidden = () => {
    throw new Error('forbidden');
  };
  const closed = new ClosedToggles(forbidden);
  closed.set('1', true);
  assert.equal(closed.isClosed('1'), true);
});
