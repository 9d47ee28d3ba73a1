import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sender, SendTurns } from './send-turns.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A document with `followers`, of whom each costs `cost` ms of the clock. */
class Followers implements Sender {
  readonly #tick: () => void;
  left: number;
  /** How many were served in each turn. */
  readonly parts: number[] = [];
  cost = 0;

  constructor(followers: number, tick: () => void) {
    this.left = followers;
    this.#tick = tick;
  }

  send(most: number): number {
    const served = Math.min(most, this.left);
    this.left -= served;
    for (let i = 0; i < served; i += 1) this.#tick();
    this.parts.push(served);
    return served;
  }

  sent(cost: number): void {
    this.cost = cost;
  }
}

test('FAN-6: a turn sends for about as long as it may, whatever a follower costs', async () => {
  for (const cost of [0.004, 0.05, 1]) {
    let clock = 0;
    const followers = new Followers(20_000, () => (clock += cost));
    const turns = new SendTurns(2, () => clock);
    turns.add(followers);
    while (followers.cost === 0) await turn();
    const longest = Math.max(...followers.parts.map((served) => served * cost));
    // The fewest are 16.
    assert.ok(longest <= Math.max(2.5, 16 * cost), `${longest} ms in one turn`);
    assert.ok(followers.parts.length < 20_000 / 16 + 10);
    assert.equal(followers.left, 0);
    assert.ok(Math.abs(followers.cost - 20_000 * cost) < 1e-6);
  }
});

test('FAN-6: documents take turns, and a small one does not wait for a large one', async () => {
  let clock = 0;
  const tick = (): void => void (clock += 0.1);
  const turns = new SendTurns(2, () => clock);
  const large = new Followers(1_000, tick);
  const small = new Followers(3, tick);
  turns.add(large);
  await turn();
  turns.add(small);
  await turn();
  await turn();
  assert.equal(small.left, 0);
  assert.ok(large.left > 900);
  assert.ok(Math.abs(small.cost - 0.3) < 1e-6, `its cost is its own: ${small.cost}`);
});
