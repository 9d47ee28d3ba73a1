import { Client, types as pgTypes } from 'pg';
import type { ClientBase, ClientConfig, QueryResultRow } from 'pg';
import { SheafError } from '../../error.ts';
import type { DatabaseAddress } from './database-url.ts';
import { OLDEST_VERSION } from './limits.ts';
import type { PostgresLimits } from './limits.ts';

/** Object identifiers of PostgreSQL's types (pg_type.dat). */
const INT8 = 20;
const BYTEA = 17;

/**
 * How texts of the wire become values. Numbers of ours stay below 2^53. `pg` reads rows as text, so bytes come in
 * hexadecimal: twice the size. Their buffer is their own, so that it can be handed to another thread.
 */
const types = {
  getTypeParser: (oid: number): ((text: string) => unknown) => {
    if (oid === INT8) return Number;
    if (oid === BYTEA) return readBytes;
    return pgTypes.getTypeParser(oid, 'text');
  },
};

function readBytes(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2);
  // Faster than Uint8Array.fromHex: 56 ms for 64 MiB in place of 98.
  Buffer.from(bytes.buffer).write(text.slice(2), 'hex');
  return bytes;
}

/** How a connection is made. */
export interface ConnectionSettings {
  readonly address: DatabaseAddress;
  readonly limits: PostgresLimits;
  /** `full` demands a database that syncs its disk; `normal` takes one that survives a kill only. */
  readonly fsync: 'full' | 'normal';
}

/** What `pg` is told. `name`: what the connection is called in `pg_stat_activity`. */
export function clientConfig({ address, limits }: ConnectionSettings, name: string): ClientConfig {
  return {
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: address.password,
    ssl: address.tls,
    application_name: name,
    connectionTimeoutMillis: limits.connectMs,
    // For an answer that never comes: the database itself gives statements up a little earlier.
    query_timeout: limits.statementMs + limits.connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: limits.keepAliveMs,
    types,
    pipeline: true,
  };
}

interface Settings extends QueryResultRow {
  readonly version: number;
  readonly encoding: string;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly recovering: boolean;
  readonly read_only: string;
}

/**
 * Brings a new connection into the state that all others count on, and checks that the database answers a commit only
 * when it is on disk. Returns what it had to change, for a person; '' if nothing. Throws `bad-setting` for a
 * database that loses what it answered, `storage-unavailable` for one that takes no writes.
 */
export async function prepareSession(client: ClientBase, settings: ConnectionSettings): Promise<string> {
  const { limits, fsync } = settings;
  const { rows } = await client.query<Settings>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
       current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('default_transaction_read_only') AS read_only, pg_is_in_recovery() AS recovering`,
  );
  const [found] = rows;
  if (found === undefined) throw new SheafError('internal', 'The database said nothing about itself.');
  refuseUnfit(found);
  if (fsync === 'full') refuseForgetful(found);
  if (found.recovering || found.read_only === 'on')
    throw new SheafError(
      'storage-unavailable',
      'The database takes no writes: it is read-only or a standby.',
    );
  const late = found.synchronous_commit === 'off';
  // Pinned, so that a change of the database's configuration does not loosen a session that is open.
  const sync = late ? 'on' : found.synchronous_commit;
  await client.query(
    `SELECT set_config('synchronous_commit', $1, false), set_config('statement_timeout', $2, false),
       set_config('idle_in_transaction_session_timeout', $3, false), set_config('TimeZone', 'UTC', false),
       set_config('bytea_output', 'hex', false), set_config('search_path', 'pg_catalog', false),
       set_config('client_min_messages', 'warning', false), set_config('client_encoding', 'UTF8', false)`,
    [sync, String(limits.statementMs), String(limits.abandonedMs)],
  );
  return late ? 'synchronous_commit is off in the database: it is on in the sessions of this server.' : '';
}

function refuseUnfit({ version, encoding }: Settings): void {
  if (version < OLDEST_VERSION)
    throw new SheafError(
      'bad-setting',
      `SHEAF_DATABASE_URL: PostgreSQL ${OLDEST_VERSION / 10_000} or newer is needed.`,
    );
  if (encoding !== 'UTF8')
    throw new SheafError('bad-setting', `SHEAF_DATABASE_URL: the database is in ${encoding}, not in UTF8.`);
}

function refuseForgetful(found: Settings): void {
  for (const name of ['fsync', 'full_page_writes'] as const)
    if (found[name] !== 'on')
      throw new SheafError(
        'bad-setting',
        `SHEAF_DATABASE_URL: the database runs with ${name}=off and answers commits that a power cut takes back; ` +
          'SHEAF_FSYNC=normal says that this will do.',
      );
}

/** Makes a connection that is ready for use; what is found amiss goes to `notice`. Throws what `pg` or `prepareSession` throws. */
export async function connect(
  settings: ConnectionSettings,
  name: string,
  notice: (words: string) => void = () => {},
): Promise<Client> {
  const client = new Client(clientConfig(settings, name));
  // A connection that breaks later tells whoever uses it; without this it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    const words = await prepareSession(client, settings);
    if (words !== '') notice(words);
    return client;
  } catch (thrown) {
    void client.end().catch(() => {});
    throw thrown;
  }
}

/**
 * Runs statements as one transaction. Those that do not wait for each other's answers are sent in one go with its
 * begin. When one fails, none of it is there. `answerMs`: how long the end may take, if not as long as any statement.
 */
export async function transaction<T>(
  client: ClientBase,
  begin: 'BEGIN' | 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY',
  statements: () => Promise<T>,
  answerMs?: number,
): Promise<T> {
  try {
    const [, result] = await Promise.all([client.query(begin), statements()]);
    await client.query({ text: 'COMMIT', ...(answerMs === undefined ? {} : { query_timeout: answerMs }) });
    return result;
  } catch (thrown) {
    // What was thrown says more than a connection that cannot even roll back, which the database ends for it.
    await client.query('ROLLBACK').catch(() => {});
    throw thrown;
  }
}
