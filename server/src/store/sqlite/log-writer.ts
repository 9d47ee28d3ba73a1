import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import type { LogRow } from '../store.ts';
import type { ReceivedBatch } from './append-message.ts';
import { rowChecksum } from '../checksum.ts';
import type { PreparedCompaction, StoredSegment } from './compaction.ts';

/** History segments that are removed in one transaction: about 16 MiB. */
const SEGMENTS_PER_STEP = 64;

/**
 * Every statement that writes. Each method is one transaction: it is committed, and as durable as
 * `synchronous` says, when the method returns, and leaves nothing when it throws. A SheafError is an answer; anything else
 * is the storage that failed.
 */
export class LogWriter {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /** `time`: when these batches were committed, ms since 1970. Throws `stale` or `deleted`. */
  append(batches: readonly ReceivedBatch[], time: number): void {
    this.#transaction(() => {
      for (const batch of batches) this.#appendBatch(batch, time);
    });
  }

  #appendBatch({ name, first, count, entries, pending, owners }: ReceivedBatch, time: number): void {
    const { advance, insertUpdates, putPending, dropPending, insertOwner } = this.#statements;
    const document =
      advance.get(count, time, name, first - 1)?.['id'] ?? this.#firstCommit(name, first, count, time);
    const id = Number(document);
    if (count > 0) insertUpdates.run(id, first, count, rowChecksum([id, first, count], entries), entries);
    if (pending !== null) {
      if (pending.length > 0) putPending.run(id, rowChecksum([id], pending), pending);
      else dropPending.run(id);
    }
    for (const [client, author] of owners)
      insertOwner.run(id, client, author, rowChecksum([id, client], author));
  }

  /** The way of a document's first commit, and of every commit that is refused. */
  #firstCommit(name: DocumentName, first: number, count: number, time: number): number {
    const known = this.#find(name);
    const last = known?.last ?? 0;
    if (known !== null || first !== 1)
      throw new SheafError('stale', `The log of "${name}" goes on at ${last + 1}, not at ${first}.`);
    return this.#insertDocument(name, time, count);
  }

  /** false: it was there already. Throws `deleted`. */
  create(name: DocumentName, time: number): boolean {
    return this.#transaction(() => {
      if (this.#find(name) !== null) return false;
      this.#insertDocument(name, time, 0);
      return true;
    });
  }

  #insertDocument(name: DocumentName, time: number, last: number): number {
    const id = Number(this.#statements.insertDocument.run(name, time, time, last).lastInsertRowid);
    this.#statements.setDocumentChecksum.run(rowChecksum([id, time], name), id);
    return id;
  }

  /** Throws `not-found` or `deleted`. */
  setTitle(name: DocumentName, title: string): void {
    this.#transaction(() => {
      const known = this.#find(name);
      if (known === null) throw new SheafError('not-found', `There is no document "${name}".`);
      this.#statements.setTitle.run(title, known.id);
    });
  }

  /** Puts a tombstone, also for a name that was never seen, and removes all else. The first deletion's time stays. */
  delete(name: DocumentName, time: number): void {
    this.#transaction(() => {
      const row = this.#statements.find.get(name);
      const id = row === undefined ? this.#insertDocument(name, time, 0) : Number(row['id']);
      for (const statement of this.#statements.dropContents) statement.run(id);
      this.#statements.bury.run(time, id);
    });
  }

  /** Puts a snapshot in the place of its base. Throws `stale` or `deleted`. */
  compact({ name, current, damaged, snapshot, checksum, segments, rest }: PreparedCompaction): void {
    this.#transaction(() => {
      const known = this.#find(name);
      const { through, nesting, stateVector, deleteSet, update } = snapshot;
      const found =
        known === null ? 0 : Number(this.#statements.currentSnapshot.get(known.id)?.['through'] ?? 0);
      if (known === null || found !== current || through > known.last)
        throw new SheafError('stale', `The snapshot of "${name}" is of ${found}, not of ${current}.`);
      const { id } = known;
      if (damaged) this.#statements.dropSnapshot.run(id, current);
      this.#statements.putSnapshot.run(id, through, nesting, checksum, stateVector, deleteSet, update);
      this.#statements.dropOldSnapshots.run(id, id);
      for (const segment of segments) this.#insertHistory(id, segment);
      this.#statements.dropUpdates.run(id, through);
      if (rest !== null) this.#insertRest(id, rest);
    });
  }

  /** Puts a segment before all others. Throws `stale` if another was put meanwhile, `not-found`, `deleted`. */
  prepend(name: DocumentName, segment: StoredSegment): void {
    this.#transaction(() => {
      const known = this.#find(name);
      if (known === null) throw new SheafError('not-found', `There is no document "${name}".`);
      if (Number(this.#statements.lowest.get(known.id)?.['first']) !== segment.last + 1)
        throw new SheafError('stale', `Another history of "${name}" came meanwhile.`);
      this.#insertHistory(known.id, segment);
    });
  }

  #insertHistory(id: number, segment: StoredSegment): void {
    const { first, last, from, to, deflated, crc, hash, stored } = segment;
    this.#statements.insertHistory.run(id, first, last, from, to, deflated, crc, hash, stored);
  }

  #insertRest(id: number, { first, count, entries }: LogRow): void {
    this.#statements.insertUpdates.run(id, first, count, rowChecksum([id, first, count], entries), entries);
  }

  /** Removes some segments that end before `time` and that no previous generation needs; 0: none is left. */
  expireHistory(time: number): number {
    return this.#transaction(() => Number(this.#statements.expireHistory.run(time).changes));
  }

  /** Forgets tombstones older than `time`; returns how many. */
  expireTombstones(time: number): number {
    return this.#transaction(() => Number(this.#statements.expireTombstones.run(time).changes));
  }

  /** Finds out whether the disk takes a commit. */
  probe(time: number): void {
    this.#transaction(() => this.#statements.probe.run(time));
  }

  #find(name: DocumentName): { id: number; last: number } | null {
    const row = this.#statements.find.get(name);
    if (row === undefined) return null;
    if (row['deleted'] !== null) throw new SheafError('deleted', `The document "${name}" was deleted.`);
    return { id: Number(row['id']), last: Number(row['last']) };
  }

  #transaction<T>(change: () => T): T {
    this.#statements.begin.run();
    try {
      const result = change();
      this.#statements.commit.run();
      return result;
    } catch (thrown) {
      // Some failures have rolled back already.
      if (this.#database.isTransaction) this.#statements.rollback.run();
      throw thrown;
    }
  }
}

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    rollback: prepare('ROLLBACK'),
    advance: prepare(
      `UPDATE documents SET last = last + ?, updated = ? WHERE name = ? AND last = ? AND deleted IS NULL RETURNING id`,
    ),
    find: prepare('SELECT id, last, deleted FROM documents WHERE name = ?'),
    insertDocument: prepare(
      'INSERT INTO documents (name, created, updated, last, crc) VALUES (?, ?, ?, ?, 0)',
    ),
    setDocumentChecksum: prepare('UPDATE documents SET crc = ? WHERE id = ?'),
    setTitle: prepare('UPDATE documents SET title = ? WHERE id = ?'),
    bury: prepare(`UPDATE documents SET title = '', last = 0, deleted = coalesce(deleted, ?) WHERE id = ?`),
    dropContents: ['updates', 'snapshots', 'history', 'pending', 'owners'].map((table) =>
      prepare(`DELETE FROM ${table} WHERE document = ?`),
    ),
    insertUpdates: prepare(
      'INSERT INTO updates (document, first, count, crc, entries) VALUES (?, ?, ?, ?, ?)',
    ),
    dropUpdates: prepare('DELETE FROM updates WHERE document = ? AND first <= ?'),
    putPending: prepare('INSERT OR REPLACE INTO pending (document, crc, entries) VALUES (?, ?, ?)'),
    dropPending: prepare('DELETE FROM pending WHERE document = ?'),
    insertOwner: prepare('INSERT OR IGNORE INTO owners (document, client, author, crc) VALUES (?, ?, ?, ?)'),
    currentSnapshot: prepare('SELECT max(through) AS through FROM snapshots WHERE document = ?'),
    putSnapshot: prepare(
      `INSERT OR REPLACE INTO snapshots (document, through, nesting, crc, state_vector, delete_set, content)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    dropSnapshot: prepare('DELETE FROM snapshots WHERE document = ? AND through = ?'),
    dropOldSnapshots: prepare(
      `DELETE FROM snapshots WHERE document = ? AND through <
         (SELECT through FROM snapshots WHERE document = ? ORDER BY through DESC LIMIT 1 OFFSET 1)`,
    ),
    lowest: prepare('SELECT min(1, coalesce(min(first), 1)) AS first FROM history WHERE document = ?'),
    insertHistory: prepare(
      `INSERT INTO history (document, first, last, begun, ended, deflated, crc, hash, entries)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    // What lies behind the generation before the current one is what a damaged current one is mended from.
    expireHistory: prepare(
      `DELETE FROM history WHERE rowid IN (SELECT rowid FROM history AS old WHERE ended < ? AND last <=
         coalesce((SELECT through FROM snapshots WHERE snapshots.document = old.document
           ORDER BY through DESC LIMIT 1 OFFSET 1), 0)
         LIMIT ${SEGMENTS_PER_STEP})`,
    ),
    expireTombstones: prepare('DELETE FROM documents WHERE deleted < ?'),
    probe: prepare('INSERT OR REPLACE INTO probe (id, time) VALUES (1, ?)'),
  };
}
