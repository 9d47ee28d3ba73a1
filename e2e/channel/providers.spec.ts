import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { expect, test } from '../site.ts';
import type { Site } from '../server.ts';
import { Person } from './person.ts';

const CARRIERS = ['websocket', 'sse', 'poll'] as const;

/** Where the two connect: to different servers, where there are several. */
function addresses(site: Site): [first: string, second: string] {
  return [site.url.replace('http', 'ws'), site.otherUrl.replace('http', 'ws')];
}

/** Everybody has the same text, which holds these words, and all is acknowledged. */
async function converged(people: readonly Person[], words: readonly string[]): Promise<void> {
  const look = (): unknown => ({
    texts: new Set(people.map(({ text }) => text)).size,
    missing: words.filter((word) => !people.every(({ text }) => text.includes(word))),
    unsynced: people.map(({ unsynced }) => unsynced),
  });
  await expect.poll(look).toEqual({ texts: 1, missing: [], unsynced: people.map(() => 0) });
}

for (const carrier of CARRIERS)
  test(`both stock providers work on a channel by ${carrier}`, async ({ site }) => {
    const [first, second] = addresses(site);
    const people = [
      Person.hocuspocus(first, 'plan', { carrier }),
      Person.yWebSocket(`${second}/yjs`, 'plan', { carrier }),
    ];
    try {
      await expect.poll(() => people.map(({ synced }) => synced)).toEqual([true, true]);
      people[0]?.introduce('Ada');
      people[1]?.introduce('Ben');
      await expect.poll(() => people.map(({ names }) => names)).toEqual(['Ada,Ben', 'Ada,Ben']);
      people[0]?.type('one ');
      people[1]?.type('two ');
      await converged(people, ['one', 'two']);
      expect(people.map(({ socket }) => socket.carrier)).toEqual([carrier, carrier]);
      expect(people.map(({ socket }) => socket.status.plain)).toEqual([false, false]);
    } finally {
      for (const person of people) person.leave();
    }
  });

test('providers notice nothing when the carrier changes in mid-session', async ({ site }) => {
  const [first, second] = addresses(site);
  const people = [Person.hocuspocus(first, 'plan'), Person.yWebSocket(`${second}/yjs`, 'plan')];
  try {
    await expect.poll(() => people.map(({ synced }) => synced)).toEqual([true, true]);
    people[0]?.introduce('Ada');
    people[1]?.introduce('Ben');
    const words: string[] = [];
    for (const carrier of [...CARRIERS, ...CARRIERS.toReversed()]) {
      for (const [at, person] of people.entries()) {
        person.socket.force(carrier);
        words.push(`${carrier}-${at}-${words.length} `);
        person.type(words.at(-1) ?? '');
      }
      await expect.poll(() => people.map(({ socket }) => socket.carrier)).toEqual([carrier, carrier]);
      await converged(people, words);
      await expect.poll(() => people.map(({ names }) => names)).toEqual(['Ada,Ben', 'Ada,Ben']);
    }
    expect(people.map(({ closed }) => closed)).toEqual([0, 0]);
    expect(people.map(({ sockets }) => sockets.length)).toEqual([1, 1]);
  } finally {
    for (const person of people) person.leave();
  }
});

/** Starts one of the bench's servers as it is published; its port, and what ends it. */
async function startPeer(name: string): Promise<{ port: number; stop: () => void }> {
  const file = join(import.meta.dirname, '../../bench/src/peers', `${name}.ts`);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const port = /^listening (\d+)$/.exec(line)?.[1];
    if (port !== undefined) return { port: Number(port), stop: () => child.kill('SIGKILL') };
  }
  throw new Error(`${name} did not start.`);
}

for (const peer of ['hocuspocus', 'y-websocket'] as const)
  test(`against ${peer}'s own server a channel is a plain WebSocket`, async ({ topology }) => {
    test.skip(topology !== 'one', 'another program’s server has no nodes');
    const { port, stop } = await startPeer(peer);
    const base = `ws://127.0.0.1:${port}`;
    const connect = (): Person =>
      peer === 'hocuspocus' ? Person.hocuspocus(base, 'plan', {}, '') : Person.yWebSocket(base, 'plan');
    const people = [connect(), connect()];
    try {
      await expect.poll(() => people.map(({ synced }) => synced)).toEqual([true, true]);
      people[0]?.type('one ');
      people[1]?.type('two ');
      await converged(people, ['one', 'two']);
      expect(people.map(({ socket }) => socket.status.plain)).toEqual([true, true]);
      expect(people.map(({ socket }) => socket.carrier)).toEqual(['websocket', 'websocket']);
    } finally {
      for (const person of people) person.leave();
      stop();
    }
  });
