import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import { join } from '../own-bytes.ts';
import { packOwners, shared } from '../packed-document.ts';
import type { PackedDocument } from '../packed-document.ts';
import { cutRows, moveBelow } from '../segments.ts';
import type { CatalogueEntry, Compaction, HistorySegment, LogRow, Snapshot } from '../store.ts';
import { rowChecksum } from '../checksum.ts';
import { readSegment, snapshotChecksum, storeSegment } from './compaction.ts';
import type { PreparedCompaction, StoredSegment } from './compaction.ts';

type Row = Record<string, SQLOutputValue>;

/** A document's row. */
interface Head {
  readonly id: number;
  readonly last: number;
}

/**
 * Every statement that only reads, on a connection of its own. A method sees one state of the database, in
 * which each commit that was acknowledged before it was called is there. Throws `corrupt` for rows that
 * fail their checksums.
 */
export class LogReader {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
  }

  /** null: never seen. Throws `deleted`, or `corrupt` when history cannot mend it. */
  load(name: DocumentName): PackedDocument | null {
    return this.#consistently(() => {
      const head = this.#head(name);
      if (head === null) return null;
      const { snapshot, entries } = this.#base(name, head);
      const rows = this.#rows(head.id);
      const first = rows[0]?.first ?? head.last + 1;
      let next = snapshot?.through ?? 0;
      for (const segment of entries) next = follow(name, next, segment.first, segment.last);
      if (first !== next + 1) throw gap(name, next + 1);
      for (const row of rows) next = follow(name, next, row.first, row.first + row.count - 1);
      if (next !== head.last) throw gap(name, next + 1);
      const parts = [...entries, ...rows].map((part) => part.entries);
      return {
        snapshot: snapshot && shared(snapshot),
        tail: join(parts),
        pending: this.#pending(head.id),
        ...this.#owners(head.id),
      };
    });
  }

  /** The current snapshot; or, if it is damaged, the one before and the history since. */
  #base(name: DocumentName, { id }: Head): { snapshot: Snapshot | null; entries: HistorySegment[] } {
    const [current, previous] = this.#statements.snapshots.all(id);
    if (current === undefined) return { snapshot: null, entries: [] };
    const snapshot = readSnapshot(id, current);
    if (snapshot !== null) return { snapshot, entries: [] };
    const older = previous === undefined ? null : readSnapshot(id, previous);
    if (previous !== undefined && older === null)
      throw new SheafError('corrupt', `Both snapshots of "${name}" are damaged.`);
    const after = older?.through ?? 0;
    const entries = this.#statements.historyAfter
      .all(id, after)
      .map((row) => readSegment(id, storedSegment(row)));
    return { snapshot: older, entries };
  }

  #rows(id: number, through = Number.MAX_SAFE_INTEGER): LogRow[] {
    return this.#statements.updates.all(id, through).map((row) => {
      const read = logRow(row);
      if (rowChecksum([id, read.first, read.count], read.entries) !== row['crc'])
        throw new SheafError('corrupt', `The log's row ${read.first} is damaged.`);
      return read;
    });
  }

  #pending(id: number): Uint8Array | null {
    const row = this.#statements.pending.get(id);
    if (row === undefined) return null;
    const entries = bytes(row, 'entries');
    if (rowChecksum([id], entries) !== row['crc'])
      throw new SheafError('corrupt', 'The pending updates are damaged.');
    return entries;
  }

  #owners(id: number): Pick<PackedDocument, 'clients' | 'owners' | 'authors'> {
    const rows = this.#statements.owners.all(id).map((row): [number, string] => {
      const client = Number(row['client']);
      const author = String(row['author']);
      if (rowChecksum([id, client], author) !== row['crc'])
        throw new SheafError('corrupt', `The owner of client ${client} is damaged.`);
      return [client, author];
    });
    return packOwners(rows);
  }

  /** All that a compaction writes. Throws `stale`, `deleted` or `corrupt`. */
  prepare({ document: name, base, snapshot }: Compaction, segmentBytes: number): PreparedCompaction {
    return this.#consistently(() => {
      const head = this.#head(name);
      if (head === null) throw new SheafError('stale', `There is no document "${name}".`);
      const { id, last } = head;
      const current = Number(this.#statements.through.get(id)?.['through'] ?? 0);
      const damaged = current !== base && this.#mendedFrom(id, base);
      const behind = snapshot.through < (damaged ? base : current);
      if ((current !== base && !damaged) || behind || snapshot.through > last)
        throw new SheafError('stale', `The snapshot of "${name}" is of ${current}, not of ${base}.`);
      const rows = this.#rows(id, snapshot.through);
      const { segments, rest } = cutRows(rows, snapshot.through, segmentBytes);
      return {
        name,
        current,
        damaged,
        snapshot,
        checksum: snapshotChecksum(id, snapshot),
        segments: segments.map((segment) => storeSegment(id, segment)),
        rest,
      };
    });
  }

  /** Whether `load` gives the snapshot `base` because the current one is damaged. */
  #mendedFrom(id: number, base: number): boolean {
    const [current, previous] = this.#statements.snapshots.all(id);
    return (
      current !== undefined &&
      readSnapshot(id, current) === null &&
      Number(previous?.['through'] ?? 0) === base
    );
  }

  /** A segment as its row will be, before all others of the document. Throws `not-found`, `deleted`, `corrupt`. */
  prepend(name: DocumentName, segment: HistorySegment): StoredSegment {
    return this.#consistently(() => {
      const head = this.#head(name);
      if (head === null) throw new SheafError('not-found', `There is no document "${name}".`);
      const lowest = Number(this.#statements.lowest.get(head.id)?.['first']);
      return storeSegment(head.id, moveBelow(segment, lowest));
    });
  }

  /** See `UpdateLog.history`. */
  history(name: DocumentName, from: number, to: number): HistorySegment[] {
    return this.#consistently(() => {
      const head = this.#head(name);
      if (head === null) return [];
      const rows = this.#statements.history.all(head.id, from, to);
      return rows.map((row) => readSegment(head.id, storedSegment(row)));
    });
  }

  /** See `UpdateLog.size`. */
  size(name: DocumentName): { snapshot: number; tail: number; history: number } {
    const row = this.#statements.size.get(name);
    const number = (column: string): number => Number(row?.[column] ?? 0);
    return { snapshot: number('snapshot'), tail: number('tail'), history: number('history') };
  }

  /** See `Catalogue.list`. */
  list(limit: number, after: { updated: number; document: DocumentName } | undefined): CatalogueEntry[] {
    const rows =
      after === undefined
        ? this.#statements.list.all(limit)
        : this.#statements.listAfter.all(after.updated, after.document, limit);
    return rows.map(catalogueEntry);
  }

  /** See `Catalogue.get`. */
  get(name: DocumentName): CatalogueEntry | null {
    const row = this.#statements.entry.get(name);
    return row === undefined ? null : catalogueEntry(row);
  }

  /** See `Catalogue.names`. */
  all(after: string, limit: number): { document: DocumentName; deleted: number | null }[] {
    return this.#statements.all.all(after, limit).map((row) => {
      const { deleted } = row;
      return { document: documentName(row), deleted: deleted === null ? null : Number(deleted) };
    });
  }

  /** Names of documents behind `after` in the order of names: pages of a walk through all. */
  names(after: string, limit: number): DocumentName[] {
    return this.#statements.names.all(after, limit).map(documentName);
  }

  /** Every finding of a document: see `UpdateLog.verify`. */
  verify(name: DocumentName): string[] {
    return this.#consistently(() => {
      const row = this.#statements.head.get(name);
      if (row === undefined || row['deleted'] !== null) return [];
      const id = Number(row['id']);
      const findings: string[] = [];
      const check = (what: string, read: () => unknown): void => {
        try {
          if (read() === null) findings.push(`${name}: ${what} is damaged`);
        } catch (thrown) {
          findings.push(`${name}: ${what}: ${SheafError.from(thrown).message}`);
        }
      };
      check('its name', () => this.#head(name));
      for (const snapshot of this.#statements.snapshots.all(id))
        check(`snapshot ${String(snapshot['through'])}`, () => readSnapshot(id, snapshot));
      let before: number | null = null;
      for (const segment of this.#statements.historyAfter
        .all(id, Number.MIN_SAFE_INTEGER)
        .map(storedSegment)) {
        check(`history ${segment.first}`, () => {
          // What was here before this server is older, and goes first.
          if (before !== null && segment.first !== before + 1 && segment.first !== 1)
            throw gap(name, before + 1);
          before = segment.last;
          return readSegment(id, segment);
        });
      }
      check('the document', () => this.load(name));
      return findings;
    });
  }

  #head(name: DocumentName): Head | null {
    const row = this.#statements.head.get(name);
    if (row === undefined) return null;
    if (row['deleted'] !== null) throw new SheafError('deleted', `The document "${name}" was deleted.`);
    const id = Number(row['id']);
    if (rowChecksum([id, Number(row['created'])], name) !== row['crc'])
      throw new SheafError('corrupt', `The entry of "${name}" is damaged.`);
    return { id, last: Number(row['last']) };
  }

  /** How deep in `#consistently` calls we are: only the outermost begins and ends the reading transaction. */
  #depth = 0;

  #consistently<T>(read: () => T): T {
    if (this.#depth === 0) this.#statements.begin.run();
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#statements.commit.run();
    }
  }
}

