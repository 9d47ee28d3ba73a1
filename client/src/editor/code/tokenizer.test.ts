import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMING_MS, LONGEST_MS, Tokenizer } from './tokenizer.ts';

/** A worker that answers when it is told to. */
class TestWorker extends EventTarget {
  readonly asked: unknown[] = [];
  ended = false;

  postMessage(request: unknown): void {
    this.asked.push(request);
  }

  terminate(): void {
    this.ended = true;
  }
}

function setUp() {
  const workers: TestWorker[] = [];
  const tokenizer = new Tokenizer(() => {
    const worker = new TestWorker();
    workers.push(worker);
    // What a tokenizer uses of one.
    return worker as unknown as Worker;
  });
  return { tokenizer, workers };
}

/** What a worker says first: that it is there. */
const ready = () => new MessageEvent('message', { data: null });
const CODE = { code: 'a', language: 'json' };

test('CODE-3: what a worker finds is the answer, and it stays for the next', async () => {
  const { tokenizer, workers } = setUp();
  for (const tokens of [Uint32Array.of(0, 1, 2), Uint32Array.of()]) {
    const found = tokenizer.tokens(CODE);
    if (tokens.length > 0) workers[0]?.dispatchEvent(ready());
    workers[0]?.dispatchEvent(new MessageEvent('message', { data: tokens }));
    assert.equal(await found, tokens);
  }
  assert.deepEqual(
    workers.map(({ asked }) => asked),
    [[CODE, CODE]],
  );
});

test('CODE-3: however long a worker takes to come, the code that waits for it has its time from then on', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { tokenizer, workers } = setUp();
  const found = tokenizer.tokens(CODE);
  t.mock.timers.tick(COMING_MS - 1);
  assert.equal(workers[0]?.ended, false);
  workers[0]?.dispatchEvent(ready());
  t.mock.timers.tick(LONGEST_MS - 1);
  workers[0]?.dispatchEvent(new MessageEvent('message', { data: Uint32Array.of(0, 1, 2) }));
  assert.deepEqual(await found, Uint32Array.of(0, 1, 2));
  // The next has its own time, of a worker that is there.
  const slow = tokenizer.tokens(CODE);
  t.mock.timers.tick(LONGEST_MS);
  assert.equal(await slow, null);
});

test('CODE-3: for a worker that does not come nothing waits for ever, and the next code has another', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { tokenizer, workers } = setUp();
  const found = tokenizer.tokens(CODE);
  t.mock.timers.tick(COMING_MS);
  assert.equal(await found, null);
  assert.equal(workers[0]?.ended, true);
  void tokenizer.tokens(CODE);
  assert.equal(workers.length, 2);
});

test('CODE-3: code that takes too long, or on which the worker fails, is left plain, and the next has another worker', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { tokenizer, workers } = setUp();
  const slow = tokenizer.tokens(CODE);
  workers[0]?.dispatchEvent(ready());
  t.mock.timers.tick(LONGEST_MS - 1);
  assert.equal(workers[0]?.ended, false);
  t.mock.timers.tick(1);
  assert.equal(await slow, null);
  assert.equal(workers[0]?.ended, true);
  const failing = tokenizer.tokens(CODE);
  workers[1]?.dispatchEvent(new Event('error'));
  assert.equal(await failing, null);
  assert.equal(workers[1]?.ended, true);
  const good = tokenizer.tokens(CODE);
  workers[2]?.dispatchEvent(new MessageEvent('message', { data: Uint32Array.of() }));
  assert.deepEqual(await good, Uint32Array.of());
  t.mock.timers.tick(LONGEST_MS);
  assert.equal(workers[2]?.ended, false);
});
