import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTEMPT_MS, PATIENCE_MS } from './attempt.ts';
import {
  LONGEST_LEAVE_MS,
  PROBE_EVERY_MS,
  TRIAL_AFTER_MS,
  TRIAL_AGAIN_MS,
  createLadder,
  deadline,
  step,
} from './ladder.ts';
import type { Effect, LadderEvent } from './ladder.ts';
import { NO_CHOICE } from './plan.ts';
import type { Choice, Ladder } from './plan.ts';
import type { Rung } from './rung.ts';

/** A ladder at work: events in, what it wants in words out. */
class Climb {
  ladder: Ladder;
  now = 1_000_000;
  random = 0.5;

  constructor(choice: Partial<Choice> = {}, forced: Rung | null = null) {
    this.ladder = createLadder({ choice: { ...NO_CHOICE, ...choice }, forced, hidden: false });
  }

  do(event: LadderEvent): string[] {
    const [ladder, effects] = step(this.ladder, event, { now: this.now, random: () => this.random });
    this.ladder = ladder;
    return effects.filter(({ type }) => type !== 'remember').map(words);
  }

  after(ms: number, lateMs = 0): string[] {
    this.now += ms;
    return this.do({ type: 'tick', lateMs });
  }

  died(id: number, why: 'unreachable' | 'lost' | 'unavailable' | 'foreign' = 'unreachable'): string[] {
    return this.do({ type: 'died', id, why, retryAfterMs: 0 });
  }
}

function words(effect: Effect): string {
  if (effect.type === 'start') return `start ${effect.kind} ${effect.id}`;
  return 'id' in effect ? `${effect.type} ${effect.id}` : effect.type;
}

test('company comes when patience ends, and no earlier', () => {
  const climb = new Climb();
  assert.deepEqual(climb.do({ type: 'start' }), ['start websocket 1']);
  assert.deepEqual(climb.after(PATIENCE_MS - 1), []);
  assert.equal(deadline(climb.ladder), climb.now + 1);
  assert.deepEqual(climb.after(1), ['start sse 2']);
  climb.do({ type: 'opened', id: 2 });
  assert.deepEqual(climb.after(PATIENCE_MS), ['stop 2', 'start poll 3']);
  assert.deepEqual(climb.do({ type: 'proved', id: 3 }), ['attach 3']);
  // The WebSocket goes on beside it, and is better.
  assert.deepEqual(climb.do({ type: 'proved', id: 1 }), ['attach 1', 'stop 3']);
  assert.equal(climb.ladder.choice.rung, 'websocket');
});

test('CH-21: a plain WebSocket is for a server that has taken no subprotocol: not beside one that has, however slow', () => {
  const silent = new Climb({}, 'websocket');
  assert.deepEqual(silent.do({ type: 'start' }), ['start websocket 1']);
  assert.deepEqual(silent.after(PATIENCE_MS), ['start plain 2']);
  assert.deepEqual(silent.do({ type: 'plain', id: 2 }), ['stop 1']);

  const slow = new Climb({}, 'websocket');
  slow.do({ type: 'start' });
  slow.do({ type: 'opened', id: 1 });
  assert.deepEqual(slow.after(5 * PATIENCE_MS), []);
  assert.deepEqual(slow.do({ type: 'proved', id: 1 }), ['attach 1']);

  const slower = new Climb({}, 'websocket');
  slower.do({ type: 'start' });
  slower.after(PATIENCE_MS);
  assert.deepEqual(slower.do({ type: 'opened', id: 1 }), ['stop 2']);
  assert.deepEqual(slower.do({ type: 'proved', id: 1 }), ['attach 1']);
});

test('what is proved first wins, and a WebSocket stops the others', () => {
  const climb = new Climb();
  climb.do({ type: 'start' });
  climb.after(PATIENCE_MS);
  assert.deepEqual(climb.do({ type: 'proved', id: 1 }), ['attach 1', 'stop 2']);
  assert.deepEqual(climb.do({ type: 'proved', id: 2 }), []);
});

test('a stream whose `open` was slow is waited for longer', () => {
  const climb = new Climb({}, null);
  climb.do({ type: 'start' });
  climb.died(1);
  climb.now += 900;
  assert.deepEqual(climb.do({ type: 'opened', id: 2 }), []);
  assert.deepEqual(climb.after(1_700), []);
  assert.deepEqual(climb.after(100), ['stop 2', 'start poll 3']);
});

