import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitSetting, readConfig } from './config.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const SECRET = 'a secret of at least thirty-two bytes';

function refuses(env: Record<string, string>, argv: string[], pattern: RegExp): void {
  assert.throws(
    () => readConfig(env, argv),
    (thrown: Error) => {
      assert.match(thrown.message, pattern);
      assert.ok(!thrown.message.includes('\n'), 'one line');
      assert.ok(!thrown.message.includes(SECRET), 'no secret');
      return 'code' in thrown && thrown.code === 'bad-setting';
    },
  );
}

test('without settings it listens on loopback, keeps ./data, and is open', () => {
  assert.deepEqual(readConfig({ PATH: '/bin' }, []), {
    host: '127.0.0.1',
    port: 8080,
    data: './data',
    database: null,
    publicUrl: null,
    trustedProxies: ['127.0.0.0/8', '::1'],
    access: { kind: 'open' },
    tokenUrl: null,
    origins: [],
    fsync: 'full',
    cluster: null,
    adminToken: null,
    limits: DEFAULT_LIMITS,
  });
});

test('settings are read, and empty ones count as absent', () => {
  const config = readConfig(
    {
      SHEAF_HOST: '::1',
      SHEAF_PORT: '0',
      SHEAF_DATA: '/srv/sheaf',
      SHEAF_PUBLIC_URL: 'https://docs.example',
      SHEAF_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8, fd00::/8',
      SHEAF_ORIGINS: 'https://wiki.example, http://localhost:3000/',
      SHEAF_FSYNC: 'normal',
      SHEAF_ACCESS: '',
      SHEAF_LIMIT_MESSAGE_BYTES: '1000',
      SHEAF_LIMIT_HISTORY_DAYS: '0',
    },
    [],
  );
  assert.equal(config.host, '::1');
  assert.equal(config.port, 0);
  assert.equal(config.data, '/srv/sheaf');
  assert.equal(config.publicUrl?.origin, 'https://docs.example');
  assert.deepEqual(config.trustedProxies, ['127.0.0.0/8', '::1', '10.0.0.0/8', 'fd00::/8']);
  assert.deepEqual(config.origins, ['https://wiki.example', 'http://localhost:3000']);
  assert.equal(config.fsync, 'normal');
  assert.deepEqual(config.limits, { ...DEFAULT_LIMITS, messageBytes: 1000, historyDays: 0 });
});

test('a flag outranks its setting', () => {
  const env = { SHEAF_HOST: '::1', SHEAF_PORT: '1', SHEAF_DATA: 'a' };
  const config = readConfig(env, ['--host', 'localhost', '--port=2', '--data', 'b']);
  assert.deepEqual([config.host, config.port, config.data], ['localhost', 2, 'b']);
  assert.equal(readConfig(env, ['--memory']).data, null);
});

test('a bad setting is named in one line', () => {
  refuses({ SHEAF_HSOT: 'a' }, [], /^SHEAF_HSOT: there is no such setting/);
  refuses({ SHEAF_HOST: 'a b' }, [], /^SHEAF_HOST/);
  for (const port of ['x', '-1', '65536', '1.5', '0x10']) refuses({ SHEAF_PORT: port }, [], /^SHEAF_PORT/);
  refuses({}, ['--port', 'x'], /^--port/);
  for (const url of ['docs.example', 'ftp://a', 'https://a/?b', 'https://u@a'])
    refuses({ SHEAF_PUBLIC_URL: url }, [], /^SHEAF_PUBLIC_URL/);
  refuses({ SHEAF_PUBLIC_URL: 'https://a/sheaf/' }, [], /not supported yet/);
  for (const proxy of ['proxy', '10.0.0.0/33', '10.0.0.0/x', '10/8'])
    refuses({ SHEAF_TRUSTED_PROXIES: proxy }, [], /^SHEAF_TRUSTED_PROXIES/);
  for (const origin of ['*', 'a', 'https://a/b', 'null'])
    refuses({ SHEAF_ORIGINS: origin }, [], /^SHEAF_ORIGINS/);
  refuses({ SHEAF_FSYNC: 'off' }, [], /^SHEAF_FSYNC/);
  for (const value of ['0', '-1', '1e3', 'x', '1.5'])
    refuses({ SHEAF_LIMIT_MESSAGE_BYTES: value }, [], /^SHEAF_LIMIT_MESSAGE_BYTES/);
  refuses({ SHEAF_LIMIT_MASSAGE_BYTES: '1' }, [], /^SHEAF_LIMIT_MASSAGE_BYTES: there is no such limit/);
});

