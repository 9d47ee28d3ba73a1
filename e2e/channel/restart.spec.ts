import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '../site.ts';
import { Person } from './person.ts';

const CLIENTS = 200;
/** All are back within, ms. */
const BACK_MS = 10_000;

test.skip(
  ({ topology }) => topology !== 'one',
  'other-server.spec.ts kills nodes that have others beside them',
);

/** A server in a process of its own, that can be killed. */
async function serve(data: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const cli = join(import.meta.dirname, '../../server/src/cli.ts');
  const args = [cli, 'serve', '--port', String(port), '--data', data];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface(child.stdout)) {
    const found = /^listening on http:\/\/.*:(\d+)$/.exec(line)?.[1];
    if (found !== undefined) return { child, port: Number(found) };
  }
  throw new Error('The server did not start.');
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('a server is killed and started again: all 200 clients are back within 10 s, at their own times, by WebSocket', async () => {
  const data = await mkdtemp(join(tmpdir(), 'sheaf-restart-'));
  let server = await serve(data, 0);
  const base = `ws://127.0.0.1:${server.port}`;
  const backAt = new Map<Person, number>();
  let startedAt = Infinity;
  const people: Person[] = [];
  try {
    for (let at = 0; at < CLIENTS; at++) {
      const person: Person = Person.hocuspocus(base, `plan ${at % 20}`, {
        onStatus: (status) => {
          if (status.state === 'open' && performance.now() > startedAt) backAt.set(person, performance.now());
        },
      });
      people.push(person);
    }
    await expect.poll(() => people.filter(({ synced }) => synced).length).toBe(CLIENTS);
    for (const person of people) person.type('before ');
    await expect.poll(() => people.filter(({ unsynced }) => unsynced === 0).length).toBe(CLIENTS);

    await kill(server.child);
    for (const person of people) person.type('meanwhile ');
    startedAt = performance.now();
    server = await serve(data, server.port);
    const listening = performance.now();
    await expect
      .poll(() => people.filter(({ synced, unsynced }) => synced && unsynced === 0).length, {
        timeout: 30_000,
      })
      .toBe(CLIENTS);
    const took = performance.now() - listening;
    expect(took).toBeLessThan(BACK_MS);

    // Nobody was pushed to another rung, and they did not come all at once.
    expect(people.filter(({ socket }) => socket.carrier === 'websocket').length).toBe(CLIENTS);
    expect(people.filter(({ socket }) => socket.status.trouble.websocket !== null).length).toBe(0);
    const times = [...backAt.values()].sort((a, b) => a - b);
    const spread = (times.at(-1) ?? 0) - (times[0] ?? 0);
    const perTenth = new Map<number, number>();
    for (const time of times) {
      const tenth = Math.floor((time - listening) / 100);
      perTenth.set(tenth, (perTenth.get(tenth) ?? 0) + 1);
    }
    process.stdout.write(
      `all back ${Math.round(took)} ms after it listened, connected over ${Math.round(spread)} ms\n`,
    );
    expect(spread).toBeGreaterThan(200);
    expect(Math.max(...perTenth.values())).toBeLessThan(CLIENTS / 2);

    await expect
      .poll(() => new Set(people.slice(0, 20).map(({ text }) => text.length)).size, { timeout: 30_000 })
      .toBe(1);
    expect(people[0]?.text.match(/meanwhile /g)?.length).toBe(CLIENTS / 20);
  } finally {
    for (const person of people) person.leave();
    await kill(server.child);
    await rm(data, { recursive: true, force: true });
  }
});
