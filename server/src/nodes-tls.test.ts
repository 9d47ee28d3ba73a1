import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { parseNodeId } from './cluster/identity.ts';
import type { BatchInit } from './cluster/links.ts';
import { type ClusterTls, openRemote } from './cluster/remote.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { type Server, startServer } from './main.ts';
import { open, until, Wire } from './nodes-for-tests.ts';
import { operatorCommand } from './operator/command.ts';

/** An authority, and certificates for 127.0.0.1 that it signs; null where there is no openssl. */
function makeAuthority(context: TestContext): ((node: string) => ClusterTls) | null {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-ca-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): boolean => spawnSync('openssl', args).status === 0;
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = ['-keyout', path('ca.key'), '-out', path('ca.pem')];
  if (!openssl('req', '-x509', ...curve, '-days', '2', '-subj', '/CN=Test authority', ...ca)) return null;
  writeFileSync(path('names'), 'subjectAltName=IP:127.0.0.1\n');
  let count = 0;
  return (node: string) => {
    count += 1;
    const [key, request, cert] = [path(`${count}.key`), path(`${count}.csr`), path(`${count}.pem`)];
    assert.ok(openssl('req', ...curve, '-subj', `/CN=${node}`, '-keyout', key, '-out', request));
    const signer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial', '-days', '2'];
    assert.ok(openssl('x509', '-req', '-in', request, ...signer, '-extfile', path('names'), '-out', cert));
    const read = (file: string): string => readFileSync(file, 'utf8');
    return { cert: read(cert), key: read(key), ca: read(path('ca.pem')) };
  };
}

async function links(server: Server): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^sheaf_cluster_links (.*)$/m.exec(text)?.[1]);
}

test('REPL-12 nodes know each other by certificates, and strangers and plain text are refused', async (context) => {
  const sign = makeAuthority(context);
  const signElsewhere = makeAuthority(context);
  if (sign === null || signElsewhere === null) return context.skip('openssl is not installed');
  await using wire = await new Wire().listen();
  const start = (tls: ClusterTls | null): Promise<Server> =>
    startServer({
      cluster: { listen: { host: '127.0.0.1', port: 0 }, peers: [wire.peer], node: null, tls },
      limits: { peerRetryMs: 50, peerAnswerMs: 1_000 },
    });
  await using a = await start(sign('a'));
  wire.target = a.clusterPort;
  // Of another authority, of its own making; without any.
  await using stranger = await start({ ...signElsewhere('stranger'), ca: sign('b').ca });
  await using plain = await start(null);
  await using b = await start(sign('b'));
  await until(async () => (await links(a)) === 1, 'the two are linked');
  using onA = open(a.url, 'plan');
  using onB = open(b.url, 'plan');
  await until(() => onA.provider.isSynced && onB.provider.isSynced, 'both are in');
  onA.text.insert(0, 'kept among us');
  await until(() => onB.text.toJSON() === 'kept among us', 'it is there');
  // They have been refused many times by now.
  for (const other of [stranger, plain]) assert.equal(await links(other), 0);
  assert.equal(await links(a), 1);
});

test('REPL-12 a node’s certificate speaks as that node alone', async (context) => {
  const sign = makeAuthority(context);
  if (sign === null) return context.skip('openssl is not installed');
  await using wire = await new Wire().listen();
  const certificates = { a: sign('a'), thief: sign('thief') };
  const start = (tls: ClusterTls, node: string | null): Promise<Server> =>
    startServer({
      cluster: {
        ...{ listen: { host: '127.0.0.1', port: 0 }, peers: [wire.peer], tls },
        node: node === null ? null : parseNodeId(node),
      },
      limits: { peerRetryMs: 50, peerAnswerMs: 1_000 },
    });
  await using a = await start(certificates.a, null);
  wire.target = a.clusterPort;
  // An honest start says at once that others would refuse it.
  await assert.rejects(start(certificates.thief, 'b'), /SHEAF_CLUSTER_CERT: does not name b/);
  await assert.rejects(start(sign('not a name'), null), /SHEAF_CLUSTER_CERT: its common name is no name/);
  // Who says so all the same is refused: by a greeting of its own making.
  const remote = openRemote(
    { host: '127.0.0.1', port: a.clusterPort ?? 0 },
    { tls: certificates.thief, limits: DEFAULT_LIMITS },
  );
  const greet = async (node: string): Promise<unknown> => {
    const stop = new AbortController();
    const hello = {
      ...{ version: 1, features: ['replica'], clusterId: 'f'.repeat(32), nodeId: node, incarnation: 1n },
      clusterCreated: BigInt(Date.now()),
    };
    async function* requests(): AsyncGenerator<{ batch: BatchInit }> {
      yield { batch: { sequence: 0n, messages: [{ kind: { case: 'hello', value: hello } }] } };
      await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
    }
    const answers = remote.client.link(requests(), { signal: stop.signal });
    try {
      for await (const { batch } of answers) return batch?.messages[0]?.kind.case;
      return null;
    } finally {
      stop.abort();
    }
  };
  await assert.rejects(greet('b'), (error) => ConnectError.from(error).code === Code.PermissionDenied);
  assert.equal(await greet('thief'), 'hello');
  remote.close();
});

test('OPER-6 an operator calls with a certificate of the authority, whatever it names, and not without one', async (context) => {
  const sign = makeAuthority(context);
  if (sign === null) return context.skip('openssl is not installed');
  await using a = await startServer({
    cluster: { listen: { host: '127.0.0.1', port: 0 }, peers: [], node: null, tls: sign('a') },
  });
  const ask = async (tls: ClusterTls | null): Promise<[number, string]> => {
    let said = '';
    const stream = { write: (text: string) => (said += text) };
    const argv = ['nodes', '--node', `127.0.0.1:${a.clusterPort}`];
    const code = await operatorCommand(
      argv,
      { listen: undefined, readTls: () => tls },
      { stdout: stream, stderr: stream },
    );
    return [code, said];
  };
  const [code, said] = await ask(sign('operator'));
  assert.equal(code, 0);
  assert.match(said, /^a +this one$/m);
  assert.equal((await ask(null))[0], 1);
  const stranger = makeAuthority(context);
  assert.ok(stranger);
  assert.equal((await ask({ ...stranger('operator'), ca: sign('x').ca }))[0], 1);
});
