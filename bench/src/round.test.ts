import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRound, sessionLength, WRITERS } from './round.ts';
import { SERVERS } from './servers.ts';
import { recordTyping } from './typing.ts';

const pace = { rate: 10, seconds: 1, warmUp: { rate: 100, seconds: 0.2 } };

for (const server of SERVERS) {
  test(`a tiny round with ${server.name} accounts for every update`, async () => {
    const session = recordTyping({ writers: WRITERS, count: sessionLength(pace), seed: 7 });
    const { figures } = await runRound({ ...pace, server, readers: 3, pinned: false }, session);
    assert.ok(figures);
    assert.equal(figures.updates, 10);
    assert.equal(figures.arrived, 10);
    const { p50, p95, p99, max } = figures.latency;
    assert.ok(p50 > 0 && p50 <= p95 && p95 <= p99 && p99 <= max);
    assert.ok(figures.cpuPerUpdate > 0);
    assert.ok(Math.abs(figures.cpuPerUpdate / figures.cpuPerDelivery - (WRITERS - 1 + 3)) < 1e-6);
    // A letter is some 20 bytes as an update, and both readers that count got the same.
    assert.ok(figures.readerBytes.min > 10);
    assert.equal(figures.readerBytes.min, figures.readerBytes.max);
  });
}

test('a session is as long as its warm-up and its timed part', () => {
  assert.equal(sessionLength(pace), 20 + 10);
  assert.equal(sessionLength({ rate: 10_000, seconds: 3, warmUp: { rate: 1_000, seconds: 2 } }), 32_000);
});
