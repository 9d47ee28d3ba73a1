import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showProgress } from './progress.ts';
import { quantiles } from './report.ts';

test('quantiles are nearest ranks; nothing measured has none', () => {
  const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
  assert.deepEqual(quantiles(samples), { p50: 100, p95: 190, p99: 198, max: 200 });
  assert.deepEqual(quantiles([7]), { p50: 7, p95: 7, p99: 7, max: 7 });
  assert.equal(quantiles([]), null);
});

test('progress is a bar on a terminal and a line elsewhere', () => {
  const progress = { played: 5, total: 10, sent: 5, acknowledged: 5, lostConnections: 0 };
  for (const isTTY of [true, false]) {
    let shown = '';
    const screen = { isTTY, columns: 80, write: (text: string) => void (shown += text) };
    const display = showProgress(screen, () => progress);
    display.say('A line.');
    display.stop();
    assert.match(shown, /A line\.\n/);
    assert.match(shown, /50 % {2}5 of 10 transactions/);
    assert.equal(shown.includes('\r'), isTTY);
    assert.equal(shown.includes('██████████··········'), isTTY);
    assert.ok(shown.endsWith('\n'));
  }
});
