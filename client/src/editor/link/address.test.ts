import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf } from './address.ts';

test('what is typed as an address becomes one, and what is none is refused', () => {
  const cases: [string, string | null][] = [
    ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
    [' example.org ', 'https://example.org'],
    ['localhost:8080/d/plan', 'https://localhost:8080/d/plan'],
    ['example.org/a b', null],
    ['ada@example.org', 'mailto:ada@example.org'],
    ['mailto:ada@example.org', 'mailto:ada@example.org'],
    ['tel:+49301234', 'tel:+49301234'],
    ['javascript:alert(1)', null],
    ['JAVASCRIPT:alert(1)', null],
    ['data:text/html,x', null],
    ['file:///etc/passwd', null],
    ['', null],
    ['/', null],
  ];
  for (const [typed, address] of cases) assert.equal(addressOf(typed), address, typed);
});
