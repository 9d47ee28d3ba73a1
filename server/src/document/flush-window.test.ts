import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlushWindow } from './flush-window.ts';
import { SendTurns } from './send-turns.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('FAN-1: the first change goes out in the same turn, with all that came in it', async () => {
  let rounds = 0;
  const serve = (): number => {
    rounds += 1;
    return 1;
  };
  const now = (): number => 0;
  const window = new FlushWindow({ serve, turns: new SendTurns(2, now), maxMs: 16, now, load: now });
  window.request();
  window.request();
  assert.equal(rounds, 0);
  await turn();
  assert.equal(rounds, 1);
});

test('FAN-2: the window follows the cost of the last round, wider on a busy loop, and no wider than told', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const { cost, load, waits } of [
    { cost: 1, load: 0, waits: 3 },
    { cost: 1, load: 0.5, waits: 6 },
    { cost: 1, load: 0.99, waits: 16 },
    { cost: 20, load: 0, waits: 12 },
  ]) {
    let clock = 0;
    let rounds = 0;
    const serve = (): number => {
      rounds += 1;
      clock += cost;
      return 1;
    };
    const now = (): number => clock;
    const turns = new SendTurns(2, now);
    const window = new FlushWindow({ serve, turns, maxMs: 16, now, load: () => load });
    window.request();
    await turn();
    window.request();
    await turn();
    assert.equal(rounds, 1);
    t.mock.timers.tick(waits - 1);
    await turn();
    assert.equal(rounds, 1, `load ${load}: still open`);
    t.mock.timers.tick(1);
    await turn();
    assert.equal(rounds, 2, `load ${load}: over`);
  }
});

test('FAN-2: a window shorter than a timer, or behind a round as long as two windows, is none', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const cost of [0.2, 40]) {
    let clock = 0;
    let rounds = 0;
    const serve = (): number => {
      rounds += 1;
      clock += cost;
      return 1;
    };
    const now = (): number => clock;
    const window = new FlushWindow({ serve, turns: new SendTurns(2, now), maxMs: 16, now, load: () => 0 });
    window.request();
    await turn();
    window.request();
    await turn();
    assert.equal(rounds, 2, `a round of ${cost} ms`);
  }
});

test('what comes for those who were served already is sent in another round', async () => {
  const asked: number[] = [];
  let left = 20;
  const now = (): number => 0;
  const serve = (most: number): number => {
    asked.push(most);
    const served = Math.min(most, left);
    left -= served;
    return served;
  };
  const window = new FlushWindow({ serve, turns: new SendTurns(2, now), maxMs: 16, now, load: now });
  window.request();
  await turn();
  assert.equal(left, 4);
  window.request();
  await turn();
  left = 20;
  await turn();
  await turn();
  assert.equal(left, 0);
});
