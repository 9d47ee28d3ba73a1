import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Server, type ServerOptions, startServer } from '../main.ts';
import { open, type Person, until } from '../nodes-for-tests.ts';
import { parseNodeId } from '../cluster/identity.ts';
import { operatorCommand } from './command.ts';

const PROTO = fileURLToPath(new URL('../../../proto', import.meta.url));
const BUF = fileURLToPath(new URL('../../../node_modules/@bufbuild/buf/bin/buf', import.meta.url));

/** Nodes a, b … in this process; each dials those before it. */
async function startNodes(
  context: TestContext,
  count: number,
  options: (at: number) => ServerOptions = () => ({}),
): Promise<Server[]> {
  const servers: Server[] = [];
  for (let at = 0; at < count; at += 1) {
    const peers = servers.map(
      ({ clusterPort }) => ({ kind: 'address', host: '127.0.0.1', port: clusterPort ?? 0 }) as const,
    );
    const node = parseNodeId(String.fromCharCode(97 + at));
    const server = await startServer({
      cluster: { listen: { host: '127.0.0.1', port: 0 }, peers, node, tls: null },
      limits: { peerRetryMs: 50 },
      ...options(at),
    });
    context.after(() => server.stop());
    servers.push(server);
  }
  for (const server of servers)
    await until(async () => (await metrics(server)).includes(`sheaf_cluster_links ${count - 1}\n`), 'linked');
  return servers;
}

async function metrics(server: Server): Promise<string> {
  return (await fetch(`${server.url}/metrics`)).text();
}

/** Runs `sheaf cluster … --node` against a server: exit code and what it printed. */
async function run(
  server: Server | undefined,
  ...argv: string[]
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  const node = server === undefined ? [] : ['--node', `127.0.0.1:${server.clusterPort}`];
  const code = await operatorCommand([...argv, ...node], { listen: undefined, readTls: () => null }, io);
  return { code, out, err };
}

const isSaved = ({ provider }: Person): boolean => provider.isSynced && provider.unsyncedChanges === 0;

/** Somebody writes into a document of a node; resolves when it is saved. */
async function write(
  context: TestContext,
  server: Server | undefined,
  name: string,
  text: string,
): Promise<Person> {
  const person = open(server?.url ?? '', name);
  context.after(() => person[Symbol.dispose]());
  person.text.insert(0, text);
  await until(() => isSaved(person), 'it is saved');
  return person;
}

test('OPER-1 nodes and locate tell how the links are and where a document is', async (context) => {
  const [a, b] = await startNodes(context, 2);
  await write(context, b, 'plan', 'x');
  const json = JSON.parse((await run(a, 'nodes', '--json')).out) as {
    nodes: { nodeId: string; state: string }[];
  };
  assert.deepEqual(
    json.nodes.map(({ nodeId, state }) => [nodeId, state]),
    [
      ['a', 'STATE_SELF'],
      ['b', 'STATE_LINKED'],
    ],
  );
  assert.match((await run(a, 'nodes')).out, /^b +linked +\d+ +\d+ ms +0$/m);
  await until(
    async () => /on b\. This node holds [0-9a-f]{32}/.test((await run(a, 'locate', 'plan')).out),
    'found',
  );
  assert.match(
    (await run(a, 'locate', 'nothing')).out,
    /^Nobody has it open\. This node holds nothing of it\.$/m,
  );
});

test('OPER-2 verify reads the disk, compares with the others, and is fine while people write', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-operator-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const [a, b] = await startNodes(context, 2, (at) => (at === 0 ? { data: folder } : {}));
  const url = `${a?.url}/sheaf.documents.v1.DocumentService/CreateDocument`;
  const headers = { 'content-type': 'application/json' };
  const names = Array.from({ length: 230 }, (_, at) => JSON.stringify({ name: `note ${at}` }));
  await Promise.all(names.map((body) => fetch(url, { method: 'POST', headers, body })));
  const person = await write(context, b, 'plan', 'x');
  const typing = setInterval(() => person.text.insert(0, 'word '), 5);
  context.after(() => clearInterval(typing));
  const all = await run(a, 'verify');
  assert.match(all.out, /^231 documents checked, compared with b: all is well\.$/m);
  assert.equal(all.code, 0);
  const one = await run(b, 'verify', 'plan');
  assert.equal(one.code, 0, one.out);
  assert.deepEqual(
    [(await run(a, 'verify', 'none')).code, (await run(a, 'verify', 'none')).err],
    [1, 'sheaf cluster: There is no document of that name here.\n'],
  );
  // A bit on the disk turns over.
  // The node writes meanwhile.
  const file = new DatabaseSync(join(folder, 'sheaf.db'), { timeout: 10_000 });
  file.exec(
    "UPDATE updates SET entries = zeroblob(length(entries)) WHERE document = (SELECT id FROM documents WHERE name = 'note 7')",
  );
  file.close();
  const damaged = await run(a, 'verify', '--json');
  assert.equal(damaged.code, 1);
  const { findings } = JSON.parse(damaged.out) as { findings: { document: string; nodeId: string }[] };
  assert.ok(
    findings.some(({ document, nodeId }) => document === 'note 7' && nodeId === ''),
    damaged.out,
  );
  assert.ok(
    findings.every(({ document }) => document === 'note 7'),
    damaged.out,
  );
});

