import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';
import { SERVERS } from './servers.ts';

test('without options it measures all servers, readers and rates of the issue', () => {
  const options = readOptions([]);
  assert.ok(options);
  assert.deepEqual(options.servers, SERVERS);
  assert.deepEqual(
    [options.readers, options.rates],
    [
      [10, 100],
      [100, 1_000, 10_000],
    ],
  );
  assert.deepEqual([options.fanOut, options.memory, options.capacity], [true, true, false]);
});

test('options are read', () => {
  const options = readOptions([
    '--rates',
    '10,20',
    '--servers',
    'broadcast',
    '--no-memory',
    '--json',
    'x.json',
  ]);
  assert.ok(options);
  assert.deepEqual(options.rates, [10, 20]);
  assert.deepEqual(
    options.servers.map(({ name }) => name),
    ['broadcast'],
  );
  assert.equal(options.memory, false);
  assert.equal(options.json, 'x.json');
});

test('a bad option is named', () => {
  assert.throws(() => readOptions(['--rates', '0']), /--rates needs numbers above 0/);
  assert.throws(() => readOptions(['--rounds', '1,2']), /--rounds needs one number/);
  assert.throws(() => readOptions(['--servers', 'etherpad']), /knows no "etherpad"/);
});
