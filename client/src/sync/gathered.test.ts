import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestFrames } from './frames-for-tests.ts';
import { Gathered, pageFrames } from './gathered.ts';

function gather() {
  const page = new TestFrames();
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

/** A window that makes frames, and runs what waits, when it is told to. */
function testWindow() {
  const tasks = new Map<number, () => void>();
  const frames = new Map<number, FrameRequestCallback>();
  let [time, last] = [0, 0];
  const run = <Call>(all: Map<number, Call>, call: (one: Call) => void) => {
    const called = [...all.values()];
    all.clear();
    called.forEach(call);
  };
  const window = {
    document: { visibilityState: 'visible' },
    performance: { now: () => time },
    requestAnimationFrame: (call: FrameRequestCallback) => (frames.set((last += 1), call), last),
    cancelAnimationFrame: (id: number) => void frames.delete(id),
    setTimeout: (call: () => void) => (tasks.set((last += 1), call), last),
    clearTimeout: (id: number | undefined) => void (id !== undefined && tasks.delete(id)),
  } as const;
  return {
    window,
    frame: () => run(frames, (call) => call(time)),
    tasks: () => run(tasks, (call) => call()),
    pass: (ms: number) => (time += ms),
  };
}

test('what others do is shown behind a frame, in a task of its own, and not within it', () => {
  const { window, frame, tasks } = testWindow();
  const done: string[] = [];
  const frames = pageFrames(window);
  frames.onFrame(() => done.push('shown'));
  tasks();
  assert.equal(done.length, 0);
  frame();
  // What a frame calls runs between a key or click and the page's hearing where the selection is by that.
  done.push('frame ends');
  tasks();
  assert.deepEqual(done, ['frame ends', 'shown']);
  frame();
  tasks();
  assert.equal(done.length, 2);
});

test('what waits for a frame, or for the task behind it, is prevented', () => {
  const { window, frame, tasks } = testWindow();
  const frames = pageFrames(window);
  const never = () => assert.fail('It was prevented.');
  frames.onFrame(never)();
  const prevent = frames.onFrame(never);
  frame();
  prevent();
  tasks();
});

test('how long a frame takes to draw is from what it calls to the task behind it', () => {
  const { window, frame, tasks, pass } = testWindow();
  const drawn: number[] = [];
  pageFrames(window).onDrawn((ms) => drawn.push(ms));
  pass(50);
  frame();
  pass(7);
  tasks();
  assert.deepEqual(drawn, [7]);
});
