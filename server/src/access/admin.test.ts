import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdminAccess } from './admin.ts';

test('ADMIN-1 a token decides where there is one, also with open access on loopback', () => {
  for (const open of [true, false]) {
    const access = new AdminAccess('a token of some length', open);
    access.check('a token of some length');
    for (const wrong of ['', 'a token of some lengt', 'a token of some length '])
      assert.throws(() => access.check(wrong), { code: 'unauthorized' }, wrong);
  }
});

test('ADMIN-1 without a token only who is on the machine of an open server', () => {
  new AdminAccess(null, true).check('');
  new AdminAccess(null, true).check('any');
  assert.throws(() => new AdminAccess(null, false).check(''), { code: 'forbidden' });
});
