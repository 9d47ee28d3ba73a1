import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_CHOICE } from './plan.ts';
import type { Choice } from './plan.ts';
import { MemoryChoices, REMEMBERED_MS, StoredChoices } from './memory.ts';

const CHOICE: Choice = {
  rung: 'poll',
  trouble: { websocket: 'cut', sse: 'held' },
  earlyDeaths: 2,
  demotedUntil: 7,
  streamDeaths: 1,
  streamDemotedUntil: 4,
  rowBytes: 70_000,
  webSocketTriedAt: 5,
  streamTriedAt: 4,
  notBefore: 3,
  known: true,
};

/** A browser's localStorage. */
class Store {
  readonly kept = new Map<string, string>();
  shut = false;

  getItem(key: string): string | null {
    if (this.shut) throw new DOMException('It is shut.', 'SecurityError');
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.shut) throw new DOMException('It is full.', 'QuotaExceededError');
    this.kept.set(key, value);
  }
}

for (const [name, create] of [
  ['in memory', () => new MemoryChoices()],
  ['in a store', () => new StoredChoices(new Store())],
] as const)
  test(`a choice is kept for its origin for 30 minutes, ${name}`, () => {
    const choices = create();
    assert.deepEqual(choices.recall('https://a.test', 0), NO_CHOICE);
    choices.remember('https://a.test', CHOICE, 1_000);
    assert.deepEqual(choices.recall('https://a.test', 1_000 + REMEMBERED_MS - 1), CHOICE);
    assert.deepEqual(choices.recall('https://b.test', 1_000), NO_CHOICE);
    // That a server knows channels is no matter of networks.
    assert.deepEqual(choices.recall('https://a.test', 1_000 + REMEMBERED_MS), { ...NO_CHOICE, known: true });
    // A clock that was set back.
    assert.deepEqual(choices.recall('https://a.test', 0), { ...NO_CHOICE, known: true });
  });

test('a reload finds what was stored', () => {
  const store = new Store();
  new StoredChoices(store).remember('https://a.test', CHOICE, 0);
  assert.deepEqual(new StoredChoices(store).recall('https://a.test', 1), CHOICE);
});

test('a store that is shut is done without', () => {
  const store = new Store();
  store.shut = true;
  const choices = new StoredChoices(store);
  choices.remember('https://a.test', CHOICE, 0);
  assert.deepEqual(choices.recall('https://a.test', 1), CHOICE);
});

test('what somebody else wrote there is nothing', () => {
  const store = new Store();
  const choices = new StoredChoices(store);
  choices.remember('https://a.test', CHOICE, 0);
  const [key = ''] = store.kept.keys();
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"at":0}',
    '{"at":0,"rung":"pigeon"}',
    '{"at":"x","rung":"sse"}',
  ]) {
    store.kept.set(key, text);
    const found = choices.recall('https://a.test', 1);
    assert.ok(found.rung === 'websocket' || found === CHOICE, text);
  }
});
