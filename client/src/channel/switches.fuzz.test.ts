import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNGS } from './rung.ts';
import { World } from './test-world.ts';
import type { Opened } from './test-world.ts';

/** Seeds that failed once. */
const REGRESSIONS: readonly number[] = [266, 306];
const SEEDS = Number(process.env['FUZZ_SEEDS'] ?? 40);
const MESSAGES = 150;

/** Numbers from 0 to below 1 that follow from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Something happens to the network. */
function disturb(world: World, opened: Opened, random: () => number): void {
  const { network } = world;
  const rung = RUNGS[Math.floor(random() * RUNGS.length)] ?? 'poll';
  const kind = Math.floor(random() * 9);
  if (kind === 0) world.cut();
  else if (kind === 1) network.webSocket = random() < 0.5 ? 'ok' : 'refused';
  else if (kind === 2) network.stream = random() < 0.7 ? 'ok' : 'held';
  else if (kind === 3) network.http = random() < 0.8 ? 'ok' : 'down';
  else if (kind === 4) opened.socket.force(rung);
  else if (kind === 5) opened.socket.force(null);
  else if (kind === 6) world.signal(random() < 0.5 ? 'hidden' : 'visible');
  else if (kind === 7) world.signal('online');
  else world.signal('leave');
}

async function play(seed: number): Promise<void> {
  const random = randomOf(seed);
  const world = new World();
  world.random = random;
  world.server.ringBytes = 256 * 1024 * 1024;
  world.network.latencyMs = () => (random() < 0.1 ? random() * 800 : random() * 30);
  world.network.loses = () => random() < 0.05;
  const opened = world.open();
  await world.run(5_000);
  if (opened.closed) return;
  const [sent, pushed]: [string[], string[]] = [[], []];
  const { channel } = world.server;
  for (let at = 0; at < MESSAGES; at++) {
    if (random() < 0.25) disturb(world, opened, random);
    for (let burst = random() * 4; burst > 0; burst--) {
      const long = random() < 0.01 ? 'x'.repeat(600_000) : '';
      sent.push(`up ${sent.length} ${long}`);
      opened.send(sent.at(-1) ?? '');
      pushed.push(`down ${pushed.length} ${long}`);
      channel.push(pushed.at(-1) ?? '');
    }
    await world.run(random() * 300);
    if (opened.closed) break;
  }
  // A minute without any way ends a channel, rightly; nothing else does.
  if (opened.closed) assert.fail(`It closed: ${JSON.stringify(opened.closed)}`);
  world.network.webSocket = 'ok';
  world.network.stream = 'ok';
  world.network.http = 'ok';
  world.network.loses = () => false;
  opened.socket.force(null);
  world.signal('visible');
  await world.run(40_000);
  const comforts = opened.messages.filter((message) => message !== '\u0001\0\0');
  assert.deepEqual(channel.messages.map(short), sent.map(short));
  assert.deepEqual(comforts.map(short), pushed.map(short));
  assert.deepEqual(channel.messages, sent);
  assert.deepEqual(opened.events, ['open']);
}

const short = (message: string): string => message.slice(0, 12);

test('CH-2: whatever carriers come and go, whatever is lost and late: each message once, and in order', async () => {
  const first = Number(process.env['FUZZ_SEED'] ?? 1);
  for (const seed of [...REGRESSIONS, ...Array.from({ length: SEEDS }, (_, at) => first + at)]) {
    try {
      await play(seed);
    } catch (thrown) {
      console.log(`seed ${seed}`);
      throw thrown;
    }
  }
});
