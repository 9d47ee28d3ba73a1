import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { isIP } from 'node:net';
import { SheafError } from '../../error.ts';

/** Where the database is and how it is reached. Holds the password: never log it. */
export interface DatabaseAddress {
  /** A name, an address, or a folder with a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** false: plain text. */
  readonly tls: ConnectionOptions | false;
}

const DEFAULT_PORT = 5_432;

/** What may stand behind the `?`. Whatever else stands there stops the start, or a misspelt `sslmode` would go unnoticed. */
const PARAMETERS: ReadonlySet<string> = new Set(['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']);

/**
 * Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`. The modes mean what libpq's mean (PostgreSQL
 * documentation, 34.19): `disable`, `require` (encrypted, the server's name unchecked), `verify-ca`,
 * `verify-full`. Without one it is `verify-full`, but on the same machine `disable`: libpq's `prefer` would take plain
 * text from whoever stands in between. Throws `bad-setting`; quotes nothing of the address, which holds a password.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
    throw bad('is no address like postgres://USER:PASSWORD@HOST:PORT/DATABASE');
  for (const name of url.searchParams.keys())
    if (!PARAMETERS.has(name)) throw bad(`there is no parameter "${name}"`);
  const host = url.searchParams.get('host') ?? decode(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  const user = decode(url.username);
  const database = decode(url.pathname.slice(1));
  if (host === '') throw bad('names no host');
  if (user === '') throw bad('names no user');
  if (database === '' || database.includes('/')) throw bad('names no database');
  return {
    host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database,
    user,
    password: url.password === '' ? undefined : decode(url.password),
    tls: readTls(url.searchParams, host),
  };
}

function bad(problem: string): SheafError {
  return new SheafError('bad-setting', `SHEAF_DATABASE_URL: ${problem}.`);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // The library's words would quote the part, which may be the password.
    throw bad('holds a % that stands for nothing');
  }
}

function readTls(parameters: URLSearchParams, host: string): ConnectionOptions | false {
  const mode = parameters.get('sslmode') ?? (isSameMachine(host) ? 'disable' : 'verify-full');
  const file = (name: string): Buffer | undefined => {
    const path = parameters.get(name);
    if (path === null) return undefined;
    if (mode === 'disable') throw bad(`${name} has no sense with sslmode=disable`);
    try {
      return readFileSync(path);
    } catch {
      throw bad(`the file of ${name} cannot be read`);
    }
  };
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  const given = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  switch (mode) {
    case 'disable':
      return false;
    case 'require':
      // As libpq has it: a root certificate that is there is used.
      return ca === undefined ? { ...given, rejectUnauthorized: false } : { ...given, ...anyName };
    case 'verify-ca':
      return { ...given, ...anyName };
    case 'verify-full':
      return given;
    default:
      throw bad(`sslmode is disable, require, verify-ca or verify-full`);
  }
}

/** The certificate's chain is checked, the name in it is not. */
const anyName: ConnectionOptions = { checkServerIdentity: () => undefined };

function isSameMachine(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost') return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
