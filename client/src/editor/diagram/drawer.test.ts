import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Drawer } from './drawer.ts';
import type { DrawRequest } from './frame-messages.ts';
import { DRAW_MS, IDLE_MS, LARGEST_DRAWING, LARGEST_SIDE, LONGEST_SOURCE, MOST_KEPT } from './limits.ts';

const DRAWN = { state: 'drawn', svg: '<svg/>', width: 10, height: 20 };

/** Frames whose answers `answer` gives; undefined: none ever. They are told by their number, and when they were closed. */
function frames(t: TestContext, answer: (request: DrawRequest) => unknown) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const opened: { asked: DrawRequest[]; closed: boolean }[] = [];
  const drawer = new Drawer(async () => {
    await Promise.resolve();
    const frame = { asked: [] as DrawRequest[], closed: false };
    opened.push(frame);
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener('message', ({ data }: MessageEvent<DrawRequest>) => {
      frame.asked.push(data);
      const told = answer(data);
      if (told !== undefined) port2.postMessage(told);
    });
    port2.start();
    t.after(() => port1.close());
    return { port: port1, close: () => (frame.closed = true) };
  });
  const never = new AbortController().signal;
  return { opened, draw: (source: string, signal = never) => drawer.draw({ source, dark: false }, signal) };
}

/** Until what is on its way has come. */
async function settle(): Promise<void> {
  for (let count = 0; count < 20; count += 1) await turn();
}

test('DIAGRAM-3: a drawing that takes too long is stopped with its frame, and the next one is drawn', async (t) => {
  const { opened, draw } = frames(t, ({ source }) => (source === 'hangs' ? undefined : DRAWN));
  const slow = draw('hangs');
  const next = draw('next');
  await settle();
  t.mock.timers.tick(DRAW_MS - 1);
  await settle();
  assert.deepEqual(
    opened.map(({ closed }) => closed),
    [false],
  );
  t.mock.timers.tick(1);
  assert.deepEqual(await slow, { state: 'slow' });
  assert.equal((await next)?.state, 'drawn');
  assert.deepEqual(
    opened.map(({ closed }) => closed),
    [true, false],
  );
  // It is known by then.
  assert.deepEqual(await draw('hangs'), { state: 'slow' });
  assert.equal(opened.length, 2);
});

test('DIAGRAM-3: one frame draws all, one at a time, what is still wanted and not known, and goes when idle', async (t) => {
  const { opened, draw } = frames(t, () => DRAWN);
  const gone = new AbortController();
  const drawn = [draw('a'), draw('b', gone.signal), draw('c'), draw('a')];
  gone.abort();
  const outcomes = await Promise.all(drawn);
  assert.deepEqual(
    outcomes.map((one) => one?.state),
    ['drawn', undefined, 'drawn', 'drawn'],
  );
  assert.deepEqual(
    opened.map(({ asked }) => asked.map(({ source }) => source)),
    [['a', 'c']],
  );
  t.mock.timers.tick(IDLE_MS);
  assert.equal(opened[0]?.closed, true);
  for (let count = 0; count < MOST_KEPT; count += 1) await draw(`more ${count}`);
  await draw('a');
  assert.equal(opened.length, 2);
  assert.equal(opened[1]?.asked.length, MOST_KEPT + 1);
});

test('DIAGRAM-3: what is too long is not drawn, and no drawing is shown that is too large', async (t) => {
  const large = [{ svg: 'x'.repeat(LARGEST_DRAWING + 1) }, { width: LARGEST_SIDE + 1 }, { height: Infinity }];
  const { opened, draw } = frames(t, ({ source }) => ({ ...DRAWN, ...large[Number(source)] }));
  assert.deepEqual(await draw('x'.repeat(LONGEST_SOURCE + 1)), { state: 'large' });
  assert.equal(opened.length, 0);
  for (const index of large.keys()) assert.deepEqual(await draw(String(index)), { state: 'large' });
});

test('DIAGRAM-2: what the frame says is read as a stranger’s', async (t) => {
  const told: unknown[] = [
    null,
    7,
    'drawn',
    [],
    { state: 'drawn' },
    { ...DRAWN, height: Number.NaN },
    { ...DRAWN, width: -1 },
    { state: 'wrong', line: '1', words: {} },
    { state: 'wrong', line: 1.5, words: 'x'.repeat(9_999) },
  ];
  const { draw } = frames(t, ({ source }) => told[Number(source)]);
  for (const index of told.keys()) {
    const outcome = await draw(String(index));
    assert.ok(outcome?.state === 'wrong', String(index));
    assert.equal(outcome.line, null);
    assert.ok(outcome.words.length <= 200);
  }
});

test('DIAGRAM-3: where no frame is to be had, it is asked for again the next time', async () => {
  let asked = 0;
  const drawer = new Drawer(() => {
    asked += 1;
    return Promise.resolve(null);
  });
  const { signal } = new AbortController();
  for (let count = 1; count <= 2; count += 1) {
    assert.deepEqual(await drawer.draw({ source: 'a', dark: false }, signal), { state: 'away' });
    assert.equal(asked, count);
  }
});
