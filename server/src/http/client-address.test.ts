import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkTest } from './client-address.ts';

test('networks hold addresses, also IPv4 written as IPv6', () => {
  const trusted = networkTest(['127.0.0.0/8', '::1', '10.1.2.3']);
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '10.1.2.3', '::ffff:127.0.0.1'])
    assert.ok(trusted(address), address);
  for (const address of ['10.1.2.4', '::2', '', 'localhost']) assert.ok(!trusted(address), address);
});
