import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlushWindow } from './flush-window.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('FAN-1: the first change goes out in the same turn, with all that came in it', async () => {
  let flushes = 0;
  const window = new FlushWindow({ flush: () => (flushes += 1), maxMs: 16, now: () => 0, load: () => 0 });
  window.request();
  window.request();
  assert.equal(flushes, 0);
  await turn();
  assert.equal(flushes, 1);
});

test('FAN-2: the window follows the cost of the last flush, wider on a busy loop, and no wider than told', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const { cost, load, waits } of [
    { cost: 0.2, load: 0, waits: 1 },
    { cost: 1, load: 0, waits: 4 },
    { cost: 1, load: 0.5, waits: 8 },
    { cost: 1, load: 0.99, waits: 16 },
  ]) {
    let clock = 0;
    let flushes = 0;
    const flush = (): void => {
      flushes += 1;
      clock += cost;
    };
    const window = new FlushWindow({ flush, maxMs: 16, now: () => clock, load: () => load });
    window.request();
    await turn();
    window.request();
    await turn();
    assert.equal(flushes, 1);
    t.mock.timers.tick(waits - 1);
    assert.equal(flushes, 1, `load ${load}: still open`);
    t.mock.timers.tick(1);
    assert.equal(flushes, 2, `load ${load}: over`);
  }
});
