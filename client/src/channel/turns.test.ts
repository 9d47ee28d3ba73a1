import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerTurns } from './turns.ts';

const URL_A = 'wss://a.example/yjs/plan?token=x';

test('OPER-9 another server is tried in turn, with the same path: when two attempts to resume failed, or one to begin', () => {
  const turns = new ServerTurns(['https://b.example', 'ws://c.example:81']);
  assert.equal(turns.address(URL_A), URL_A);
  assert.equal(turns.failed(1, true), false);
  assert.equal(turns.address(URL_A), URL_A);
  assert.equal(turns.failed(2, true), true);
  assert.equal(turns.address(URL_A), 'wss://b.example/yjs/plan?token=x');
  assert.equal(turns.failed(0, false), false);
  assert.equal(turns.failed(1, false), true);
  assert.equal(turns.address(URL_A), 'ws://c.example:81/yjs/plan?token=x');
  assert.equal(turns.failed(3, true), true);
  assert.equal(turns.address(URL_A), URL_A);
});

test('OPER-9 a server that restarts sends its people to the next, any other close does not', () => {
  const turns = new ServerTurns(['wss://b.example']);
  turns.closed(4205);
  assert.equal(turns.address(URL_A), URL_A);
  turns.closed(1012);
  assert.equal(turns.address(URL_A), 'wss://b.example/yjs/plan?token=x');
});

test('OPER-9 without other servers nothing changes, and what is no address is refused', () => {
  const turns = new ServerTurns([]);
  assert.equal(turns.failed(100, false), false);
  turns.closed(1012);
  assert.equal(turns.address(URL_A), URL_A);
  for (const origin of ['b.example', 'ftp://b.example', 'wss://b.example/hocuspocus', ''])
    assert.throws(() => new ServerTurns([origin]), SyntaxError, origin);
});
