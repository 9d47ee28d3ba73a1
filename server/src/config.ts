import { isIP } from 'node:net';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { readFileSync } from 'node:fs';
import { isLoopback } from './access/origins.ts';
import type { ClusterOptions } from './cluster/cluster.ts';
import type { PeerSource, StoreSource } from './cluster/peer-source.ts';
import { parseNodeId } from './cluster/identity.ts';
import type { ClusterTls } from './cluster/remote.ts';
import { SheafError } from './error.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { parseDatabaseUrl } from './store/postgres/database-url.ts';

/** Shortest secret for HS256, bytes: as long as its hash (RFC 7518, section 3.2). */
const SECRET_BYTES = 32;

/** Shortest token of an operator, characters: nobody tries them all. */
const ADMIN_TOKEN_LENGTH = 16;

/** How people are let in. */
export type AccessConfig =
  | { readonly kind: 'open' }
  | { readonly kind: 'jwt'; readonly secret: Uint8Array | null; readonly keys: URL | null };

/** The settings in force, checked. */
export interface Config {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Folder that keeps everything; null keeps nothing (`--memory`). */
  readonly data: string | null;
  /** Address of a database that keeps the documents in place of the folder; null: there is none. Holds a password. */
  readonly database: string | null;
  /** Where people reach the server, if it is not the request's own host. */
  readonly publicUrl: URL | null;
  /** Addresses and networks (CIDR) whose forwarded headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly access: AccessConfig;
  /** Where pages get tokens for `jwt` access: an absolute address, or a path of the same origin; null: nowhere. */
  readonly tokenUrl: string | null;
  /** Origins whose pages may connect, beside the page's own. */
  readonly origins: readonly string[];
  readonly fsync: 'full' | 'normal';
  /** null: this is the only server. */
  readonly cluster: ClusterOptions | null;
  /** Who shows it may see the operator's pages; null: there is none. */
  readonly adminToken: string | null;
  readonly limits: Limits;
}

/** Words of SHEAF_TRUSTED_PROXIES that stand for networks. */
const NETWORKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1']],
  ['none', []],
]);

const FLAGS = {
  host: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  memory: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

const LIMIT_PREFIX = 'SHEAF_LIMIT_';
/** What the project's own tests are told; no server's business. */
const TEST_PREFIX = 'SHEAF_TEST_';

/** Nodes of a cluster in which each keeps everything: it is made for so many. */
const MOST_REPLICAS = 7;

/** Every other setting, so that a misspelt one does not go unnoticed. */
const SETTINGS: ReadonlySet<string> = new Set([
  'SHEAF_HOST',
  'SHEAF_PORT',
  'SHEAF_DATA',
  'SHEAF_DATABASE_URL',
  'SHEAF_PUBLIC_URL',
  'SHEAF_TRUSTED_PROXIES',
  'SHEAF_ACCESS',
  'SHEAF_JWT_SECRET',
  'SHEAF_JWKS_URL',
  'SHEAF_TOKEN_URL',
  'SHEAF_ORIGINS',
  'SHEAF_FSYNC',
  'SHEAF_ADMIN_TOKEN',
  'SHEAF_ACK',
  'SHEAF_NODE',
  'SHEAF_CLUSTER_LISTEN',
  'SHEAF_CLUSTER_ADDRESS',
  'SHEAF_CLUSTER_PEERS',
  'SHEAF_CLUSTER_CERT',
  'SHEAF_CLUSTER_KEY',
  'SHEAF_CLUSTER_CA',
  'SHEAF_CLUSTER_INSECURE',
]);

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of `serve` from the environment and the flags behind the command; a flag outranks its
 * setting, and an empty setting counts as absent. Throws `bad-setting` with one line that names the setting.
 * Secrets are never quoted.
 */
export function readConfig(env: Environment, argv: readonly string[]): Config {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('SHEAF_') || name.startsWith(TEST_PREFIX) || value === undefined) continue;
    if (!SETTINGS.has(name) && !name.startsWith(LIMIT_PREFIX)) throw bad(name, 'there is no such setting');
    if (value !== '') settings.set(name, value);
  }
  const flags = readFlags(argv);
  if (flags.memory && flags.data !== undefined)
    throw bad('--memory', 'keeps nothing, so --data has no sense');
  const database = settings.get('SHEAF_DATABASE_URL');
  if (flags.memory && database !== undefined)
    throw bad('--memory', 'keeps nothing, so SHEAF_DATABASE_URL has no sense');
  if (database !== undefined) parseDatabaseUrl(database);
  const host = flags.host ?? settings.get('SHEAF_HOST') ?? '127.0.0.1';
  const port = flags.port ?? settings.get('SHEAF_PORT') ?? '8080';
  return {
    host: readHost(flags.host === undefined ? 'SHEAF_HOST' : '--host', host),
    port: readPort(flags.port === undefined ? 'SHEAF_PORT' : '--port', port),
    data: flags.memory ? null : (flags.data ?? settings.get('SHEAF_DATA') ?? './data'),
    database: database ?? null,
    publicUrl: readPublicUrl(settings.get('SHEAF_PUBLIC_URL')),
    trustedProxies: readProxies(settings.get('SHEAF_TRUSTED_PROXIES') ?? 'loopback'),
    access: readAccess(settings, host),
    tokenUrl: readTokenUrl(settings),
    origins: list(settings.get('SHEAF_ORIGINS') ?? '').map(readOrigin),
    fsync: readFsync(settings.get('SHEAF_FSYNC') ?? 'full'),
    cluster: readCluster(settings, database !== undefined),
    adminToken: readAdminToken(settings.get('SHEAF_ADMIN_TOKEN')),
    limits: readLimits(settings),
  };
}

