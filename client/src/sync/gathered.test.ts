import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gathered } from './gathered.ts';
import type { Frames } from './gathered.ts';

/** A page whose clock and frames go on when told to. */
class TestPage implements Frames {
  time = 0;
  shown = true;
  #timers: { at: number; fire: () => void }[] = [];
  #frame = new Set<() => void>();
  #drawn: ((ms: number) => void)[] = [];

  readonly now = () => this.time;
  readonly isShown = () => this.shown;
  readonly onFrame = (fire: () => void) => {
    this.#frame.add(fire);
    return () => this.#frame.delete(fire);
  };
  readonly onDrawn = (fire: (ms: number) => void) => this.#drawn.push(fire);
  readonly timer = (fire: () => void, ms: number) => {
    const timer = { at: this.time + ms, fire };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((one) => one !== timer));
  };

  /** A frame, of which drawing takes `ms`. */
  frame(ms = 0): void {
    const called = [...this.#frame];
    this.#frame.clear();
    for (const fire of called) fire();
    this.pass(ms);
    for (const fire of this.#drawn.splice(0)) fire(ms);
  }

  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.time = next.at;
      next.fire();
    }
    this.time = until;
  }
}

function gather() {
  const page = new TestPage();
  const taken: string[] = [];
  const gathered = new Gathered<string>(page, (items) => taken.push(items.join(' ')));
  return { page, taken, gathered };
}

test('what comes before a frame is handed on together, in its order, with the frame', () => {
  const { page, taken, gathered } = gather();
  gathered.add('a');
  gathered.add('b');
  assert.deepEqual(taken, []);
  page.frame();
  assert.deepEqual(taken, ['a b']);
  page.frame();
  page.pass(1_000);
  assert.deepEqual(taken, ['a b']);
});

test('where showing takes long, the next rest lasts four times as long', () => {
  const { page, taken, gathered } = gather();
  gathered.add('a');
  page.frame(20);
  gathered.add('b');
  page.pass(79);
  page.frame();
  assert.deepEqual(taken, ['a']);
  page.pass(1);
  page.frame();
  assert.deepEqual(taken, ['a', 'b']);
});

test('nothing waits longer than 100 ms for a frame, or for the rest to end', () => {
  const { page, taken, gathered } = gather();
  gathered.add('a');
  page.pass(99);
  assert.deepEqual(taken, []);
  page.pass(1);
  assert.deepEqual(taken, ['a']);
  page.frame(5_000);
  gathered.add('b');
  page.pass(100);
  page.frame();
  assert.deepEqual(taken, ['a', 'b']);
});

test('a page that nobody sees draws no frames: what comes there is handed on at once, with what waited', () => {
  const { page, taken, gathered } = gather();
  gathered.add('a');
  page.shown = false;
  gathered.add('b');
  assert.deepEqual(taken, ['a b']);
  page.frame();
  page.pass(1_000);
  assert.deepEqual(taken, ['a b']);
});

test('a thousand that wait are handed on at once', () => {
  const { taken, gathered } = gather();
  for (let number = 0; number < 999; number += 1) gathered.add('x');
  assert.equal(taken.length, 0);
  gathered.add('x');
  assert.equal(taken[0]?.split(' ').length, 1_000);
});

test('what waits is handed on when it is asked for, and dropped at the end', () => {
  const { page, taken, gathered } = gather();
  gathered.add('a');
  gathered.flush();
  assert.deepEqual(taken, ['a']);
  gathered.flush();
  gathered.add('b');
  gathered.end();
  page.frame();
  page.pass(1_000);
  assert.deepEqual(taken, ['a']);
});