test('an attempt that finds nothing ends; a first one fails, and a later one waits', () => {
  const climb = new Climb({ known: true });
  climb.do({ type: 'start' });
  assert.deepEqual(climb.died(1), ['start sse 2']);
  assert.deepEqual(climb.died(2), ['fail']);

  const later = new Climb({ known: true });
  later.do({ type: 'start' });
  later.do({ type: 'proved', id: 1 });
  later.now += 60_000;
  assert.deepEqual(later.died(1, 'lost'), []);
  assert.deepEqual(later.after(249), []);
  assert.deepEqual(later.after(1), ['start websocket 2']);
  later.died(2);
  assert.deepEqual(later.died(3), []);
  assert.equal(later.ladder.failed, 1);
});

test('an attempt that hangs on every rung ends after 12 s', () => {
  const climb = new Climb({ known: true });
  climb.do({ type: 'start' });
  climb.after(PATIENCE_MS);
  climb.after(4_000);
  assert.deepEqual(climb.after(ATTEMPT_MS - PATIENCE_MS - 4_000), ['stop 1', 'stop 3', 'fail']);
});

test('CH-20: polls wait 4 s for the `open` of a stream, which is theirs as well, and a WebSocket does not', () => {
  const climb = new Climb({ rung: 'sse', known: true });
  assert.deepEqual(climb.do({ type: 'start' }), ['start sse 1']);
  assert.deepEqual(climb.after(PATIENCE_MS), ['start websocket 2']);
  assert.deepEqual(climb.after(PATIENCE_MS), []);
  climb.now += 500;
  // It took 2.5 s: its first event may take twice as long, up to 4 s.
  assert.deepEqual(climb.do({ type: 'opened', id: 1 }), []);
  assert.deepEqual(climb.after(3_999), []);
  assert.deepEqual(climb.after(1), ['stop 1', 'start poll 3']);
  assert.equal(climb.ladder.choice.trouble.sse, 'held');

  // A connection that is dead without a word: the next request goes by another.
  const dead = new Climb({ rung: 'sse', demotedUntil: 2_000_000, known: true });
  dead.do({ type: 'start' });
  assert.deepEqual(dead.after(PATIENCE_MS), ['start websocket 2']);
  assert.deepEqual(dead.after(2_999), []);
  assert.deepEqual(dead.after(1), ['stop 1', 'start poll 3']);
  assert.equal(dead.ladder.choice.trouble.sse, 'refused');

  const refused = new Climb({ rung: 'sse', demotedUntil: 2_000_000, known: true });
  refused.do({ type: 'start' });
  assert.deepEqual(refused.after(PATIENCE_MS), ['start websocket 2']);
  refused.after(PATIENCE_MS);
  assert.deepEqual(refused.died(1), [], 'polls would begin with the same request');
  assert.deepEqual(refused.died(2), ['fail']);
});

test('CH-20: a program that was busy has not waited, up to 1 s in all', () => {
  const held = (): Climb => {
    const climb = new Climb({ rung: 'sse', demotedUntil: 2_000_000, known: true });
    climb.do({ type: 'start' });
    climb.do({ type: 'opened', id: 1 });
    return climb;
  };
  const once = held();
  assert.deepEqual(once.after(PATIENCE_MS + 300, 300), [], 'what came meanwhile is heard first');
  assert.deepEqual(once.after(99), []);
  assert.deepEqual(once.after(1), ['stop 1', 'start poll 2']);

  // Busy half of the time: it is looked at the clock every 100 ms, and each time 100 ms too late.
  const often = held();
  const begun = often.now;
  assert.equal(deadline(often.ladder), often.now + 100);
  for (let done: string[] = []; done.length === 0; done = often.after(200, 100));
  const waited = often.now - begun;
  assert.ok(waited >= 2 * PATIENCE_MS && waited <= 2 * PATIENCE_MS + 200, `${waited} ms`);

  const asleep = held();
  assert.deepEqual(asleep.after(8_000, 7_900), []);
  assert.deepEqual(asleep.after(100), ['stop 1', 'start poll 2']);

  // A connection that is dead without a word is given 1 s more at most, however busy the program is.
  const dead = new Climb({ rung: 'sse', demotedUntil: 2_000_000, known: true });
  dead.do({ type: 'start' });
  const dialled = dead.now;
  for (let done: string[] = []; !done.includes('start poll 3'); done = dead.after(200, 100))
    assert.ok(dead.now - dialled <= 5_000 + 200, `${dead.now - dialled} ms`);
  assert.ok(dead.now - dialled >= 4_000 + 800);

  // What opening took of the program is not the network's slowness.
  const slow = new Climb({ rung: 'sse', demotedUntil: 2_000_000, known: true });
  slow.do({ type: 'start' });
  slow.after(900, 800);
  slow.do({ type: 'opened', id: 1 });
  assert.deepEqual(slow.after(PATIENCE_MS), ['stop 1', 'start poll 2']);
});

