import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { SAVED } from '../sync/facts-for-tests.ts';
import type { SyncFacts } from '../sync/save-state.ts';
import { CALM_MS, ShownSession } from './shown-session.ts';

const SAVING: SyncFacts = { ...SAVED, unacknowledged: 1, unsavedChanges: 1 };

/** A session that is told what it is, and what is shown of it, as often as that changes. */
function start() {
  mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  const clock = mock.method(performance, 'now', () => now);
  const listeners = new Set<() => void>();
  const session = {
    facts: SAVED,
    loaded: true,
    damaged: 0,
    onChange: (listener: () => void) => (listeners.add(listener), () => listeners.delete(listener)),
  };
  const shown = new ShownSession(session);
  const states: string[] = [shown.current.save.state];
  const stop = shown.follow(() => states.push(shown.current.save.state));
  return {
    shown,
    states,
    session,
    listeners,
    stop,
    become: (facts: SyncFacts) => {
      session.facts = facts;
      for (const listener of listeners) listener();
    },
    pass: (ms: number) => {
      now += ms;
      mock.timers.tick(ms);
    },
    [Symbol.dispose]: () => {
      stop();
      clock.mock.restore();
      mock.timers.reset();
    },
  };
}

test('while somebody types it says that it saves, and nothing else is told', () => {
  using page = start();
  for (let letter = 0; letter < 20; letter += 1) {
    page.become(SAVING);
    page.pass(20);
    page.become(SAVED);
    page.pass(100);
  }
  assert.deepEqual(page.states, ['saved', 'saving']);
  page.pass(CALM_MS - 101);
  assert.deepEqual(page.states, ['saved', 'saving']);
  page.pass(1);
  assert.deepEqual(page.states, ['saved', 'saving', 'saved']);
});

test('bad news is shown at once', () => {
  using page = start();
  page.become(SAVING);
  page.become({ ...SAVING, link: 'lost' });
  page.become({ ...SAVING, link: 'lost', failedAttempts: 1 });
  page.become(SAVED);
  page.pass(CALM_MS);
  assert.deepEqual(page.states, ['saved', 'saving', 'reconnecting', 'offline', 'saved']);
});

test('what may be written, what is here and what was damaged is told as it changes', () => {
  using page = start();
  assert.equal(page.shown.current.editable, true);
  page.become({ ...SAVED, readOnly: true });
  assert.equal(page.shown.current.editable, false);
  const before = page.shown.current;
  page.become({ ...SAVED, readOnly: true });
  assert.equal(page.shown.current, before);
  page.session.damaged = 2;
  assert.equal(page.shown.current.damaged, 2);
});

test('what nobody follows any more tells nothing', () => {
  using page = start();
  page.become(SAVING);
  page.become(SAVED);
  page.stop();
  page.pass(CALM_MS * 2);
  assert.equal(page.listeners.size, 0);
  assert.deepEqual(page.states, ['saved', 'saving']);
});
