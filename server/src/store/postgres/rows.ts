import { deflateSync, inflateSync } from 'node:zlib';
import type { ClientBase } from 'pg';
import { SheafError } from '../../error.ts';
import { rowChecksum } from '../checksum.ts';
import type { DocumentName } from '../document-name.ts';
import { hashEntries } from '../segments.ts';
import type { Author, HistorySegment, LogRow, Snapshot } from '../store.ts';

/*
 * Rows as they lie in the tables (migrations.ts), and the statements that read them. Each has a checksum that covers the
 * document's name too: a row that landed in another document's place is found.
 */

/** A row of `documents`. */
export interface Head {
  readonly id: number;
  readonly last: number;
}

/** Throws `deleted`, or `corrupt`; null: never seen. */
export async function readHead(client: ClientBase, name: DocumentName): Promise<Head | null> {
  const { rows } = await client.query<{
    id: number;
    last: number;
    created: number;
    deleted: number | null;
    crc: number;
  }>({
    name: 'head',
    text: 'SELECT id, last, created, deleted, crc FROM sheaf.documents WHERE name = $1',
    values: [name],
  });
  const [row] = rows;
  if (row === undefined) return null;
  if (row.deleted !== null) throw new SheafError('deleted', `The document "${name}" was deleted.`);
  if (rowChecksum([row.created], name) !== row.crc)
    throw new SheafError('corrupt', `The entry of "${name}" is damaged.`);
  return row;
}

/** The document's id, in every statement that is sent before it is known. */
const ID = '(SELECT id FROM sheaf.documents WHERE name = $1 AND deleted IS NULL)';

interface SnapshotRow {
  readonly through: number;
  readonly nesting: number;
  readonly crc: number;
  readonly state_vector: Uint8Array;
  readonly delete_set: Uint8Array;
  readonly content: Uint8Array;
}

/** A generation; `snapshot` is null when its checksum does not match. */
export interface Generation {
  readonly through: number;
  readonly snapshot: Snapshot | null;
}

