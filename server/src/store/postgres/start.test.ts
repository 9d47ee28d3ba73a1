import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { parseDocumentName } from '../document-name.ts';
import { SheafError } from '../../error.ts';
import { assertHolds, batch, rejects } from '../sample.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { openPostgresStore } from './postgres-store.ts';
import { NO_POSTGRES, PASSWORD, startTestServer } from './server-for-tests.ts';
import type { TestServer } from './server-for-tests.ts';

const server = await startTestServer();
const A = parseDocumentName('a');

describe('postgres store: its address', () => {
  test('LOG-28 an address is read, and everything in it may be quoted', () => {
    assert.deepEqual(parseDatabaseUrl('postgres://a%40b:p%2Fw@127.0.0.1/do%20cs'), {
      host: '127.0.0.1',
      port: 5_432,
      user: 'a@b',
      password: 'p/w',
      database: 'do cs',
      tls: false,
    });
    const socket = parseDatabaseUrl('postgresql://me@x/docs?host=/var/run/postgresql');
    assert.deepEqual([socket.host, socket.password, socket.tls], ['/var/run/postgresql', undefined, false]);
  });

  test('LOG-28 beyond this machine TLS is checked unless the address says otherwise', () => {
    const tls = (rest: string) => parseDatabaseUrl(`postgres://me@db.example/docs${rest}`).tls;
    assert.deepEqual(tls(''), {});
    assert.deepEqual(tls('?sslmode=verify-full'), {});
    assert.equal(tls('?sslmode=disable'), false);
    assert.deepEqual(tls('?sslmode=require'), { rejectUnauthorized: false });
    const ca = tls('?sslmode=verify-ca');
    assert.ok(ca !== false && ca.rejectUnauthorized === undefined && ca.checkServerIdentity !== undefined);
    for (const local of ['localhost', '127.0.0.1', '[::1]'])
      assert.equal(parseDatabaseUrl(`postgres://me@${local}/docs`).tls, false);
  });

  test('LOG-28 a bad address is refused with words that quote nothing of it', () => {
    for (const [text, words] of [
      ['mysql://u:secret@h/d', /no address/],
      ['postgres://u:secret@h:70000/d', /no address/],
      ['postgres://u:secret%zz@h/d', /stands for nothing/],
      ['postgres://u:secret@h/', /no database/],
      ['postgres://:secret@h/d', /no user/],
      ['postgres:///d', /no host/],
      ['postgres://u:secret@h/d?sslmode=prefer', /sslmode is/],
      ['postgres://u:secret@h/d?sslmod=disable', /no parameter "sslmod"/],
      ['postgres://u:secret@h/d?sslrootcert=/nothing/here', /file of sslrootcert/],
      ['postgres://u:secret@h/d?sslmode=disable&sslkey=/x', /no sense/],
    ] as const) {
      assert.throws(
        () => parseDatabaseUrl(text),
        (thrown: unknown) => {
          assert.ok(thrown instanceof SheafError && thrown.code === 'bad-setting');
          assert.match(thrown.message, words);
          assert.ok(!thrown.message.includes('secret') && thrown.message.startsWith('SHEAF_DATABASE_URL'));
          return true;
        },
      );
    }
  });
});

/** A certificate for an address, and its key, which a user may read; null where there is no openssl. */
function keysFor(context: TestContext, address: string, owner: number): { cert: string; key: string } | null {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-keys-'));
  context.after(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', `/CN=${address}`, '-addext', `subjectAltName=IP:${address}`];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const made = spawnSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', cert]);
  if (made.status !== 0) return null;
  chownSync(key, owner, -1);
  return { cert, key };
}