function follow(name: DocumentName, before: number, first: number, last: number): number {
  if (first !== before + 1) throw gap(name, before + 1);
  return last;
}

function gap(name: DocumentName, at: number): SheafError {
  return new SheafError('corrupt', `Update ${at} of "${name}" is missing.`);
}

/** null: its checksum does not match. */
function readSnapshot(id: number, row: Row): Snapshot | null {
  const snapshot: Snapshot = {
    through: Number(row['through']),
    nesting: Number(row['nesting']),
    stateVector: bytes(row, 'state_vector'),
    deleteSet: bytes(row, 'delete_set'),
    update: bytes(row, 'content'),
  };
  return snapshotChecksum(id, snapshot) === row['crc'] ? snapshot : null;
}

function logRow(row: Row): LogRow {
  return { first: Number(row['first']), count: Number(row['count']), entries: bytes(row, 'entries') };
}

function storedSegment(row: Row) {
  return {
    first: Number(row['first']),
    last: Number(row['last']),
    from: Number(row['begun']),
    to: Number(row['ended']),
    deflated: Number(row['deflated']),
    crc: Number(row['crc']),
    hash: bytes(row, 'hash'),
    stored: bytes(row, 'entries'),
  };
}

function catalogueEntry(row: Row): CatalogueEntry {
  return {
    document: documentName(row),
    title: String(row['title']),
    created: Number(row['created']),
    updated: Number(row['updated']),
  };
}