function bad(setting: string, problem: string): SheafError {
  return new SheafError('bad-setting', `${setting}: ${problem}.`);
}

function readFlags(argv: readonly string[]): {
  host?: string | undefined;
  port?: string | undefined;
  data?: string | undefined;
  memory?: boolean | undefined;
} {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: false }).values;
  } catch (thrown) {
    // The library's first sentence names the flag; the rest is advice about its own syntax.
    const words = thrown instanceof Error ? thrown.message.split('. ')[0] : String(thrown);
    throw new SheafError('bad-setting', `${words}.`, { cause: thrown });
  }
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function readHost(setting: string, text: string): string {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  const fits = isIP(bare) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(bare);
  if (!fits) throw bad(setting, `"${text}" is neither a host name nor an address`);
  return bare;
}

function readPort(setting: string, text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw bad(setting, `"${text}" is no port (0 to 65535)`);
  return port;
}

function readPublicUrl(text: string | undefined): URL | null {
  if (text === undefined) return null;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '')
    throw bad('SHEAF_PUBLIC_URL', `"${text}" is no http or https address`);
  if (url.pathname !== '/') throw bad('SHEAF_PUBLIC_URL', 'an address below a path is not supported yet');
  return url;
}

function readProxies(text: string): string[] {
  return list(text).flatMap((item) => {
    const network = NETWORKS.get(item);
    if (network) return network;
    const [address = '', bits] = item.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    const fits =
      isIP(address) !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
    if (!fits) throw bad('SHEAF_TRUSTED_PROXIES', `"${item}" is neither an address nor a network`);
    return [item];
  });
}

function readAccess(settings: ReadonlyMap<string, string>, host: string): AccessConfig {
  const kind = settings.get('SHEAF_ACCESS');
  if (kind === undefined && !isLoopback(host)) {
    throw bad('SHEAF_ACCESS', `must be chosen ("jwt", or "open": anybody may write) to listen on ${host}`);
  }
  const secret = settings.get('SHEAF_JWT_SECRET');
  const keys = settings.get('SHEAF_JWKS_URL');
  switch (kind) {
    case 'jwt':
      return readJwt(secret, keys);
    case undefined:
    case 'open':
      // Whoever sets a secret expects tokens to be checked.
      if (secret !== undefined) throw bad('SHEAF_JWT_SECRET', 'needs SHEAF_ACCESS=jwt');
      if (keys !== undefined) throw bad('SHEAF_JWKS_URL', 'needs SHEAF_ACCESS=jwt');
      return { kind: 'open' };
    case 'accounts':
      throw bad('SHEAF_ACCESS', '"accounts" does not exist yet; choose "jwt" or "open"');
    default:
      throw bad('SHEAF_ACCESS', `"${kind}" is neither "jwt" nor "open"`);
  }
}