/** The newest generation, or the one before it; null: there is none. */
export async function readGeneration(
  client: ClientBase,
  name: DocumentName,
  which: 'current' | 'previous',
): Promise<Generation | null> {
  const { rows } = await client.query<SnapshotRow>({
    name: `snapshot ${which}`,
    text: `SELECT * FROM sheaf.snapshots WHERE document = ${ID} ORDER BY through DESC LIMIT 1 OFFSET ${which === 'current' ? 0 : 1}`,
    values: [name],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const { through, nesting, state_vector: stateVector, delete_set: deleteSet, content: update } = row;
  const snapshot: Snapshot = { through, nesting, stateVector, deleteSet, update };
  return { through, snapshot: snapshotChecksum(name, snapshot) === row.crc ? snapshot : null };
}

/** Where the newest generation ends; 0: there is none. */
export async function readThrough(client: ClientBase, name: DocumentName): Promise<number> {
  const { rows } = await client.query<{ through: number }>({
    name: 'through',
    text: `SELECT coalesce(max(through), 0) AS through FROM sheaf.snapshots WHERE document = ${ID}`,
    values: [name],
  });
  return rows[0]?.through ?? 0;
}

/** Covers all of a snapshot. */
export function snapshotChecksum(name: DocumentName, snapshot: Snapshot): number {
  const { through, nesting, stateVector, deleteSet, update } = snapshot;
  return rowChecksum([through, nesting], name, stateVector, deleteSet, update);
}

/** A row of the log, and whether its checksum matches. */
export interface ReadRow extends LogRow {
  readonly sound: boolean;
}

/** The rows of the log whose first number is at most `through`, in order. */
export async function readUpdates(
  client: ClientBase,
  name: DocumentName,
  through = Number.MAX_SAFE_INTEGER,
): Promise<ReadRow[]> {
  const { rows } = await client.query<LogRow & { crc: number }>({
    name: 'updates',
    text: `SELECT first, count, crc, entries FROM sheaf.updates WHERE document = ${ID} AND first <= $2 ORDER BY first`,
    values: [name, through],
  });
  return rows.map((row) => checked(name, row));
}

/** The rows of the log that reach beyond `after`, in order. */
export async function readUpdatesBehind(
  client: ClientBase,
  name: DocumentName,
  after: number,
): Promise<ReadRow[]> {
  // From the last row that begins there or before: the index finds it, and what follows it.
  const { rows } = await client.query<LogRow & { crc: number }>({
    name: 'updates behind',
    text: `SELECT first, count, crc, entries FROM sheaf.updates WHERE document = ${ID} AND first + count - 1 > $2
      AND first >= coalesce((SELECT max(first) FROM sheaf.updates WHERE document = ${ID} AND first <= $2 + 1), 0)
      ORDER BY first`,
    values: [name, after],
  });
  return rows.map((row) => checked(name, row));
}

function checked(name: DocumentName, { first, count, entries, crc }: LogRow & { crc: number }): ReadRow {
  return { first, count, entries, sound: rowChecksum([first, count], name, entries) === crc };
}

/** See `SharedLog.ends`. */
export async function readEnds(
  client: ClientBase,
  names: readonly DocumentName[],
): Promise<{ document: DocumentName; end: number | null }[]> {
  const { rows } = await client.query<{ document: DocumentName; end: number | null }>({
    name: 'ends',
    text: `SELECT name AS document, CASE WHEN deleted IS NULL THEN last END AS end
      FROM sheaf.documents WHERE name = ANY($1)`,
    values: [names],
  });
  return rows;
}

/** Checksum of a row of the log. */
export function updatesChecksum(name: DocumentName, { first, count, entries }: LogRow): number {
  return rowChecksum([first, count], name, entries);
}

/** Updates that wait. Throws `corrupt`. */
export async function readPending(client: ClientBase, name: DocumentName): Promise<Uint8Array | null> {
  const { rows } = await client.query<{ crc: number; entries: Uint8Array }>({
    name: 'pending',
    text: `SELECT crc, entries FROM sheaf.pending WHERE document = ${ID}`,
    values: [name],
  });
  const [row] = rows;
  if (row === undefined) return null;
  if (rowChecksum([], name, row.entries) !== row.crc)
    throw new SheafError('corrupt', 'The pending updates are damaged.');
  return row.entries;
}

/** Whose the document's client ids are. Throws `corrupt`. */
export async function readOwners(client: ClientBase, name: DocumentName): Promise<[number, Author][]> {
  const { rows } = await client.query<{ client: number; author: Uint8Array; crc: number }>({
    name: 'owners',
    text: `SELECT client, author, crc FROM sheaf.owners WHERE document = ${ID} ORDER BY client`,
    values: [name],
  });
  return rows.map((row) => {
    if (rowChecksum([row.client], name, row.author) !== row.crc)
      throw new SheafError('corrupt', `The owner of client ${row.client} is damaged.`);
    return [row.client, Buffer.from(row.author).toString()];
  });
}

/** A segment as its row holds it. */
export interface StoredSegment extends Omit<HistorySegment, 'entries'> {
  /** 1: `stored` is deflated. */
  readonly deflated: number;
  readonly crc: number;
  readonly stored: Uint8Array;
}

/** Segments that are checked at a time: about 16 MiB. */
const SEGMENTS_PER_PAGE = 16;

const SEGMENT = 'first, last, begun AS from, ended AS to, deflated, crc, hash, entries AS stored';

/** The next segments whose first number is above `first`, in order; empty behind the last. */
export async function readHistoryPage(
  client: ClientBase,
  name: DocumentName,
  first: number,
): Promise<StoredSegment[]> {
  const { rows } = await client.query<StoredSegment>({
    name: 'history page',
    text: `SELECT ${SEGMENT} FROM sheaf.history WHERE document = ${ID} AND first > $2 ORDER BY first LIMIT ${SEGMENTS_PER_PAGE}`,
    values: [name, first],
  });
  return rows;
}

/** The segments that overlap the numbers `from` to `to`, in order, as they lie there. */
export async function readHistory(
  client: ClientBase,
  name: DocumentName,
  range: { from: number; to: number },
): Promise<StoredSegment[]> {
  const { rows } = await client.query<StoredSegment>({
    name: 'history',
    text: `SELECT ${SEGMENT} FROM sheaf.history WHERE document = ${ID} AND last >= $2 AND first <= $3 ORDER BY first`,
    values: [name, range.from, range.to],
  });
  return rows;
}

/** Deflated entries are kept if they are smaller than this part of the plain ones. */
const PAYS = 0.9;

function segmentChecksum(name: DocumentName, segment: Omit<StoredSegment, 'crc' | 'stored'>): number {
  const { first, last, from, to, deflated, hash } = segment;
  return rowChecksum([first, last, from, to, deflated], name, hash);
}

/** A segment as a row. */
export function storeSegment(name: DocumentName, segment: HistorySegment): StoredSegment {
  const { entries, ...rest } = segment;
  // Level 1: history is written often and read seldom, and higher levels gain little on short updates.
  const small = deflateSync(entries, { level: 1 });
  const pays = small.length < entries.length * PAYS;
  const row = { ...rest, deflated: pays ? 1 : 0 };
  return { ...row, crc: segmentChecksum(name, row), stored: pays ? small : entries };
}

/** The segment of a row. Throws `corrupt`. */
export function readSegment(name: DocumentName, row: StoredSegment): HistorySegment {
  const { first, last, from, to, hash, deflated, stored } = row;
  const damaged = (cause?: unknown): SheafError =>
    new SheafError('corrupt', `History from ${first} to ${last} is damaged.`, { cause });
  if (segmentChecksum(name, row) !== row.crc) throw damaged();
  let entries = stored;
  if (deflated === 1) {
    try {
      entries = new Uint8Array(inflateSync(stored));
    } catch (thrown) {
      throw damaged(thrown);
    }
  }
  if (Buffer.compare(hashEntries(entries), hash) !== 0) throw damaged();
  return { first, last, from, to, hash, entries };
}
