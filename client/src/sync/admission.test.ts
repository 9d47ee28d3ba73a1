import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { Admission } from './admission.ts';
import type { TokenAnswer } from './tokens.ts';

/** An admission with a clock of its own, and whoever gives tokens answering as told, in this order. */
class World {
  readonly answers: (TokenAnswer | Promise<TokenAnswer>)[] = [];
  readonly asked: string[] = [];
  ready = 0;
  now = 0;
  #timers: { readonly at: number; readonly fire: () => void }[] = [];
  readonly admission = new Admission({
    tokens: { get: () => this.#answer('get'), renew: () => this.#answer('renew') },
    document: 'plan',
    onReady: () => (this.ready += 1),
    onChange: () => undefined,
    timer: (fire, ms) => {
      const timer = { at: this.now + ms, fire };
      this.#timers.push(timer);
      return () => (this.#timers = this.#timers.filter((other) => other !== timer));
    },
    now: () => this.now,
    random: () => 0,
  });

  /** What was asked since the last look, at which time. */
  get news(): string[] {
    return this.asked.splice(0);
  }

  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    await setImmediate();
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.now = Math.max(this.now, next.at);
      next.fire();
      await setImmediate();
    }
    this.now = until;
  }

  async #answer(how: string): Promise<TokenAnswer> {
    this.asked.push(`${how} ${String(this.now)}`);
    return this.answers.shift() ?? { type: 'failed' };
  }
}

const token = (text: string): TokenAnswer => ({ type: 'token', token: text });
const REFUSED: TokenAnswer = { type: 'refused', login: 'https://wiki.example/login' };

test('ACCESS-6: nobody connects before there is a token', async () => {
  const world = new World();
  world.answers.push({ type: 'failed' }, { type: 'failed' }, token('one'));
  world.admission.start();
  await world.pass(0);
  assert.deepEqual([world.ready, world.admission.standing.state], [0, 'failing']);
  await world.pass(5_000);
  assert.deepEqual(world.news, ['get 0', 'renew 1000', 'renew 3000']);
  assert.deepEqual([world.ready, world.admission.standing.state], [1, 'ready']);
  assert.equal(await world.admission.token(false), 'one');
});

test('ACCESS-6: whoever does not answer is asked ever more seldom, and at once when somebody looks', async () => {
  const world = new World();
  world.admission.start();
  await world.pass(120_000);
  const times = world.news.map((words) => Number(words.split(' ')[1]));
  assert.deepEqual(times, [0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
  world.answers.push(token('one'));
  world.admission.hurry();
  await world.pass(0);
  assert.deepEqual(world.news, ['renew 120000']);
  assert.equal(world.ready, 1);
});

test('HP-7 ACCESS-6: in band a newer token is tried for until it comes; the page stays in meanwhile', async () => {
  const world = new World();
  world.answers.push(token('one'), { type: 'failed' }, token('two'));
  world.admission.start();
  await world.pass(0);
  world.admission.admitted();
  const renewed = world.admission.token(true);
  await world.pass(10_000);
  assert.equal(await renewed, 'two');
  assert.deepEqual(world.admission.standing, { state: 'ready' });
  assert.equal(world.ready, 1);
});

test('ACCESS-6: a newer token that comes when the stay is over already is not sent', async () => {
  const world = new World();
  const late = Promise.withResolvers<TokenAnswer>();
  world.answers.push(token('one'), late.promise, token('three'));
  world.admission.start();
  await world.pass(0);
  world.admission.admitted();
  let sent = false;
  void world.admission.token(true).then(() => (sent = true));
  await world.pass(5_000);
  world.admission.denied();
  late.resolve(token('two'));
  await world.pass(5_000);
  assert.equal(sent, false);
  assert.equal(await world.admission.token(false), 'three');
});

test('ACCESS-6: a token that is not taken any more is exchanged once; a second no is believed, and asked again later', async () => {
  const world = new World();
  world.answers.push(token('old'), token('new'), token('newer'), token('newest'));
  world.admission.start();
  await world.pass(10_000);
  world.admission.denied();
  assert.equal(world.admission.standing.state, 'asking');
  await world.pass(0);
  assert.equal(await world.admission.token(false), 'new');
  world.admission.denied();
  assert.deepEqual(world.admission.standing, { state: 'refused', login: null });
  await world.pass(59_000);
  assert.deepEqual(world.news, ['get 0', 'renew 10000']);
  await world.pass(1_000);
  assert.deepEqual(world.news, ['renew 70000']);
  world.admission.admitted();
  world.admission.denied();
  assert.equal(world.admission.standing.state, 'asking');
});

test('ACCESS-6: tokens that end at once do not make a page spin', async () => {
  const world = new World();
  world.answers.push(...Array.from({ length: 100 }, () => token('short')));
  world.admission.start();
  for (let at = 0; at < 50; at++) {
    await world.pass(200);
    world.admission.admitted();
    world.admission.denied();
    world.admission.hurry();
  }
  assert.ok(world.asked.length <= 6, `asked ${String(world.asked.length)} times within 10 s`);
});

test('ACCESS-6: who is signed out is told where to sign in, and is back as soon as the page is looked at', async () => {
  const world = new World();
  world.answers.push(token('one'), REFUSED, token('two'));
  world.admission.start();
  await world.pass(10_000);
  world.admission.admitted();
  world.admission.denied();
  await world.pass(10_000);
  assert.deepEqual(world.admission.standing, { state: 'refused', login: 'https://wiki.example/login' });
  world.admission.hurry();
  await world.pass(0);
  assert.equal(world.ready, 2);
  assert.equal(await world.admission.token(false), 'two');
});

test('ACCESS-6: where nobody needs a token, a no is the last word', async () => {
  const world = new World();
  world.answers.push({ type: 'none' }, { type: 'none' });
  world.admission.start();
  await world.pass(10_000);
  assert.equal(await world.admission.token(false), '');
  world.admission.denied();
  await world.pass(600_000);
  assert.deepEqual(world.admission.standing, { state: 'refused', login: null });
  assert.deepEqual(world.news, ['get 0', 'renew 10000']);
});
