import type { DatabaseSync } from 'node:sqlite';
import { SheafError } from '../../error.ts';

/** `application_id` of the database file: "Shef". */
const APPLICATION_ID = 0x53686566;

/**
 * The steps from an empty file to today's tables; `user_version` counts those that were done. A step that
 * was released is never changed: what it got wrong, a later one mends.
 */
const MIGRATIONS: readonly string[] = [
  `
  -- What documents there are, deleted ones too (a tombstone is a row with a time in "deleted").
  CREATE TABLE documents (
    id      INTEGER PRIMARY KEY, -- what the other tables call the document
    name    TEXT    NOT NULL UNIQUE,
    title   TEXT    NOT NULL DEFAULT '', -- projected from the content
    created INTEGER NOT NULL, -- ms since 1970, as are all times here
    updated INTEGER NOT NULL, -- the latest commit
    last    INTEGER NOT NULL DEFAULT 0, -- number of the last update in the log
    deleted INTEGER, -- when it was deleted; NULL: it was not
    crc     INTEGER NOT NULL -- of id, created; name
  ) STRICT;
  CREATE INDEX documents_by_update ON documents (updated, name) WHERE deleted IS NULL;

  -- The log behind the newest snapshot: one row for what one commit brought to one document.
  CREATE TABLE updates (
    document INTEGER NOT NULL,
    first    INTEGER NOT NULL, -- number of the first entry
    count    INTEGER NOT NULL, -- how many entries
    crc      INTEGER NOT NULL, -- of document, first, count; entries
    entries  BLOB    NOT NULL, -- packed entries
    PRIMARY KEY (document, first)
  ) STRICT, WITHOUT ROWID;

  -- At most two rows for a document: the current snapshot (the larger "through") and the generation before.
  CREATE TABLE snapshots (
    document     INTEGER NOT NULL,
    through      INTEGER NOT NULL, -- number of the last update that it holds
    nesting      INTEGER NOT NULL, -- deepest nesting of types
    crc          INTEGER NOT NULL, -- of document, through, nesting; state_vector, delete_set, content
    state_vector BLOB    NOT NULL,
    delete_set   BLOB    NOT NULL,
    content      BLOB    NOT NULL, -- Yjs update, V1
    UNIQUE (document, through)
  ) STRICT;

  -- What the log held before it went into a snapshot. Rows are never changed, only removed when they are old.
  CREATE TABLE history (
    document INTEGER NOT NULL,
    first    INTEGER NOT NULL, -- numbers of the first
    last     INTEGER NOT NULL, -- and the last entry
    begun    INTEGER NOT NULL, -- times of the first
    ended    INTEGER NOT NULL, -- and the last entry
    deflated INTEGER NOT NULL, -- 1: entries are deflated (RFC 1950), 0: they are not
    crc      INTEGER NOT NULL, -- of document, first, last, begun, ended, deflated; hash
    hash     BLOB    NOT NULL, -- SHA-256 of the packed entries
    entries  BLOB    NOT NULL, -- packed entries
    UNIQUE (document, first)
  ) STRICT;
  CREATE INDEX history_by_end ON history (ended);

  -- Updates that wait for others that they need.
  CREATE TABLE pending (
    document INTEGER PRIMARY KEY,
    crc      INTEGER NOT NULL, -- of document; entries
    entries  BLOB    NOT NULL -- packed entries
  ) STRICT;

  -- Whose a Yjs client id is: the first one who brought it.
  CREATE TABLE owners (
    document INTEGER NOT NULL,
    client   INTEGER NOT NULL,
    author   TEXT    NOT NULL,
    crc      INTEGER NOT NULL, -- of document, client; author
    PRIMARY KEY (document, client)
  ) STRICT, WITHOUT ROWID;

  -- One row, written to find out whether the disk takes writes again.
  CREATE TABLE probe (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    time INTEGER NOT NULL
  ) STRICT;
  `,
];

/**
 * Brings the tables up to date, each step in a transaction of its own. Throws `bad-setting` for a file that
 * is another program's, or a newer version's: such a file is left as it is.
 */
export function migrate(database: DatabaseSync): void {
  const version = readNumber(database, 'user_version');
  const owner = readNumber(database, 'application_id');
  if (owner !== APPLICATION_ID && (owner !== 0 || version !== 0))
    throw new SheafError('bad-setting', 'The database in the data folder belongs to another program.');
  if (version > MIGRATIONS.length)
    throw new SheafError(
      'bad-setting',
      'The database in the data folder was written by a newer version of Sheaf.',
    );
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(step);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${index + 1}; COMMIT`);
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw thrown;
    }
  }
}

function readNumber(database: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
