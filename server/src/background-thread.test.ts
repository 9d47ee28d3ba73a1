import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NICENESS, startBehind } from './background-thread.ts';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));
const skip = process.platform === 'linux' ? false : 'only Linux has a niceness for each thread';

/** Niceness of each thread of a process, by the thread's name. */
function nicenesses(pid: number): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const name = readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim();
    found.set(name, [...(found.get(name) ?? []), getPriority(Number(thread))]);
  }
  return found;
}

for (const niceness of [0, 12])
  test(
    `FAN-7 all threads of a server at niceness ${niceness} stand back from the one that fans out`,
    { skip },
    async (context) => {
      const data = await mkdtemp(join(tmpdir(), 'sheaf-threads-'));
      const command = ['-n', String(niceness), process.execPath, CLI, 'serve', '--port', '0', '--data', data];
      const server = spawn('nice', command, { stdio: ['ignore', 'pipe', 'ignore'] });
      const ended = once(server, 'exit');
      context.after(async () => {
        server.kill('SIGKILL');
        await ended;
        await rm(data, { recursive: true });
      });
      await once(createInterface(server.stdout), 'line');
      const found = nicenesses(server.pid ?? 0);
      const own = getPriority() + niceness;
      assert.deepEqual(found.get('node-MainThread'), [own]);
      assert.deepEqual(found.get('WorkerThread'), [own + NICENESS.awaited, own + NICENESS.awaited]);
      const helpers = found.get('node-V8Worker') ?? [];
      assert.ok(helpers.length > 0, 'V8 has a pool, and its threads are called as they are here');
      const lowest = constants.priority.PRIORITY_LOW;
      assert.deepEqual(new Set(helpers), new Set([Math.min(own + NICENESS.background, lowest)]));
    },
  );

test(
  'FAN-7 a thread for what nobody waits for stands back from its first instruction on',
  { skip },
  async (context) => {
    const file = new URL('./document/replica-worker.ts', import.meta.url);
    const before = nicenesses(process.pid);
    const worker = startBehind(NICENESS.background, file, {});
    context.after(() => worker.terminate());
    const after = nicenesses(process.pid);
    const all = (found: Map<string, number[]>): number[] => [...found.values()].flat();
    assert.deepEqual(
      all(after).toSorted((a, b) => a - b),
      [...all(before), getPriority() + NICENESS.background].toSorted((a, b) => a - b),
    );
  },
);
