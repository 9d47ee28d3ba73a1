import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { RequestTurns } from './request-turns.ts';

test('STALL-1: so many requests begin in one turn, the others in order in the next', async () => {
  const turns = new RequestTurns(2);
  const begun: number[] = [];
  for (let i = 0; i < 5; i += 1) void turns.next().then(() => begun.push(i));
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(begun, [0, 1]);
  await turn();
  assert.deepEqual(begun, [0, 1, 2, 3]);
  await turn();
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  await turn();
  await turn();
  for (let i = 5; i < 7; i += 1) void turns.next().then(() => begun.push(i));
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(begun.length, 7);
});
