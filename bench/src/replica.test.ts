import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { Replica } from './replica.ts';
import { recordTyping } from './typing.ts';

const session = recordTyping({ writers: 3, count: 60, seed: 11 });

/** A clock that says 1, 2, 3, … */
function counter(): () => number {
  let time = 0;
  return () => (time += 1);
}

test('each update is noted once, when it became visible', () => {
  const replica = new Replica(session);
  const now = counter();
  for (const update of session.updates) replica.apply(update, now);
  assert.equal(replica.count, 60);
  assert.deepEqual(
    [...replica.times],
    session.updates.map((_, index) => index + 1),
  );
});

test('updates that a server merged are visible together', () => {
  const replica = new Replica(session);
  const now = counter();
  for (let from = 0; from < 60; from += 20)
    replica.apply(Y.mergeUpdates(session.updates.slice(from, from + 20)), now);
  assert.equal(replica.count, 60);
  assert.deepEqual(
    [...replica.times],
    session.updates.map((_, index) => Math.floor(index / 20) + 1),
  );
});

test('an update that Yjs parks is not visible until what it needs has come', () => {
  const replica = new Replica(session);
  const now = counter();
  const [first, , , second] = session.updates;
  assert.ok(first && second);
  replica.apply(second, now);
  assert.equal(replica.count, 0);
  replica.apply(first, now);
  assert.equal(replica.count, 2);
  assert.deepEqual([replica.times[0], replica.times[3]], [2, 2]);
});

test('an update that is repeated is not noted again', () => {
  const replica = new Replica(session);
  const now = counter();
  const [first] = session.updates;
  assert.ok(first);
  replica.apply(first, now);
  replica.apply(first, now);
  assert.equal(replica.count, 1);
  assert.equal(replica.times[0], 1);
});