function readJwt(secretText: string | undefined, keysText: string | undefined): AccessConfig {
  if (secretText === undefined && keysText === undefined)
    throw bad('SHEAF_ACCESS', '"jwt" needs SHEAF_JWT_SECRET or SHEAF_JWKS_URL');
  const secret = secretText === undefined ? null : new TextEncoder().encode(secretText);
  if (secret && secret.length < SECRET_BYTES)
    throw bad('SHEAF_JWT_SECRET', `has ${secret.length} bytes and needs at least ${SECRET_BYTES}`);
  const keys = keysText === undefined ? null : URL.parse(keysText);
  const safe = keys?.protocol === 'https:' || (keys?.protocol === 'http:' && isLoopback(keys.hostname));
  if (keysText !== undefined && !safe) throw bad('SHEAF_JWKS_URL', 'must be an https address');
  return { kind: 'jwt', secret, keys };
}

function readTokenUrl(settings: ReadonlyMap<string, string>): string | null {
  const text = settings.get('SHEAF_TOKEN_URL');
  if (text === undefined) return null;
  if (settings.get('SHEAF_ACCESS') !== 'jwt') throw bad('SHEAF_TOKEN_URL', 'needs SHEAF_ACCESS=jwt');
  // A path stays on whatever origin it is read on, which `//host` and `/\\host` would not.
  const path = text.startsWith('/') && URL.parse(text, 'http://origin.invalid')?.host === 'origin.invalid';
  const url = path ? URL.parse(text, 'http://localhost') : URL.parse(text);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !safe || url.username !== '' || url.password !== '' || url.hash !== '')
    throw bad('SHEAF_TOKEN_URL', 'must be an https address, or a path like /token');
  return path ? url.pathname + url.search : url.href;
}

function readAdminToken(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^[\x21-\x7e]+$/.test(text) || text.length < ADMIN_TOKEN_LENGTH)
    throw bad(
      'SHEAF_ADMIN_TOKEN',
      `needs at least ${ADMIN_TOKEN_LENGTH} letters, digits and signs, without spaces`,
    );
  return text;
}

function readOrigin(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || (text !== url.origin && text !== `${url.origin}/`))
    throw bad('SHEAF_ORIGINS', `"${text}" is no origin (like https://wiki.example.org)`);
  return url.origin;
}

function readCluster(settings: ReadonlyMap<string, string>, shared: boolean): ClusterOptions | null {
  const listen = settings.get('SHEAF_CLUSTER_LISTEN');
  const replicas = readAck(settings.get('SHEAF_ACK') ?? 'local');
  if (listen === undefined) {
    if (replicas > 1) throw bad('SHEAF_ACK', `"replicas:${replicas}" needs SHEAF_CLUSTER_LISTEN`);
    for (const name of SETTINGS)
      if (name.startsWith('SHEAF_CLUSTER_') && settings.has(name))
        throw bad(name, 'needs SHEAF_CLUSTER_LISTEN');
    return null;
  }
  const address = readAddress('SHEAF_CLUSTER_LISTEN', listen);
  const tls = readClusterTls(settings);
  const insecure = settings.get('SHEAF_CLUSTER_INSECURE');
  if (insecure !== undefined && insecure !== '1') throw bad('SHEAF_CLUSTER_INSECURE', 'is 1 or not there');
  // Whoever reaches this port may read and write every document.
  if (tls === null && !isLoopback(address.host) && insecure === undefined)
    throw bad(
      'SHEAF_CLUSTER_LISTEN',
      `needs SHEAF_CLUSTER_CERT, _KEY and _CA to listen on ${address.host} (or SHEAF_CLUSTER_INSECURE=1)`,
    );
  const node = settings.get('SHEAF_NODE');
  const peers = list(settings.get('SHEAF_CLUSTER_PEERS') ?? '').map((text) => readPeer(text, shared));
  const addresses = peers.filter((peer): peer is PeerSource => peer.kind === 'address');
  // A name may stand for any number of nodes, and others may be found by dialling us: whoever lists none waits for those.
  const others = addresses.filter(({ host, port }) => host !== address.host || port !== address.port).length;
  if (shared && replicas > 1)
    throw bad(
      'SHEAF_ACK',
      `"replicas:${replicas}" needs nodes with disks of their own: all write into SHEAF_DATABASE_URL`,
    );
  if (replicas > others + 1 && others > 0 && addresses.length === peers.length)
    throw bad('SHEAF_ACK', `"replicas:${replicas}", and SHEAF_CLUSTER_PEERS names ${others} other nodes`);
  const called = settings.get('SHEAF_CLUSTER_ADDRESS');
  return {
    listen: address,
    address: called === undefined ? null : readAddress('SHEAF_CLUSTER_ADDRESS', called),
    peers,
    node: node === undefined ? null : readNode(node),
    tls,
    replicas,
  };
}

