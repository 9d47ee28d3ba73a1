import type { ClientBase } from 'pg';
import { SheafError } from '../../error.ts';
import { transaction } from './connection.ts';

/** Key of the advisory lock under which one node at a time looks at the tables when it starts: "Sheaf". */
const MIGRATING = 0x5368656166;

/**
 * The steps from an empty database to today's tables, all in the schema `sheaf`; `sheaf.migrations` has a row for each that
 * was done. A step that was released is never changed: what it got wrong, a later one mends. While nodes of two
 * versions run beside each other, the older one works on the newer one's tables: a step takes nothing away that the
 * version before uses, and a function that changes gets another name.
 */
const MIGRATIONS: readonly string[] = [
  `
  -- What documents there are, deleted ones too (a tombstone is a row with a time in "deleted").
  CREATE TABLE sheaf.documents (
    id      bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- what the other tables call the document
    name    text   COLLATE "C" NOT NULL UNIQUE,
    title   text   NOT NULL DEFAULT '', -- projected from the content
    created bigint NOT NULL, -- ms since 1970, as are all times of documents
    updated bigint NOT NULL, -- the latest commit
    minute  bigint NOT NULL, -- updated / 60,000
    last    bigint NOT NULL DEFAULT 0, -- number of the last update in the log
    deleted bigint, -- when it was deleted; NULL: it was not
    crc     bigint NOT NULL -- of created; name
  ) WITH (fillfactor = 50);
  -- By the minute alone: an index over what each commit changes would have the row moved, and three indexes written, by
  -- each commit (HOT updates; 107 µs a row in place of 9 in commits of a thousand documents).
  CREATE INDEX documents_by_minute ON sheaf.documents (minute) WHERE deleted IS NULL;

  -- The log behind the newest snapshot: one row for what one commit brought to one document.
  CREATE TABLE sheaf.updates (
    document bigint NOT NULL,
    first    bigint NOT NULL, -- number of the first entry
    count    bigint NOT NULL, -- how many entries
    crc      bigint NOT NULL, -- of first, count; the document's name, entries
    entries  bytea  NOT NULL, -- packed entries
    PRIMARY KEY (document, first)
  );

  -- At most two rows for a document: the current snapshot (the larger "through") and the generation before.
  CREATE TABLE sheaf.snapshots (
    document     bigint NOT NULL,
    through      bigint NOT NULL, -- number of the last update that it holds
    nesting      bigint NOT NULL, -- deepest nesting of types
    crc          bigint NOT NULL, -- of through, nesting; the name, state_vector, delete_set, content
    state_vector bytea  NOT NULL,
    delete_set   bytea  NOT NULL,
    content      bytea  NOT NULL, -- Yjs update, V1
    PRIMARY KEY (document, through)
  );

  -- What the log held before it went into a snapshot. Rows are never changed, only removed when they are old.
  CREATE TABLE sheaf.history (
    document bigint NOT NULL,
    first    bigint NOT NULL, -- numbers of the first
    last     bigint NOT NULL, -- and the last entry
    begun    bigint NOT NULL, -- times of the first
    ended    bigint NOT NULL, -- and the last entry
    deflated bigint NOT NULL, -- 1: entries are deflated (RFC 1950), 0: they are not
    crc      bigint NOT NULL, -- of first, last, begun, ended, deflated; the name, hash
    hash     bytea  NOT NULL, -- SHA-256 of the packed entries
    entries  bytea  NOT NULL, -- packed entries
    PRIMARY KEY (document, first)
  );
  CREATE INDEX history_by_end ON sheaf.history (ended);

  -- Updates that wait for others that they need.
  CREATE TABLE sheaf.pending (
    document bigint PRIMARY KEY,
    crc      bigint NOT NULL, -- of nothing; the name, entries
    entries  bytea  NOT NULL -- packed entries
  );

  -- Whose a Yjs client id is: the first one who brought it.
  CREATE TABLE sheaf.owners (
    document bigint NOT NULL,
    client   bigint NOT NULL,
    author   bytea  NOT NULL, -- UTF-8; text could not hold a NUL
    crc      bigint NOT NULL, -- of client; the name, author
    PRIMARY KEY (document, client)
  );

  -- Everything that commits: one row for each life of a node. The number of the last commit tells what became of
  -- one whose answer was lost.
  CREATE TABLE sheaf.writers (
    id     uuid        PRIMARY KEY,
    commit bigint      NOT NULL, -- number of the last one
    seen   timestamptz NOT NULL -- when that was, or when it connected
  ) WITH (fillfactor = 50);

  -- Who compacts a document. Whoever takes it raises the epoch; what the one before has prepared is then refused.
  CREATE TABLE sheaf.leases (
    document bigint      PRIMARY KEY,
    holder   uuid        NOT NULL,
    epoch    bigint      NOT NULL,
    session  text        NOT NULL, -- what the node's connections are called: when none is left, another may take it
    until    timestamptz NOT NULL -- when another may take it in any case
  );

  -- Written, and removed, to find out whether the database takes writes again.
  CREATE TABLE sheaf.probe (bytes bytea NOT NULL);

  -- Long bytes lie beside their rows as they are: compressing them costs more than it gains.
  ALTER TABLE sheaf.updates ALTER COLUMN entries SET STORAGE EXTERNAL;
  ALTER TABLE sheaf.snapshots ALTER COLUMN state_vector SET STORAGE EXTERNAL,
    ALTER COLUMN delete_set SET STORAGE EXTERNAL, ALTER COLUMN content SET STORAGE EXTERNAL;
  ALTER TABLE sheaf.history ALTER COLUMN entries SET STORAGE EXTERNAL;
  ALTER TABLE sheaf.pending ALTER COLUMN entries SET STORAGE EXTERNAL;
  ALTER TABLE sheaf.probe ALTER COLUMN bytes SET STORAGE EXTERNAL;

  -- One commit of writer w, number n: all of it or nothing. Documents come in the order of their names, each once, so that
  -- two nodes never wait for each other in a circle. Doing a commit again that took place does nothing: the row of the
  -- writer waits for a transaction before it that has not ended, and then tells. SH001: stale, SH002: deleted,
  -- SH003: the number does not fit.
  CREATE FUNCTION sheaf.append_1(
    w uuid, n bigint, now_ms bigint,
    names text[], firsts bigint[], counts bigint[], name_crcs bigint[], -- for each document
    row_of bigint[], row_crcs bigint[], row_entries bytea[], -- for each row of the log; row_of: which document, from 1
    pending_of bigint[], pending_crcs bigint[], pending_entries bytea[], -- empty entries remove
    owner_of bigint[], clients bigint[], authors bytea[], owner_crcs bigint[]
  ) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    done bigint;
    id_of bigint[] := '{}';
    doc bigint;
    there sheaf.documents;
  BEGIN
    UPDATE sheaf.writers SET commit = n, seen = now() WHERE id = w AND commit = n - 1;
    IF NOT FOUND THEN
      SELECT commit INTO done FROM sheaf.writers WHERE id = w;
      IF done = n THEN RETURN; END IF;
      RAISE EXCEPTION 'Commit % follows %.', n, done USING ERRCODE = 'SH003';
    END IF;
    FOR i IN 1 .. cardinality(names) LOOP
      UPDATE sheaf.documents SET last = last + counts[i], updated = now_ms, minute = now_ms / 60000
        WHERE name = names[i] AND last = firsts[i] - 1 AND deleted IS NULL RETURNING id INTO doc;
      IF NOT FOUND AND firsts[i] = 1 THEN
        INSERT INTO sheaf.documents (name, created, updated, minute, last, crc)
          VALUES (names[i], now_ms, now_ms, now_ms / 60000, counts[i], name_crcs[i])
          ON CONFLICT (name) DO NOTHING RETURNING id INTO doc;
      END IF;
      IF NOT FOUND THEN
        SELECT * INTO there FROM sheaf.documents WHERE name = names[i];
        IF there.deleted IS NOT NULL THEN
          RAISE EXCEPTION 'The document "%" was deleted.', names[i] USING ERRCODE = 'SH002';
        END IF;
        RAISE EXCEPTION 'The log of "%" goes on at %, not at %.', names[i], coalesce(there.last, 0) + 1, firsts[i]
          USING ERRCODE = 'SH001';
      END IF;
      id_of := id_of || doc;
    END LOOP;
    INSERT INTO sheaf.updates (document, first, count, crc, entries)
      SELECT id_of[r.of], firsts[r.of], counts[r.of], r.crc, r.entries
      FROM unnest(row_of, row_crcs, row_entries) AS r(of, crc, entries);
    IF cardinality(pending_of) > 0 THEN
      DELETE FROM sheaf.pending AS old USING unnest(pending_of) AS p(of) WHERE old.document = id_of[p.of];
      INSERT INTO sheaf.pending (document, crc, entries)
        SELECT id_of[p.of], p.crc, p.entries
        FROM unnest(pending_of, pending_crcs, pending_entries) AS p(of, crc, entries)
        WHERE octet_length(p.entries) > 0;
    END IF;
    IF cardinality(owner_of) > 0 THEN
      INSERT INTO sheaf.owners (document, client, author, crc)
        SELECT id_of[o.of], o.client, o.author, o.crc
        FROM unnest(owner_of, clients, authors, owner_crcs) AS o(of, client, author, crc)
        ON CONFLICT (document, client) DO NOTHING;
    END IF;
  END $$;
  `,
  `
  -- The servers that are linked to each other over this database. Who was not seen for a while is not asked.
  CREATE TABLE sheaf.members (
    node        text        COLLATE "C" PRIMARY KEY, -- its lasting name
    incarnation text        NOT NULL, -- drawn at its start
    address     text        NOT NULL, -- where the others call it
    seen        timestamptz NOT NULL
  ) WITH (fillfactor = 50);

  -- The cluster that they are of: one row.
  CREATE TABLE sheaf.cluster (
    one     boolean PRIMARY KEY CHECK (one),
    id      text    NOT NULL,
    created bigint  NOT NULL
  );
  `,
];