test('waits are drawn from a window as long as the loss, from 0.5 to 20 s', () => {
  const climb = new Climb({ known: true });
  climb.random = 0.999;
  climb.do({ type: 'start' });
  climb.do({ type: 'proved', id: 1 });
  climb.now += 60_000;
  climb.died(1, 'lost');
  climb.do({ type: 'resumeMs', ms: 10 * 60_000 });
  const lostAt = climb.now;
  for (let attempt = 0; attempt < 30; attempt++) {
    climb.now = deadline(climb.ladder);
    const since = climb.now - lostAt;
    const started = climb.do({ type: 'tick', lateMs: 0 });
    const id = Number(started[0]?.split(' ').at(-1));
    climb.died(id);
    climb.died(id + 1);
    const wait = climb.ladder.waitUntil - climb.now;
    assert.ok(Math.abs(wait - 0.999 * Math.min(20_000, Math.max(500, since))) < 1, `${wait} after ${since}`);
  }
  climb.random = 0;
  climb.now = deadline(climb.ladder);
  climb.do({ type: 'tick', lateMs: 0 });
});

test('CH-15: three early deaths with HTTP working after demote a WebSocket; with nothing working they do not', () => {
  for (const offline of [false, true]) {
    const climb = new Climb({ known: true });
    let [started] = climb.do({ type: 'start' });
    for (let death = 1; death <= 3; death++) {
      const id = Number(started?.split(' ').at(-1));
      assert.match(started ?? '', /^start websocket/);
      climb.do({ type: 'opened', id });
      climb.do({ type: 'proved', id });
      climb.now += 300;
      climb.died(id, 'lost');
      [started] = climb.after(500);
    }
    assert.match(started ?? '', /^start sse/);
    const id = Number(started?.split(' ').at(-1));
    if (offline) {
      climb.died(id);
      climb.died(id + 1);
      assert.equal(climb.ladder.choice.demotedUntil, 0);
      assert.equal(climb.ladder.choice.earlyDeaths, 0);
    } else {
      climb.do({ type: 'proved', id });
      assert.equal(climb.ladder.choice.demotedUntil, climb.now + 30 * 60_000);
      assert.equal(climb.ladder.choice.trouble.websocket, 'cut');
    }
  }
});

test('a WebSocket that lived is not early when it dies, nor is one whose server said that it stops', () => {
  const climb = new Climb();
  climb.do({ type: 'start' });
  climb.do({ type: 'opened', id: 1 });
  climb.do({ type: 'proved', id: 1 });
  climb.do({ type: 'drain', afterMs: 3_000 });
  climb.now += 100;
  climb.died(1, 'lost');
  assert.equal(climb.ladder.choice.earlyDeaths, 0);
  assert.deepEqual(climb.after(1_399), []);
  assert.deepEqual(climb.after(1), ['start websocket 2']);
  climb.do({ type: 'opened', id: 2 });
  climb.do({ type: 'proved', id: 2 });
  climb.now += 6_000;
  climb.died(2, 'lost');
  assert.equal(climb.ladder.choice.earlyDeaths, 0);
});

test('nobody is sent away for long: not by Retry-After, not by a drain', () => {
  const portal = new Climb();
  portal.do({ type: 'start' });
  portal.do({ type: 'died', id: 1, why: 'unavailable', retryAfterMs: 86_400_000 });
  assert.equal(portal.ladder.choice.notBefore, portal.now + LONGEST_LEAVE_MS / 2);
  const server = new Climb();
  server.do({ type: 'start' });
  server.do({ type: 'drain', afterMs: 2 ** 50 });
  assert.equal(server.ladder.choice.notBefore, server.now + LONGEST_LEAVE_MS / 2);
  assert.equal(server.ladder.drainUntil, server.now + LONGEST_LEAVE_MS);
});

test('a remembered rung is tried first, and the others stay', () => {
  const climb = new Climb({ rung: 'poll', known: true });
  assert.deepEqual(climb.do({ type: 'start' }), ['start poll 1']);
  climb.do({ type: 'opened', id: 1 });
  assert.deepEqual(climb.after(PATIENCE_MS), ['start websocket 2']);
  assert.deepEqual(climb.after(PATIENCE_MS), ['stop 1', 'start sse 3']);
});

