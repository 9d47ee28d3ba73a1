import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { startServer } from './main.ts';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));

interface Program {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

function run(t: TestContext, args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string | null);
  return { child, out: () => out, err: () => err, ended };
}

/** Starts `serve --memory` on a free port; resolves with its address. */
async function serve(t: TestContext, env: Record<string, string> = {}): Promise<Program & { url: string }> {
  const program = run(t, ['serve', '--memory', '--port', '0'], env);
  while (!program.out().includes('\n')) {
    assert.equal(program.child.exitCode, null, program.err());
    await once(program.child.stdout ?? program.child, 'data');
  }
  const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(program.out())?.[1];
  assert.ok(url !== undefined, program.out());
  return { ...program, url };
}

test('ready is one line on standard output, and SIGTERM ends it with 0 when all are told', async (t) => {
  const program = await serve(t);
  assert.equal((await fetch(`${program.url}/readyz`)).status, 200);
  const client = new WebSocket(`${program.url.replace('http', 'ws')}/hocuspocus`);
  await once(client, 'open');
  const closed = once(client, 'close');
  program.child.kill('SIGTERM');
  assert.equal((await closed)[0], 1012);
  assert.equal(await program.ended, 0);
  assert.equal(program.out().split('\n').length, 2);
  for (const line of program.err().trimEnd().split('\n')) JSON.parse(line);
});

test('SIGINT does the same, and a second signal does not wait', async (t) => {
  const program = await serve(t);
  // A client that never answers the closing handshake makes the drain wait for closeMs.
  const client = new WebSocket(`${program.url.replace('http', 'ws')}/hocuspocus`);
  await once(client, 'open');
  client.pause();
  program.child.kill('SIGINT');
  while (!program.err().includes('Draining')) await once(program.child.stderr ?? program.child, 'data');
  const ready = await fetch(`${program.url}/readyz`);
  assert.equal(ready.status, 503);
  program.child.kill('SIGINT');
  assert.equal(await program.ended, 1);
  client.terminate();
});

test('a drain that takes too long ends with 1', async (t) => {
  const program = await serve(t, { SHEAF_LIMIT_DRAIN_MS: '200' });
  const client = new WebSocket(`${program.url.replace('http', 'ws')}/hocuspocus`);
  await once(client, 'open');
  client.pause();
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 1);
  assert.match(program.err(), /The drain took too long/);
  client.terminate();
});

test('a bad setting stops the start with one line that names it, and 78', async (t) => {
  const cases: [string[], Record<string, string>, RegExp][] = [
    [[], { SHEAF_PORT: 'x' }, /^sheaf: SHEAF_PORT: .*\n$/],
    [[], { SHEAF_COLOUR: 'x' }, /^sheaf: SHEAF_COLOUR: .*\n$/],
    [[], { SHEAF_ACCESS: 'accounts' }, /^sheaf: SHEAF_ACCESS: .*\n$/],
    [['--host', '0.0.0.0'], {}, /^sheaf: SHEAF_ACCESS: .*\n$/],
    [['--prot', '1'], {}, /^sheaf: .*--prot.*\n$/],
  ];
  for (const [flags, env, words] of cases) {
    const program = run(t, ['serve', '--memory', ...flags], env);
    assert.equal(await program.ended, 78);
    assert.match(program.err(), words);
    assert.equal(program.out(), '');
  }
});

test('a taken port stops the start with one line', async (t) => {
  await using server = await startServer();
  const program = run(t, ['serve', '--memory', '--port', String(server.port)]);
  assert.equal(await program.ended, 78);
  assert.match(program.err(), /^\{.*\}\n$|^sheaf: Port \d+ of 127\.0\.0\.1 is taken by another program\.\n$/);
});

test('a data folder that cannot be used stops the start with one line that names the setting', async (t) => {
  const program = run(t, ['serve', '--port', '0'], { SHEAF_DATA: CLI });
  assert.equal(await program.ended, 1);
  assert.match(program.err(), /^sheaf: SHEAF_DATA: .*\n$/);
});

test('--help, --version, and what there is not', async (t) => {
  const help = run(t, ['--help']);
  assert.equal(await help.ended, 0);
  assert.match(help.out(), /sheaf serve/);
  const serveHelp = run(t, ['serve', '--help']);
  assert.equal(await serveHelp.ended, 0);
  assert.match(serveHelp.out(), /--memory/);
  const version = run(t, ['--version']);
  assert.equal(await version.ended, 0);
  assert.match(version.out(), /^\d+\.\d+\.\d+\n$/);
  const unknown = run(t, ['sing']);
  assert.equal(await unknown.ended, 64);
  assert.match(unknown.err(), /^sheaf: there is no command sing\.\n$/);
});
