import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDLE_MS, RETRY_MS, SHOWN_MS, registerServiceWorker } from './service-worker.ts';
import type { WorkerPage } from './service-worker.ts';

/** What happened on a page in which everything waits until the test says so. */
interface Opened {
  readonly told: string[];
  readonly loaded: () => void;
  readonly shown: () => void;
  readonly late: () => void;
  readonly idle: () => void;
  readonly registering: Promise<void>;
}

function open(register: (address: string) => Promise<unknown> = () => Promise.resolve()): Opened {
  const told: string[] = [];
  const loaded = Promise.withResolvers<void>();
  const shown = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  const idle = Promise.withResolvers<void>();
  const page: WorkerPage = {
    workers: {
      register: (address) => {
        told.push(address);
        return register(address);
      },
    },
    loaded: loaded.promise,
    shown: shown.promise,
    timer: (ms) => {
      told.push(`at most ${ms}`);
      return late.promise;
    },
    idle: (ms) => {
      told.push(`idle within ${ms}`);
      return idle.promise;
    },
  };
  return {
    told,
    loaded: loaded.resolve,
    shown: shown.resolve,
    late: late.resolve,
    idle: idle.resolve,
    registering: registerServiceWorker(page),
  };
}
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
const waiting = `at most ${SHOWN_MS}`;

test('SW-4: the worker begins when what the page opened with is shown and the page has a moment', async () => {
  const { told, loaded, shown, idle, registering } = open();
  loaded();
  await turn();
  assert.deepEqual(told, [waiting]);
  shown();
  await turn();
  assert.deepEqual(told, [waiting, `idle within ${IDLE_MS}`]);
  idle();
  await registering;
  assert.deepEqual(told.slice(2), ['/sw.js']);
});

test('SW-4: a page that shows nothing is waited for so long, and one that has not loaded as long as that takes', async () => {
  const { told, loaded, late, idle, registering } = open();
  idle();
  late();
  await turn();
  assert.deepEqual(told, [waiting]);
  loaded();
  await registering;
  assert.deepEqual(told.at(-1), '/sw.js');
});

const noNetwork = () => Promise.reject(new TypeError('no network'));
/** What a page does for each time that it tries. */
const trying = [`idle within ${IDLE_MS}`, '/sw.js'];

test('SW-4: a worker that can’t be fetched is tried again after each wait, and then no more: that is no failure of the page', async () => {
  const { told, loaded, shown, late, idle, registering } = open(noNetwork);
  for (const happen of [loaded, shown, idle]) happen();
  await turn();
  assert.deepEqual(told, [waiting, ...trying, `at most ${RETRY_MS[0]}`]);
  late();
  await registering;
  assert.deepEqual(told, [waiting, ...RETRY_MS.flatMap((ms) => [...trying, `at most ${ms}`]), ...trying]);
});

test('SW-4: one that begins at a later try is tried no more', async () => {
  let tries = 0;
  const { told, loaded, shown, late, idle, registering } = open(() => {
    tries += 1;
    return tries < 3 ? noNetwork() : Promise.resolve();
  });
  for (const happen of [loaded, shown, late, idle]) happen();
  await registering;
  const waits = RETRY_MS.slice(0, 2).flatMap((ms) => [...trying, `at most ${ms}`]);
  assert.deepEqual(told, [waiting, ...waits, ...trying]);
});

test('a page without workers does nothing for one', async () => {
  const never = new Promise<void>(() => undefined);
  await registerServiceWorker({
    workers: null,
    loaded: never,
    shown: never,
    timer: () => never,
    idle: () => never,
  });
});
