import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { replayCommand } from './command.ts';
import type { Report } from './report.ts';
import { SAMPLE_TRACE } from './sample-trace.ts';

let folder = '';
let trace = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sheaf-replay-test-'));
  trace = join(folder, 'sample.json');
  const txns = SAMPLE_TRACE.transactions.map(({ person, parents, patches }) => ({
    agent: person,
    parents,
    patches: patches.map(({ position, deleted, inserted }) => [position, deleted, inserted]),
  }));
  const { people: numAgents, endContent } = SAMPLE_TRACE;
  await writeFile(trace, JSON.stringify({ numAgents, endContent, txns }));
});

after(() => rm(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await replayCommand(argv, {
    stdout: { write: (text) => void (out += text) },
    stderr: { write: (text) => void (err += text) },
    env: process.env,
  });
  return { code, out, err };
}

function report(out: string): Report {
  // What the command itself printed.
  return JSON.parse(out) as Report;
}

test('replays into a server of its own, and tells programs what it came to', async () => {
  const { code, out, err } = await run(trace, '--memory', '--json', '--clients', '3');
  assert.equal(err, '');
  assert.equal(code, 0);
  const told = report(out);
  assert.deepEqual(
    [told.right, told.people, told.readers, told.transactions, told.updates],
    [true, 2, 1, 7, 7],
  );
  assert.ok(told.acknowledgementMs !== null && told.acknowledgementMs.max >= told.acknowledgementMs.p50);
  assert.ok((told.serverResidentBytesBefore ?? 0) > 1_000_000);
  assert.ok(told.sentBytes > 0 && told.receivedBytes > 0 && told.documentEncodedBytes > 0);
  assert.equal(told.serverDiskBytes, null);
});

test('goes on with --resume in the folder that --data kept', async () => {
  const data = join(folder, 'data');
  const first = await run(trace, '--data', data, '--json', '--until', '3');
  assert.deepEqual([first.code, report(first.out).updates], [0, 3]);
  assert.ok((await readdir(data)).length > 0);
  const refused = await run(trace, '--data', data, '--json');
  assert.equal(refused.code, 1);
  assert.match(refused.err, /The document is not empty/);
  const second = await run(trace, '--data', data, '--resume');
  assert.equal(second.code, 0);
  assert.match(second.out, /updates sent +4 in/);
  assert.match(second.out, /exactly right everywhere/);
  assert.match(second.err, /Replaying 7 transactions of 2 people/);
});

test('wrong options and traces are told in one line, with the exit code', async () => {
  const few = await run(trace, '--clients', '1');
  assert.deepEqual([few.code, few.out], [64, '']);
  assert.match(few.err, /^sheaf replay: --clients 1: the trace has 2 people.*\n$/);
  assert.equal((await run(trace, '--from', '8')).code, 64);
  const missing = await run(join(folder, 'none.json'));
  assert.equal(missing.code, 1);
  assert.match(missing.err, /none\.json cannot be read/);
  assert.match((await run('--help')).out, /^Usage: sheaf replay TRACE/);
});
