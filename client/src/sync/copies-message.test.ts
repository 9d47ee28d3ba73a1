import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCopies } from './copies-message.ts';

test('ACK-11 what a server tells of its nodes is read, and nothing else is taken for it', () => {
  assert.deepEqual(readCopies('{"sheaf":"copies","count":3,"nodes":1,"of":2}'), {
    count: 3,
    nodes: 1,
    of: 2,
  });
  const others = [
    '',
    'null',
    '1',
    '[]',
    '{"sheaf":"copies"}',
    '{"sheaf":"other","count":3,"nodes":1,"of":2}',
    '{"sheaf":"copies","count":0,"nodes":1,"of":2}',
    '{"sheaf":"copies","count":3,"nodes":2,"of":2}',
    '{"sheaf":"copies","count":3,"nodes":0,"of":2}',
    '{"sheaf":"copies","count":"many","nodes":1,"of":2}',
  ];
  for (const payload of others) assert.equal(readCopies(payload), null, payload);
});
