import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ClusterTls } from './cluster/remote.ts';
import { type Server, startServer } from './main.ts';
import { open, until, Wire } from './nodes-for-tests.ts';

/** An authority, and certificates for 127.0.0.1 that it signs; null where there is no openssl. */
function makeAuthority(context: TestContext): (() => ClusterTls) | null {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-ca-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): boolean => spawnSync('openssl', args).status === 0;
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = ['-keyout', path('ca.key'), '-out', path('ca.pem')];
  if (!openssl('req', '-x509', ...curve, '-days', '2', '-subj', '/CN=Test authority', ...ca)) return null;
  writeFileSync(path('names'), 'subjectAltName=IP:127.0.0.1\n');
  let count = 0;
  return () => {
    count += 1;
    const [key, request, cert] = [path(`${count}.key`), path(`${count}.csr`), path(`${count}.pem`)];
    assert.ok(openssl('req', ...curve, '-subj', `/CN=node ${count}`, '-keyout', key, '-out', request));
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
  await using a = await start(sign());
  wire.target = a.clusterPort;
  // Of another authority, of its own making; without any.
  await using stranger = await start({ ...signElsewhere(), ca: sign().ca });
  await using plain = await start(null);
  await using b = await start(sign());
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