/** Only names that were parsed are ever written. */
function documentName(row: Row): DocumentName {
  return String(row['name']) as DocumentName;
}

function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new SheafError('corrupt', `The column ${column} holds no bytes.`);
  return value;
}

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    begin: prepare('BEGIN'),
    commit: prepare('COMMIT'),
    head: prepare('SELECT id, created, last, deleted, crc FROM documents WHERE name = ?'),
    snapshots: prepare('SELECT * FROM snapshots WHERE document = ? ORDER BY through DESC LIMIT 2'),
    through: prepare('SELECT max(through) AS through FROM snapshots WHERE document = ?'),
    updates: prepare('SELECT * FROM updates WHERE document = ? AND first <= ? ORDER BY first'),
    pending: prepare('SELECT * FROM pending WHERE document = ?'),
    owners: prepare('SELECT client, author, crc FROM owners WHERE document = ? ORDER BY client'),
    lowest: prepare('SELECT min(1, coalesce(min(first), 1)) AS first FROM history WHERE document = ?'),
    historyAfter: prepare('SELECT * FROM history WHERE document = ? AND first > ? ORDER BY first'),
    history: prepare('SELECT * FROM history WHERE document = ? AND last >= ? AND first <= ? ORDER BY first'),
    size: prepare(
      `SELECT
         (SELECT sum(length(content) + length(state_vector) + length(delete_set))
            FROM snapshots WHERE document = id) AS snapshot,
         coalesce((SELECT sum(length(entries)) FROM updates WHERE document = id), 0)
           + coalesce((SELECT length(entries) FROM pending WHERE document = id), 0) AS tail,
         (SELECT sum(length(entries)) FROM history WHERE document = id) AS history
       FROM documents WHERE name = ?`,
    ),
    list: prepare(
      `SELECT name, title, created, updated FROM documents WHERE deleted IS NULL
       ORDER BY updated DESC, name DESC LIMIT ?`,
    ),
    listAfter: prepare(
      `SELECT name, title, created, updated FROM documents WHERE deleted IS NULL AND (updated, name) < (?, ?)
       ORDER BY updated DESC, name DESC LIMIT ?`,
    ),
    entry: prepare('SELECT name, title, created, updated FROM documents WHERE name = ? AND deleted IS NULL'),
    all: prepare('SELECT name, deleted FROM documents WHERE name > ? ORDER BY name LIMIT ?'),
    names: prepare('SELECT name FROM documents WHERE deleted IS NULL AND name > ? ORDER BY name LIMIT ?'),
  };
}