/**
 * Brings the tables up to date, each step in a transaction of its own; of several nodes that start at once, one at
 * a time. Throws `bad-setting` for a schema of another program or of a newer version, which is left as it is.
 */
export async function migrate(client: ClientBase): Promise<void> {
  for (;;) {
    const done = await transaction(client, 'BEGIN', async () => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATING]);
      const version = await versionOf(client);
      const step = MIGRATIONS[version];
      if (step === undefined) return true;
      // A simple query: the step is many statements.
      await client.query(step);
      await client.query('INSERT INTO sheaf.migrations (step) VALUES ($1)', [version + 1]);
      return false;
    });
    if (done) return;
  }
}

/** How many steps were done. Makes the schema if there is none. */
async function versionOf(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ schema: boolean; ours: boolean }>(
    `SELECT to_regnamespace('sheaf') IS NOT NULL AS schema, to_regclass('sheaf.migrations') IS NOT NULL AS ours`,
  );
  if (rows[0]?.ours !== true) {
    // A schema that was made for us, because this user may make none, is empty.
    if (rows[0]?.schema === true) await refuseForeign(client);
    else await client.query('CREATE SCHEMA sheaf');
    await client.query(
      'CREATE TABLE sheaf.migrations (step bigint PRIMARY KEY, done timestamptz NOT NULL DEFAULT now())',
    );
  }
  const found = await client.query<{ step: number }>(
    'SELECT coalesce(max(step), 0)::bigint AS step FROM sheaf.migrations',
  );
  const version = found.rows[0]?.step ?? 0;
  if (version > MIGRATIONS.length)
    throw new SheafError('bad-setting', 'SHEAF_DATABASE_URL: a newer version of Sheaf wrote this database.');
  return version;
}

async function refuseForeign(client: ClientBase): Promise<void> {
  const { rows } = await client.query(
    `SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('sheaf') LIMIT 1`,
  );
  if (rows.length > 0)
    throw new SheafError(
      'bad-setting',
      'SHEAF_DATABASE_URL: the schema "sheaf" of this database is another program\'s.',
    );
}