/** How many nodes have to have on disk what is acknowledged. */
function readAck(text: string): number {
  if (text === 'local') return 1;
  const replicas = Number(/^replicas:(\d)$/.exec(text)?.[1] ?? 0);
  if (replicas < 1 || replicas > MOST_REPLICAS)
    throw bad('SHEAF_ACK', `"${text}" is neither "local" nor "replicas:N" with N from 1 to ${MOST_REPLICAS}`);
  return replicas;
}

function readPeer(text: string, shared: boolean): PeerSource | StoreSource {
  if (text === 'database') {
    if (!shared) throw bad('SHEAF_CLUSTER_PEERS', '"database" needs SHEAF_DATABASE_URL');
    return { kind: 'database' };
  }
  const dns = text.startsWith('dns:');
  const { host, port } = readAddress('SHEAF_CLUSTER_PEERS', dns ? text.slice(4) : text);
  return { kind: dns ? 'dns' : 'address', host, port };
}

function readNode(text: string): ClusterOptions['node'] {
  try {
    return parseNodeId(text);
  } catch (thrown) {
    throw bad('SHEAF_NODE', `"${text}": ${SheafError.from(thrown).message.replace(/\.$/, '')}`);
  }
}

function readAddress(setting: string, text: string): { host: string; port: number } {
  const found = /^(.+):(\d{1,5})$/.exec(text);
  if (found === null) throw bad(setting, `"${text}" is no host:port`);
  return { host: readHost(setting, found[1] ?? ''), port: readPort(setting, found[2] ?? '') };
}

/** What `sheaf cluster` needs of the settings: where a node of this machine is called, and how. */
export function operatorSettings(env: Environment): {
  readonly listen: string | undefined;
  readonly readTls: () => ClusterTls | null;
} {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && value !== '') settings.set(name, value);
  return { listen: settings.get('SHEAF_CLUSTER_LISTEN'), readTls: () => readClusterTls(settings) };
}

function readClusterTls(settings: ReadonlyMap<string, string>): ClusterTls | null {
  const names = ['SHEAF_CLUSTER_CERT', 'SHEAF_CLUSTER_KEY', 'SHEAF_CLUSTER_CA'] as const;
  if (names.every((name) => !settings.has(name))) return null;
  const [cert = '', key = '', ca = ''] = names.map((name) => {
    const file = settings.get(name);
    if (file === undefined) throw bad(name, 'is missing: certificate, key and authority belong together');
    try {
      return readFileSync(file, 'utf8');
    } catch (thrown) {
      throw bad(name, `cannot be read: ${SheafError.from(thrown).message}`);
    }
  });
  return { cert, key, ca };
}

function readFsync(text: string): 'full' | 'normal' {
  if (text === 'full' || text === 'normal') return text;
  throw bad('SHEAF_FSYNC', `"${text}" is neither "full" nor "normal"`);
}

/** The setting that overrides a limit: `SHEAF_LIMIT_MESSAGE_BYTES` for `messageBytes`. */
export function limitSetting(limit: string): string {
  return LIMIT_PREFIX + limit.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function readLimits(settings: ReadonlyMap<string, string>): Limits {
  const names = new Map(Object.keys(DEFAULT_LIMITS).map((name) => [limitSetting(name), name]));
  const overrides: Record<string, number> = {};
  for (const [setting, text] of settings) {
    if (!setting.startsWith(LIMIT_PREFIX)) continue;
    const name = names.get(setting);
    if (name === undefined) throw bad(setting, 'there is no such limit');
    const value = Number(text);
    const least = name === 'historyDays' ? 0 : 1;
    if (!/^\d{1,15}$/.test(text) || value < least)
      throw bad(setting, `"${text}" is no whole number from ${least}`);
    overrides[name] = value;
  }
  return { ...DEFAULT_LIMITS, ...overrides };
}
