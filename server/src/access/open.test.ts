import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessContract } from './access-contract.ts';
import { OpenAccess } from './open.ts';

accessContract('open', () => Promise.resolve({ access: new OpenAccess(), token: '' }));

test('open: a grant does not end', async () => {
  assert.equal((await new OpenAccess().authorize()).expires, Infinity);
});
