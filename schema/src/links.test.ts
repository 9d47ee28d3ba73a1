import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSafeLink } from './links.ts';

test('addresses that lead somewhere are links', () => {
  for (const address of [
    'https://example.org/a?b#c',
    'http://localhost:8080',
    'mailto:a@example.org',
    'tel:+4930123',
  ])
    assert.equal(isSafeLink(address), true, address);
});

test('addresses that run or embed something are not', () => {
  const hidden = [
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
  ];
  for (const address of [
    ...hidden,
    'data:text/html,<b>',
    'vbscript:x',
    'file:///etc/passwd',
    '//example.org',
    'x',
    '',
    7,
    null,
  ])
    assert.equal(isSafeLink(address), false, String(address));
});
