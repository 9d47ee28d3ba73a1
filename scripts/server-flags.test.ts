import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { serverFlags } from './server-flags.js';

/** A worker fills its heap, and ends; tells what the process held with it and holds without it, MiB. */
const PROGRAM = `
  const { Worker } = require('node:worker_threads');
  const held = () => process.memoryUsage.rss() / 2 ** 20;
  const work = "const kept = []; for (let i = 0; i < 400_000; i += 1) kept.push({ i, more: [i, i, i] });" +
    "require('node:worker_threads').parentPort.postMessage(kept.length); setInterval(() => kept, 1e6);";
  const worker = new Worker(work, { eval: true });
  worker.once('message', async () => {
    const before = held();
    await worker.terminate();
    console.log(JSON.stringify([before, held()]));
  });
`;

/** What a worker with so much in it gives back at least, MiB; it takes 70 to 110. */
const GIVEN_BACK_MIB = 40;

function run(flags: readonly string[]): { before: number; after: number } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, '-e', PROGRAM], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const [before = 0, after = 0] = JSON.parse(stdout) as number[];
  return { before, after };
}

test('a server starts with its flags, and gets back what a worker took', () => {
  assert.notDeepEqual(serverFlags(), []);
  const { before, after } = run(serverFlags());
  assert.ok(before - after > GIVEN_BACK_MIB, `${before} MiB with the worker, ${after} without it`);
});
