import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback, isOriginAllowed, type OriginRules } from './origins.ts';

const OWN: OriginRules = { publicUrl: null, origins: [], checkHost: false };

test('a program sends no origin and may', () => {
  assert.equal(isOriginAllowed({ host: 'a:8080' }, OWN), true);
  assert.equal(isOriginAllowed({}, OWN), true);
});

test("the page's own origin may, with or without the default port, whatever ends TLS", () => {
  assert.equal(isOriginAllowed({ origin: 'http://a:8080', host: 'a:8080' }, OWN), true);
  assert.equal(isOriginAllowed({ origin: 'https://a', host: 'a' }, OWN), true);
  assert.equal(isOriginAllowed({ origin: 'https://a', host: 'a:443' }, OWN), true);
  assert.equal(isOriginAllowed({ origin: 'http://a', host: 'a:443' }, OWN), false);
  assert.equal(isOriginAllowed({ origin: 'http://A', host: 'a' }, OWN), true);
});

test('other pages may not', () => {
  for (const origin of [
    'http://b:8080',
    'http://a:8081',
    'http://a.b:8080',
    'null',
    '',
    'a:8080',
    'http://a:8080/',
    'http://x@a:8080',
    'file://',
    'chrome-extension://a:8080',
  ])
    assert.equal(isOriginAllowed({ origin, host: 'a:8080' }, OWN), false, origin);
  assert.equal(isOriginAllowed({ origin: 'http://a:8080' }, OWN), false);
});

test('the public address and named origins may', () => {
  const rules = {
    publicUrl: new URL('https://docs.example'),
    origins: ['https://wiki.example'],
    checkHost: false,
  };
  const host = '127.0.0.1:8080';
  assert.equal(isOriginAllowed({ origin: 'https://docs.example', host }, rules), true);
  assert.equal(isOriginAllowed({ origin: 'https://wiki.example', host }, rules), true);
  assert.equal(isOriginAllowed({ origin: 'http://docs.example', host }, rules), false);
  assert.equal(isOriginAllowed({ origin: 'https://docs.example.evil', host }, rules), false);
});

test('with the host checked, a rebound name is refused although it is "its own"', () => {
  const rules = {
    publicUrl: new URL('https://docs.example'),
    origins: ['http://wiki.example:81'],
    checkHost: true,
  };
  assert.equal(
    isOriginAllowed({ origin: 'http://evil.example:8080', host: 'evil.example:8080' }, rules),
    false,
  );
  assert.equal(isOriginAllowed({ host: 'evil.example' }, rules), false);
  assert.equal(isOriginAllowed({ host: '' }, rules), false);
  assert.equal(isOriginAllowed({ host: 'a b' }, rules), false);
  for (const host of ['localhost:8080', '127.0.0.1:8080', '127.8.8.8', '[::1]:8080', 'sheaf.localhost'])
    assert.equal(isOriginAllowed({ origin: `http://${host}`, host }, rules), true, host);
  assert.equal(isOriginAllowed({ host: 'docs.example' }, rules), true);
  assert.equal(isOriginAllowed({ host: 'wiki.example:81' }, rules), true);
  assert.equal(isOriginAllowed({ host: 'wiki.example:82' }, rules), false);
});

test('loopback names', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])
    assert.ok(isLoopback(host), host);
  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    'localhost.example',
    '127.0.0.1.example',
    '127.example',
    '',
  ])
    assert.ok(!isLoopback(host), host);
});