test('a demoted WebSocket is tried last, until its time is over', () => {
  const climb = new Climb({ demotedUntil: 2_000_000, known: true });
  assert.deepEqual(climb.do({ type: 'start' }), ['start sse 1']);
  climb.now = 2_000_000;
  const later = new Climb({ demotedUntil: 1_000_000, known: true });
  assert.deepEqual(later.do({ type: 'start' }), ['start websocket 1']);
});

test('a lower rung looks for a WebSocket every 5 minutes, and a forced one never', () => {
  for (const forced of [null, 'sse'] as const) {
    const climb = new Climb({ rung: 'sse', webSocketTriedAt: 1_000_000 }, forced);
    climb.do({ type: 'start' });
    climb.do({ type: 'proved', id: 1 });
    assert.deepEqual(climb.after(PROBE_EVERY_MS - 1), []);
    assert.deepEqual(climb.after(1), forced === null ? ['start websocket 2'] : []);
    if (forced !== null) continue;
    assert.deepEqual(climb.after(10_000), ['stop 2']);
    assert.deepEqual(climb.do({ type: 'online' }), ['start websocket 3']);
  }
});

test('what follows a stop is nothing', () => {
  const climb = new Climb();
  climb.do({ type: 'start' });
  assert.deepEqual(climb.do({ type: 'stop' }), ['stop 1']);
  assert.deepEqual(climb.do({ type: 'proved', id: 1 }), []);
  assert.deepEqual(climb.after(100_000), []);
  assert.equal(deadline(climb.ladder), Infinity);
});

test('CH-15: a stream that ends because a hidden page polls was not cut', () => {
  const climb = new Climb({ known: true, rung: 'sse', demotedUntil: 10_000_000 });
  const idOf = (kind: string, effects: readonly string[]) =>
    Number(effects.find((effect) => effect.startsWith(`start ${kind} `))?.split(' ')[2]);
  let stream = idOf('sse', climb.do({ type: 'start' }));
  for (let times = 0; times < 4; times += 1) {
    climb.do({ type: 'opened', id: stream });
    assert.ok(climb.do({ type: 'proved', id: stream }).includes(`attach ${stream}`));
    const poll = idOf('idle', climb.do({ type: 'hidden' }));
    climb.died(stream, 'lost');
    climb.do({ type: 'proved', id: poll });
    stream = idOf('sse', climb.do({ type: 'visible' }));
  }
  assert.ok(stream > 0);
  assert.deepEqual([climb.ladder.choice.streamDeaths, climb.ladder.shortLived], [0, 0]);
});

test('CH-15: an event stream that is cut soon, thrice in a row, gives way to polls', () => {
  const climb = new Climb({ known: true, rung: 'sse', demotedUntil: 10_000_000 });
  let started = climb.do({ type: 'start' })[0] ?? '';
  for (let death = 1; death <= 3; death++) {
    const id = Number(started.split(' ').at(-1));
    assert.match(started, /^start sse/);
    climb.do({ type: 'opened', id });
    climb.do({ type: 'proved', id });
    climb.now += 300;
    climb.died(id, 'lost');
    started = climb.after(500)[0] ?? '';
  }
  assert.match(started, /^start poll/);
  climb.do({ type: 'proved', id: Number(started.split(' ').at(-1)) });
  assert.equal(climb.ladder.choice.streamDemotedUntil, climb.now + 30 * 60_000);
  assert.equal(climb.ladder.choice.trouble.sse, 'refused');
});

test('CH-15: carriers that are all cut soon are waited for longer and longer, to 20 s', () => {
  const climb = new Climb({ known: true }, 'sse');
  climb.random = 0.999;
  climb.do({ type: 'start' });
  const waits: number[] = [];
  for (let id = 1; id <= 12; id++) {
    climb.do({ type: 'opened', id });
    climb.do({ type: 'proved', id });
    climb.died(id, 'lost');
    waits.push(Math.round((climb.ladder.waitUntil - climb.now) / 999));
    climb.now = climb.ladder.waitUntil;
    climb.do({ type: 'tick', lateMs: 0 });
  }
  assert.deepEqual(waits, [1, 1, 1, 1, 2, 4, 8, 16, 20, 20, 20, 20]);
  climb.do({ type: 'opened', id: 13 });
  climb.do({ type: 'proved', id: 13 });
  climb.now += 5_000;
  climb.died(13, 'lost');
  assert.ok(climb.ladder.waitUntil - climb.now <= 500, 'one that lived begins anew');
});