test('OPER-3 compact does it now and tells what the disk holds', async (context) => {
  const [a] = await startNodes(context, 1);
  const person = await write(context, a, 'plan', 'x');
  for (let at = 0; at < 300; at += 1) {
    person.text.insert(0, 'some words ');
    person.text.delete(0, 11);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => isSaved(person), 'all is saved');
  const { code, out } = await run(a, 'compact', 'plan', '--json');
  const { bytesBefore, bytesAfter } = JSON.parse(out) as { bytesBefore: string; bytesAfter: string };
  assert.equal(code, 0);
  assert.ok(Number(bytesAfter) < Number(bytesBefore), out);
  assert.match(await metrics(a as Server), /^sheaf_compactions_total 1$/m);
  assert.equal((await run(a, 'compact', 'none')).code, 1);
});

test('OPER-4 drain is answered, and ends the node as SIGTERM does', async (context) => {
  let asked = 0;
  const [a, b] = await startNodes(context, 2, (at) => (at === 1 ? { onDrain: () => (asked += 1) } : {}));
  await write(context, a, 'plan', 'x');
  assert.equal((await run(b, 'drain')).code, 0);
  await until(() => asked === 1, 'whoever started it hears of it');
  assert.equal((await run(a, 'drain')).code, 0);
  await until(async () => (await run(b, 'nodes')).out.includes('lost'), 'its link has gone');
  const answers = (): Promise<boolean> =>
    fetch(`${a?.url}/livez`).then(
      () => true,
      () => false,
    );
  // Links end before the listener does.
  await until(async () => !(await answers()), 'it has gone');
});

test('OPER-5 a wrong command line, and a node that is not there', async () => {
  for (const argv of [
    ['nodes'],
    ['locate', '--node', 'x:1'],
    ['walk', '--node', 'x:1'],
    ['nodes', '--node', 'x'],
    ['nodes', '--nodes'],
  ])
    assert.equal((await run(undefined, ...argv)).code, 64, argv.join(' '));
  assert.equal((await run(undefined)).code, 0);
  const nobody = await run(undefined, 'nodes', '--node', '127.0.0.1:1');
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /^sheaf cluster: .*ECONNREFUSED/);
});

test('OPER-6 buf curl speaks to a node by gRPC', async (context) => {
  if (spawnSync(process.execPath, [BUF, '--version']).status !== 0)
    return context.skip('buf is not installed');
  const [a] = await startNodes(context, 2);
  const curl = async (method: string, body: string): Promise<unknown> => {
    const url = `http://127.0.0.1:${a?.clusterPort}/sheaf.replication.v1.ReplicationService/${method}`;
    const options = [
      'curl',
      '--protocol',
      'grpc',
      '--http2-prior-knowledge',
      '--schema',
      '.',
      '-d',
      body,
      url,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [BUF, ...options], { cwd: PROTO });
    return JSON.parse(stdout);
  };
  const { nodes } = (await curl('ListNodes', '{}')) as { nodes: { nodeId: string }[] };
  assert.deepEqual(
    nodes.map(({ nodeId }) => nodeId),
    ['a', 'b'],
  );
  assert.deepEqual(await curl('Verify', '{}'), { comparedNodeIds: ['b'] });
  await assert.rejects(curl('Compact', '{"document":"none"}'), /not_found/);
});

test('METRICS-1 each link has numbers of its own, with what they mean, and batches a histogram', async (context) => {
  const [a, b] = await startNodes(context, 2);
  const person = await write(context, a, 'plan', 'x');
  for (let at = 0; at < 50; at += 1) person.text.insert(0, 'word ');
  await until(
    async () =>
      (await metrics(b as Server)).includes('sheaf_cluster_peer_received_updates_total{peer="a"} 51'),
    'all came',
  );
  await until(
    async () => (await metrics(a as Server)).includes('sheaf_cluster_peer_lag_updates{peer="b"} 0'),
    'all is acknowledged',
  );
  const text = await metrics(a as Server);
  assert.match(
    text,
    /^# HELP sheaf_cluster_peer_state .+\n# TYPE sheaf_cluster_peer_state gauge\nsheaf_cluster_peer_state\{peer="b",state="linked"\} 1$/m,
  );
  assert.match(text, /^sheaf_cluster_peer_sent_updates_total\{peer="b"\} 51$/m);
  const bytes = Number(/^sheaf_cluster_peer_sent_bytes_total\{peer="b"\} (\d+)$/m.exec(text)?.[1]);
  assert.ok(bytes > 51 * 10, text);
  assert.match(text, /^# TYPE sheaf_cluster_peer_batch_updates histogram$/m);
  const buckets = [
    ...text.matchAll(/^sheaf_cluster_peer_batch_updates_bucket\{peer="b",le="([^"]+)"\} (\d+)$/gm),
  ];
  const counts = buckets.map(([, , count]) => Number(count));
  assert.deepEqual(
    counts,
    counts.toSorted((x, y) => x - y),
  );
  assert.equal(buckets.at(-1)?.[1], '+Inf');
  assert.equal(
    counts.at(-1),
    Number(/^sheaf_cluster_peer_batch_updates_count\{peer="b"\} (\d+)$/m.exec(text)?.[1]),
  );
  assert.match(text, /^sheaf_cluster_peer_batch_updates_sum\{peer="b"\} 51$/m);
  assert.match(text, /^sheaf_cluster_peer_digests_total\{peer="b"\} [1-9]/m);
  // Each name once, and each with its type.
  const typed = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  assert.equal(new Set(typed).size, typed.length);
});
