import { create, fromBinary, type MessageShape, toBinary, toJsonString } from '@bufbuild/protobuf';
import * as grpc from '@grpc/grpc-js';
import {
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus as Status,
  HealthCheckResponseSchema,
  ServerReflection,
  ServerReflectionResponseSchema,
} from '@sheaf/proto/grpc';
import { type Hello, LinkRequestSchema, LinkResponseSchema } from '@sheaf/proto/replication';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Nodes } from './cluster-for-tests.ts';

const HEALTH = '/grpc.health.v1.Health/Check';
const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const LINK = '/sheaf.replication.v1.ReplicationService/Link';
const PROGRAM = fileURLToPath(new URL('./other-stacks.py', import.meta.url));

/** The first batch of a link to a node, as a node of the protocol's first version would send it. */
function greeting(): MessageShape<typeof LinkRequestSchema> {
  const hello = {
    version: 1,
    features: ['replica'],
    clusterId: 'f'.repeat(32),
    clusterCreated: BigInt(Date.now()),
    nodeId: 'zz-another-stack',
    incarnation: 7n,
    address: '',
  };
  const messages = [{ kind: { case: 'hello', value: hello } as const }];
  return create(LinkRequestSchema, { batch: { sequence: 0n, messages } });
}

function helloOf(bytes: Uint8Array): Hello {
  const kind = fromBinary(LinkResponseSchema, bytes).batch?.messages[0]?.kind;
  assert.equal(kind?.case, 'hello');
  return kind.value;
}

test('REPL-15 grpc-js asks for health, reads the services and makes a link', async () => {
  await using nodes = await Nodes.make(1);
  const client = new grpc.Client(
    `127.0.0.1:${nodes.server(0).clusterPort}`,
    grpc.credentials.createInsecure(),
  );
  const same = (bytes: Buffer): Buffer => bytes;
  const ask = (service: string): Promise<Status> =>
    new Promise((resolve, reject) => {
      const bytes = toBinary(HealthCheckRequestSchema, create(HealthCheckRequestSchema, { service }));
      client.makeUnaryRequest(HEALTH, same, same, Buffer.from(bytes), (error, answer) => {
        if (error !== null || answer === undefined) reject(error ?? new Error('no answer'));
        else resolve(fromBinary(HealthCheckResponseSchema, answer).status);
      });
    });
  assert.equal(await ask(''), Status.SERVING);
  assert.equal(await ask('sheaf.replication.v1.ReplicationService'), Status.SERVING);
  await assert.rejects(ask('nobody'), { code: grpc.status.NOT_FOUND });
  const first = async (method: string, message: Uint8Array): Promise<Buffer> => {
    const stream = client.makeBidiStreamRequest(method, same, same);
    stream.write(Buffer.from(message));
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      stream.once('data', resolve);
      stream.once('error', reject);
    });
    stream.on('error', () => {});
    stream.cancel();
    return bytes;
  };
  const { input } = ServerReflection.method.serverReflectionInfo;
  const question = create(input, { messageRequest: { case: 'listServices', value: '*' } });
  const listed = fromBinary(
    ServerReflectionResponseSchema,
    await first(REFLECTION, toBinary(input, question)),
  );
  assert.equal(listed.messageResponse.case, 'listServicesResponse');
  const names = listed.messageResponse.value.service.map(({ name }) => name);
  assert.ok(names.includes('sheaf.replication.v1.ReplicationService'), names.join(' '));
  assert.equal(helloOf(await first(LINK, toBinary(LinkRequestSchema, greeting()))).version, 1);
  client.close();
});

test('REPL-15 buf curl finds by reflection what there is to call, under both names, calls it, and makes a link', async () => {
  await using nodes = await Nodes.make(1);
  const base = `http://127.0.0.1:${nodes.server(0).clusterPort}`;
  const buf = createRequire(import.meta.url).resolve('@bufbuild/buf/bin/buf');
  const curl = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = [buf, 'curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...args];
      const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      child.stdout.on('data', (data: Buffer) => (text += data.toString()));
      child.stderr.on('data', (data: Buffer) => (text += data.toString()));
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve(text) : reject(new Error(text))));
    });
  for (const name of ['grpc-v1', 'grpc-v1alpha']) {
    const services = await curl('--reflect-protocol', name, '--list-services', base);
    assert.match(services, /sheaf\.replication\.v1\.ReplicationService/);
    assert.match(services, /grpc\.health\.v1\.Health/);
  }
  assert.match(await curl('-d', '{}', `${base}${HEALTH}`), /SERVING/);
  assert.match(
    await curl('-d', '{}', `${base}/sheaf.replication.v1.ReplicationService/ListNodes`),
    /STATE_SELF/,
  );
  const linked = await curl('-d', toJsonString(LinkRequestSchema, greeting()), base + LINK);
  assert.match(linked, /"hello":\s*\{\s*"version":\s*1\b/);
});

test('REPL-15 Python’s grpcio asks for health, reads the services and makes a link', async (context) => {
  // Where the package lies, if the test runner has unpacked it (its own JSON).
  const found = JSON.parse(process.env['SHEAF_TEST_GRPCIO'] ?? '{}') as Record<string, string>;
  const env = { ...process.env, ...found };
  if (spawnSync('python3', ['-c', 'import grpc'], { env }).status !== 0)
    return context.skip('python3 with grpcio is not here (Debian: python3-grpcio)');
  await using nodes = await Nodes.make(1);
  const args = [
    PROGRAM,
    `127.0.0.1:${nodes.server(0).clusterPort}`,
    Buffer.from(toBinary(LinkRequestSchema, greeting())).toString('hex'),
  ];
  const child = spawn('python3', args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  assert.equal(await new Promise((resolve) => child.once('close', resolve)), 0, text);
  const [health = '', services = '', link = ''] = text.trim().split('\n');
  assert.equal(fromBinary(HealthCheckResponseSchema, Buffer.from(health, 'hex')).status, Status.SERVING);
  assert.match(Buffer.from(services, 'hex').toString('latin1'), /sheaf\.replication\.v1\.ReplicationService/);
  assert.equal(helloOf(Buffer.from(link, 'hex')).version, 1);
});