test('a bad flag is named in one line', () => {
  refuses({}, ['--prot', '1'], /--prot/);
  refuses({}, ['--port'], /--port/);
  refuses({}, ['file'], /file/);
  refuses({}, ['--memory', '--data', 'a'], /^--memory/);
});

test('open access must be chosen by name beyond loopback', () => {
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'docs.example']) {
    refuses({ SHEAF_HOST: host }, [], /^SHEAF_ACCESS/);
    assert.equal(readConfig({ SHEAF_HOST: host, SHEAF_ACCESS: 'open' }, []).access.kind, 'open');
  }
  refuses({}, ['--host', '0.0.0.0'], /^SHEAF_ACCESS/);
});

test('jwt needs a long secret or the address of keys, and both need jwt', () => {
  refuses({ SHEAF_ACCESS: 'accounts' }, [], /^SHEAF_ACCESS: "accounts" does not exist yet/);
  refuses({ SHEAF_ACCESS: 'none' }, [], /^SHEAF_ACCESS/);
  refuses({ SHEAF_ACCESS: 'jwt' }, [], /^SHEAF_ACCESS/);
  refuses(
    { SHEAF_ACCESS: 'jwt', SHEAF_JWT_SECRET: SECRET.slice(0, 31) },
    [],
    /^SHEAF_JWT_SECRET: has 31 bytes/,
  );
  refuses({ SHEAF_JWT_SECRET: SECRET }, [], /^SHEAF_JWT_SECRET/);
  refuses({ SHEAF_ACCESS: 'open', SHEAF_JWKS_URL: 'https://a/keys' }, [], /^SHEAF_JWKS_URL/);
  refuses({ SHEAF_ACCESS: 'jwt', SHEAF_JWKS_URL: 'http://a/keys' }, [], /^SHEAF_JWKS_URL/);
  const { access } = readConfig(
    { SHEAF_ACCESS: 'jwt', SHEAF_JWT_SECRET: SECRET, SHEAF_JWKS_URL: 'https://a/keys' },
    [],
  );
  assert.ok(access.kind === 'jwt');
  assert.equal(access.secret?.length, SECRET.length);
  assert.equal(access.keys?.href, 'https://a/keys');
});

test('REPL-12 nodes beyond loopback need certificates or a waiver, and what is half set is refused', () => {
  assert.equal(readConfig({}, []).cluster, null);
  const { cluster } = readConfig(
    {
      SHEAF_CLUSTER_LISTEN: '127.0.0.1:7081',
      SHEAF_CLUSTER_PEERS: '127.0.0.1:7082, dns:nodes.example:7081,[::1]:7083',
      SHEAF_NODE: 'node-1',
    },
    [],
  );
  assert.deepEqual(cluster, {
    listen: { host: '127.0.0.1', port: 7081 },
    address: null,
    peers: [
      { kind: 'address', host: '127.0.0.1', port: 7082 },
      { kind: 'dns', host: 'nodes.example', port: 7081 },
      { kind: 'address', host: '::1', port: 7083 },
    ],
    node: 'node-1',
    tls: null,
    replicas: 1,
  });
  refuses({ SHEAF_CLUSTER_PEERS: 'a:1' }, [], /^SHEAF_CLUSTER_PEERS: needs SHEAF_CLUSTER_LISTEN/);
  refuses({ SHEAF_CLUSTER_LISTEN: '0.0.0.0:1' }, [], /^SHEAF_CLUSTER_LISTEN: needs SHEAF_CLUSTER_CERT/);
  const waived = { SHEAF_CLUSTER_LISTEN: '0.0.0.0:1', SHEAF_CLUSTER_INSECURE: '1' };
  assert.equal(readConfig(waived, []).cluster?.listen.host, '0.0.0.0');
  refuses({ ...waived, SHEAF_CLUSTER_INSECURE: 'yes' }, [], /^SHEAF_CLUSTER_INSECURE/);
  refuses({ ...waived, SHEAF_CLUSTER_CERT: '/nowhere' }, [], /^SHEAF_CLUSTER_CERT: cannot be read/);
  refuses({ ...waived, SHEAF_CLUSTER_KEY: '/nowhere' }, [], /^SHEAF_CLUSTER_CERT: is missing/);
  refuses({ ...waived, SHEAF_CLUSTER_PEERS: 'a' }, [], /^SHEAF_CLUSTER_PEERS: "a" is no host:port/);
  refuses({ ...waived, SHEAF_NODE: 'a b' }, [], /^SHEAF_NODE/);
  // REPL-13: a number that can't be reached stops the start.
  refuses({ SHEAF_ACK: 'replicas:2' }, [], /^SHEAF_ACK: "replicas:2" needs SHEAF_CLUSTER_LISTEN/);
  for (const wrong of ['replicas:0', 'replicas:8', 'replicas:', 'two'])
    refuses({ ...waived, SHEAF_ACK: wrong }, [], /^SHEAF_ACK: ".*" is neither/);
  const pair = { SHEAF_CLUSTER_LISTEN: '127.0.0.1:1', SHEAF_CLUSTER_PEERS: '127.0.0.1:1,127.0.0.1:2' };
  refuses({ ...pair, SHEAF_ACK: 'replicas:3' }, [], /^SHEAF_ACK: "replicas:3", and .* names 1 other nodes/);
  assert.equal(readConfig({ ...pair, SHEAF_ACK: 'replicas:2' }, []).cluster?.replicas, 2);
  assert.equal(readConfig({ ...waived, SHEAF_ACK: 'replicas:2' }, []).cluster?.replicas, 2);
});