function starts(postgres: TestServer): void {
  const open = (url: string, fsync: 'full' | 'normal' = 'full') => openPostgresStore({ url, fsync });

  test('LOG-28 a wrong password, user, database, port or TLS stops the start, and no secret is told', async () => {
    const url = await postgres.createDatabase();
    const wrong = (change: (url: URL) => void): string => {
      const changed = new URL(url);
      change(changed);
      return changed.href;
    };
    const cases = [
      [wrong((u) => (u.password = 'secret')), 'bad-setting', /password authentication failed .*28P01/],
      [wrong((u) => (u.username = 'nobody')), 'bad-setting', /28P01/],
      [wrong((u) => (u.pathname = '/nothing')), 'bad-setting', /3D000/],
      [wrong((u) => (u.search = '?sslmode=verify-full')), 'bad-setting', /offers no TLS; sslmode=disable/],
      [wrong((u) => (u.port = '1')), 'storage-unavailable', /ECONNREFUSED/],
      [wrong((u) => (u.hostname = 'nothing.invalid')) + '?sslmode=disable', 'storage-unavailable', /./],
    ] as const;
    for (const [address, code, words] of cases)
      await assert.rejects(open(address), (thrown: unknown) => {
        assert.ok(thrown instanceof SheafError, String(thrown));
        assert.equal(thrown.code, code, thrown.message);
        assert.match(thrown.message, words);
        const everything = JSON.stringify([thrown.message, thrown.stack, String(thrown.cause)]);
        assert.ok(!everything.includes('secret') && !everything.includes(PASSWORD), everything);
        return true;
      });
  });

  test('LOG-29 several nodes that start at once on an empty database bring it up to date once', async (context) => {
    const url = await postgres.createDatabase();
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(url)));
    context.after(() => Promise.all(stores.map((store) => store.close())));
    const steps = await postgres.run('SELECT step::int FROM sheaf.migrations ORDER BY step', url);
    assert.deepEqual(steps, [{ step: 1 }, { step: 2 }]);
    for (const [at, { log }] of stores.entries()) await log.append([batch(A, at + 1)]);
    assertHolds((await stores[0]?.log.load(A)) ?? null, 0, 6);
  });

  test('LOG-18 a schema of another program or of a newer version is refused and left as it is', async (context) => {
    const foreign = await postgres.createDatabase();
    await postgres.run('CREATE SCHEMA sheaf; CREATE TABLE sheaf.theirs (a int)', foreign);
    await rejects(open(foreign), 'bad-setting');
    const tables = `SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = 'sheaf'::regnamespace`;
    assert.deepEqual(await postgres.run(tables, foreign), [{ n: 1 }]);
    const newer = await postgres.createDatabase();
    await (await open(newer)).close();
    await postgres.run('INSERT INTO sheaf.migrations (step) VALUES (999)', newer);
    await rejects(open(newer), 'bad-setting');
    const empty = await postgres.createDatabase();
    await postgres.run('CREATE SCHEMA sheaf', empty);
    const store = await open(empty);
    context.after(() => store.close());
    await store.log.append([batch(A, 1)]);
  });

  test('LOG-28 a database in another encoding is refused', async () => {
    const url = await postgres.createDatabase(`TEMPLATE template0 ENCODING 'LATIN1'`);
    await assert.rejects(open(url), /LATIN1/);
  });

  test('LOG-20 a database that answers commits before they are on disk is refused, or told not to', async (context) => {
    const url = await postgres.createDatabase();
    const name = new URL(url).pathname.slice(1);
    await postgres.run(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    const notices: string[] = [];
    const store = await openPostgresStore({ url, fsync: 'full', notice: (words) => notices.push(words) });
    context.after(() => store.close());
    assert.match(notices.join(), /synchronous_commit is off/);
    // The writer's own session says what holds there, in the row that a trigger makes of its commit.
    await postgres.run(
      `CREATE TABLE public.sync (value text); CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN INSERT INTO public.sync VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
       CREATE TRIGGER tell AFTER INSERT ON sheaf.updates EXECUTE FUNCTION tell()`,
      url,
    );
    await store.log.append([batch(A, 1)]);
    await store.close();
    assert.deepEqual(await postgres.run('SELECT value FROM public.sync', url), [{ value: 'on' }]);

    await postgres.stop();
    for (const off of ['fsync', 'full_page_writes']) {
      await postgres.start({ [off]: 'off' });
      await assert.rejects(open(url), new RegExp(`${off}=off`));
      await (await open(url, 'normal')).close();
      await postgres.stop();
    }
    await postgres.start();
    await (await open(url)).close();
  });

  test('LOG-28 TLS is checked as the address says', async (context) => {
    const keys = keysFor(context, '127.0.0.1', postgres.owner);
    if (keys === null) return context.skip('openssl is not installed');
    const url = await postgres.createDatabase();
    await postgres.stop();
    await postgres.start({ ssl: 'on', ssl_cert_file: keys.cert, ssl_key_file: keys.key });
    context.after(async () => {
      await postgres.stop();
      await postgres.start();
    });
    const encrypted = `SELECT bool_and(ssl) AS all FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
      WHERE application_name LIKE 'sheaf %' AND datname = '${new URL(url).pathname.slice(1)}'`;
    for (const mode of [
      'require',
      `verify-ca&sslrootcert=${keys.cert}`,
      `verify-full&sslrootcert=${keys.cert}`,
    ]) {
      const store = await open(`${url}?sslmode=${mode}`);
      await store.log.load(A);
      assert.deepEqual(await postgres.run(encrypted), [{ all: true }], mode);
      await store.close();
    }
    await assert.rejects(open(`${url}?sslmode=verify-full`), /self-signed certificate/);
    const named = url.replace('127.0.0.1', 'localhost');
    await assert.rejects(open(`${named}?sslmode=verify-full&sslrootcert=${keys.cert}`), /does not match/);
    await (await open(`${named}?sslmode=verify-ca&sslrootcert=${keys.cert}`)).close();
  });

  test('a store that closes leaves no connection behind', async (context) => {
    const url = await postgres.createDatabase();
    const store = await open(url);
    context.after(() => store.close());
    await store.log.append([batch(A, 1)]);
    await store.log.load(A);
    await store.close();
    const name = new URL(url).pathname.slice(1);
    const left = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = '${name}' AND backend_type = 'client backend'`;
    for (;;) {
      const [row] = await postgres.run(left);
      if (row?.n === 0) break;
    }
    await rejects(store.log.append([batch(A, 2)]), 'storage-unavailable');
  });
}

if (server === null) test('starting with a database', { skip: NO_POSTGRES });
else describe('postgres store: its start', () => starts(server));