test('CH-18: polls are left for an event stream that is tried beside them and gets through', () => {
  const climb = new Climb({ rung: 'poll', known: true, webSocketTriedAt: 1_000_000 });
  climb.do({ type: 'start' });
  assert.deepEqual(climb.do({ type: 'proved', id: 1 }), ['attach 1']);
  assert.equal(deadline(climb.ladder), climb.now + TRIAL_AFTER_MS);
  assert.deepEqual(climb.after(TRIAL_AFTER_MS - 1), []);
  assert.deepEqual(climb.after(1), ['start trial 2']);
  assert.deepEqual(climb.do({ type: 'opened', id: 2 }), []);
  assert.deepEqual(climb.do({ type: 'proved', id: 2 }), ['stop 2', 'start sse 3']);
  assert.deepEqual(climb.do({ type: 'proved', id: 3 }), ['attach 3', 'stop 1']);
  assert.equal(climb.ladder.choice.rung, 'sse');
  // A page that is opened next, and finds polls, need not wait because this one tried, even if it had to try twice.
  const twice = new Climb({ rung: 'poll', known: true, webSocketTriedAt: 10_000_000 });
  twice.do({ type: 'start' });
  twice.do({ type: 'proved', id: 1 });
  assert.deepEqual(twice.after(TRIAL_AFTER_MS), ['start trial 2']);
  // Busy for a second of the two: it is given another.
  assert.deepEqual(twice.after(2_000, 1_000), []);
  assert.deepEqual(twice.after(1_000), ['stop 2']);
  assert.equal(twice.ladder.choice.streamTriedAt, 0, 'one failure is told to nobody');
  assert.deepEqual(twice.after(TRIAL_AGAIN_MS - 3_000), ['start trial 3']);
  assert.equal(twice.ladder.choice.streamTriedAt, twice.now);
  twice.do({ type: 'proved', id: 3 });
  assert.deepEqual(twice.do({ type: 'proved', id: 4 }), ['attach 4', 'stop 1']);
  assert.equal(twice.ladder.trials, 0);
  const next = new Climb({ ...twice.ladder.choice, rung: 'poll' });
  next.now = twice.now;
  next.do({ type: 'start' });
  next.do({ type: 'proved', id: 1 });
  assert.deepEqual(next.after(TRIAL_AFTER_MS), ['start trial 2']);
});

test('CH-18: a stream that is held back is tried twice and then every 5 minutes, and the polls go on', () => {
  const climb = new Climb({ rung: 'poll', known: true, webSocketTriedAt: 10_000_000 });
  climb.do({ type: 'start' });
  climb.do({ type: 'proved', id: 1 });
  const starts: number[] = [];
  const end = climb.now + 29 * 60_000;
  while (climb.now < end) {
    climb.now = Math.min(end, deadline(climb.ladder));
    for (const effect of climb.do({ type: 'tick', lateMs: 0 })) {
      if (effect.startsWith('start trial')) starts.push(climb.now);
      else assert.match(effect, /^stop/);
    }
    assert.equal(climb.ladder.current, 1);
  }
  const [first = 0] = starts;
  assert.deepEqual(
    starts.map((at) => (at - first) / 1_000),
    [0, 30, 330, 630, 930, 1_230, 1_530],
  );
  // The next page of this browser waits as well.
  const next = new Climb({ ...climb.ladder.choice });
  next.now = climb.now;
  next.do({ type: 'start' });
  next.do({ type: 'proved', id: 1 });
  assert.deepEqual(next.after(TRIAL_AFTER_MS), []);
});

test('CH-18: none is tried beside polls of a hidden page, of a forced rung, or while streams are demoted', () => {
  for (const [choice, forced, event] of [
    [{}, null, 'hidden'],
    [{}, 'poll', 'online'],
    [{ streamDemotedUntil: 2_000_000 }, null, 'online'],
  ] as const) {
    const climb = new Climb({ rung: 'poll', known: true, webSocketTriedAt: 10_000_000, ...choice }, forced);
    climb.do({ type: 'start' });
    climb.do({ type: 'proved', id: 1 });
    const started = [...climb.do({ type: event }), ...climb.after(60_000)];
    assert.deepEqual(
      started.filter((effect) => effect.startsWith('start trial')),
      [],
    );
  }
});

test('CH-18: a trial that proved too much is answered by polls', () => {
  const climb = new Climb({ rung: 'poll', known: true, webSocketTriedAt: 10_000_000 });
  climb.do({ type: 'start' });
  climb.do({ type: 'proved', id: 1 });
  climb.after(TRIAL_AFTER_MS);
  climb.do({ type: 'proved', id: 2 });
  climb.died(1, 'lost');
  climb.do({ type: 'opened', id: 3 });
  assert.deepEqual(climb.after(PATIENCE_MS), ['stop 3', 'start poll 4']);
  assert.deepEqual(climb.do({ type: 'proved', id: 4 }), ['attach 4']);
});
