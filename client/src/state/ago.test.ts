import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago } from './ago.ts';

test('time passed is told in the largest unit that fits', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  const cases = [
    ['2026-03-10T12:00:05Z', 'now'],
    ['2026-03-10T11:59:30Z', 'now'],
    ['2026-03-10T11:57:00Z', '3 minutes ago'],
    ['2026-03-10T09:00:00Z', '3 hours ago'],
    ['2026-03-09T11:00:00Z', 'yesterday'],
    ['2026-02-20T12:00:00Z', '2 weeks ago'],
    ['2020-03-10T12:00:00Z', '5 years ago'],
  ] as const;
  for (const [then, words] of cases) assert.equal(ago(new Date(then), now, 'en'), words, then);
});
