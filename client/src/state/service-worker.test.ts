import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { registerServiceWorker } from './service-worker.ts';

/** A page that is loading, in a browser with workers or without; gives what was registered. */
function openPage(context: TestContext, workers: boolean): { registered: string[]; load: () => void } {
  const registered: string[] = [];
  const register = (address: string) => Promise.resolve(registered.push(address));
  const window = new EventTarget();
  const page = {
    window,
    document: { readyState: 'loading' },
    navigator: workers ? { serviceWorker: { register } } : {},
  };
  for (const [name, value] of Object.entries(page)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true });
    context.after(() => {
      Reflect.deleteProperty(globalThis, name);
      if (before) Object.defineProperty(globalThis, name, before);
    });
  }
  context.mock.timers.enable({ apis: ['setTimeout'] });
  return { registered, load: () => window.dispatchEvent(new Event('load')) };
}

test('SW-4: the worker begins to fetch three seconds after the page has loaded, and not before', (context) => {
  const { registered, load } = openPage(context, true);
  assert.equal(registerServiceWorker(), true);
  context.mock.timers.tick(60_000);
  assert.deepEqual(registered, []);
  load();
  context.mock.timers.tick(2_999);
  assert.deepEqual(registered, []);
  context.mock.timers.tick(1);
  assert.deepEqual(registered, ['/sw.js']);
});

test('a browser without workers opens nothing without a network, and says so', (context) => {
  const { registered, load } = openPage(context, false);
  assert.equal(registerServiceWorker(), false);
  load();
  context.mock.timers.tick(60_000);
  assert.deepEqual(registered, []);
});