test('SHARED-4 nodes on one database may find each other there, and say where they are called', () => {
  const settings = {
    SHEAF_DATABASE_URL: 'postgres://u@a/b',
    SHEAF_CLUSTER_LISTEN: '127.0.0.1:7081',
    SHEAF_CLUSTER_PEERS: 'database',
  };
  const { cluster } = readConfig({ ...settings, SHEAF_CLUSTER_ADDRESS: 'node-1.example:7000' }, []);
  assert.deepEqual(cluster?.peers, [{ kind: 'database' }]);
  assert.deepEqual(cluster?.address, { host: 'node-1.example', port: 7000 });
  refuses(
    { ...settings, SHEAF_DATABASE_URL: '' },
    [],
    /^SHEAF_CLUSTER_PEERS: "database" needs SHEAF_DATABASE_URL/,
  );
  refuses(
    { ...settings, SHEAF_ACK: 'replicas:2' },
    [],
    /^SHEAF_ACK: "replicas:2" needs nodes with disks of their own/,
  );
  refuses(
    { ...settings, SHEAF_CLUSTER_ADDRESS: 'node' },
    [],
    /^SHEAF_CLUSTER_ADDRESS: "node" is no host:port/,
  );
});

test('a limit’s setting is its name in upper snake case', () => {
  assert.equal(limitSetting('messageBytes'), 'SHEAF_LIMIT_MESSAGE_BYTES');
  assert.equal(limitSetting('nesting'), 'SHEAF_LIMIT_NESTING');
});

test('LOG-28 the address of a database is checked, and never quoted', () => {
  const url = 'postgres://me:pass-word@db.example/docs?sslmode=disable';
  assert.equal(readConfig({ SHEAF_DATABASE_URL: url }, []).database, url);
  refuses({ SHEAF_DATABASE_URL: url }, ['--memory'], /^--memory: keeps nothing, so SHEAF_DATABASE_URL/);
  refuses({ SHEAF_DATABASE_URL: SECRET }, [], /^SHEAF_DATABASE_URL: is no address/);
  refuses({ SHEAF_DATABASE_URL: `postgres://me:${encodeURIComponent(SECRET)}@h/d?x=1` }, [], /"x"/);
});

test('ACCESS-5: pages get tokens from an https address, from this machine, or from a path of their own origin', () => {
  const jwt = { SHEAF_ACCESS: 'jwt', SHEAF_JWT_SECRET: SECRET };
  const read = (text: string) => readConfig({ ...jwt, SHEAF_TOKEN_URL: text }, []).tokenUrl;
  assert.equal(readConfig(jwt, []).tokenUrl, null);
  assert.equal(read('https://wiki.example/token?for=sheaf'), 'https://wiki.example/token?for=sheaf');
  assert.equal(read('http://127.0.0.1:3000/token'), 'http://127.0.0.1:3000/token');
  assert.equal(read('/wiki/token?a=1'), '/wiki/token?a=1');
  for (const text of [
    'http://wiki.example/token',
    'ftp://wiki.example/token',
    '//wiki.example/token',
    '/\\wiki.example/token',
    'token',
    'https://me:word@wiki.example/token',
    'https://wiki.example/token#x',
    'javascript:alert(1)',
  ])
    refuses({ ...jwt, SHEAF_TOKEN_URL: text }, [], /^SHEAF_TOKEN_URL: must be/);
  refuses({ SHEAF_TOKEN_URL: '/token' }, [], /^SHEAF_TOKEN_URL: needs SHEAF_ACCESS=jwt/);
});
