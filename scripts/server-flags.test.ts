import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

test('a server with one core collects garbage on its own thread, and starts so', () => {
  assert.ok(!serverFlags(2).includes('--single-threaded-gc'));
  assert.ok(serverFlags(1).includes('--single-threaded-gc'));
  const { status, stderr } = spawnSync(process.execPath, [...serverFlags(1), '-e', '0'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

for (const example of ['systemd/sheaf.service', 'docker/Dockerfile'])
  test(`deploy/${example} starts a server with the same flags`, () => {
    const text = readFileSync(new URL(`../deploy/${example}`, import.meta.url), 'utf8');
    for (const flag of serverFlags(2)) assert.ok(text.includes(flag), flag);
  });
