import type { ClientBase } from 'pg';
import { SheafError } from '../../error.ts';
import type { DocumentName } from '../document-name.ts';
import { join } from '../own-bytes.ts';
import { packOwners } from '../packed-document.ts';
import type { PackedDocument } from '../packed-document.ts';
import type { HistorySegment, LogRow, Snapshot } from '../store.ts';
import { transaction } from './connection.ts';
import {
  readGeneration,
  readHead,
  readHistory,
  readHistoryPage,
  readOwners,
  readPending,
  readSegment,
  readThrough,
  readUpdates,
  readUpdatesBehind,
} from './rows.ts';
import type { Generation, Head, ReadRow, StoredSegment } from './rows.ts';

/** One state of the database for all statements in it, in which each commit that was answered before is there. */
const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY';

/** Everything behind the last number there may be. */
const END = Number.MAX_SAFE_INTEGER;

/**
 * See `UpdateLog.load`. What other nodes commit meanwhile is either there with all that came before it, or not at all: a
 * commit takes a document's next numbers under a lock on its row, so that numbers become visible in their order.
 */
export function loadDocument(client: ClientBase, name: DocumentName): Promise<PackedDocument | null> {
  return transaction(client, SNAPSHOT, async () => {
    // Sent in one go.
    const [head, current, rows, pending, owners] = await Promise.all([
      readHead(client, name),
      readGeneration(client, name, 'current'),
      readUpdates(client, name),
      readPending(client, name),
      readOwners(client, name),
    ]);
    if (head === null) return null;
    const { snapshot, history } = await readBase(client, name, current);
    const tail = [...history, ...soundRows(name, rows)];
    checkNumbers(name, head, snapshot?.through ?? 0, tail);
    const parts = tail.map(({ entries }) => entries);
    return { snapshot, tail: join(parts), pending, ...packOwners(owners) };
  });
}

/** The current snapshot; or, if it is damaged, the one before and the history since. */
async function readBase(
  client: ClientBase,
  name: DocumentName,
  current: Generation | null,
): Promise<{ snapshot: Snapshot | null; history: Numbered[] }> {
  if (current === null || current.snapshot !== null)
    return { snapshot: current?.snapshot ?? null, history: [] };
  const previous = await readGeneration(client, name, 'previous');
  if (previous !== null && previous.snapshot === null)
    throw new SheafError('corrupt', `Both snapshots of "${name}" are damaged.`);
  const rows = await readHistory(client, name, { from: (previous?.through ?? 0) + 1, to: END });
  const history = rows.map((row) => numbered(readSegment(name, row)));
  return { snapshot: previous?.snapshot ?? null, history };
}

/** Entries whose first and last number are known. */
interface Numbered {
  readonly first: number;
  readonly last: number;
  readonly entries: Uint8Array;
}

function numbered({ first, last, entries }: HistorySegment): Numbered {
  return { first, last, entries };
}

function soundRows(name: DocumentName, rows: readonly ReadRow[]): Numbered[] {
  return rows.map(({ first, count, entries, sound }) => {
    if (!sound) throw new SheafError('corrupt', `The log's row ${first} of "${name}" is damaged.`);
    return { first, last: first + count - 1, entries };
  });
}

function checkNumbers(name: DocumentName, { last }: Head, through: number, tail: readonly Numbered[]): void {
  let before = through;
  for (const part of tail) {
    if (part.first !== before + 1) throw gap(name, before + 1);
    before = part.last;
  }
  if (before !== last) throw gap(name, before + 1);
}

function gap(name: DocumentName, at: number): SheafError {
  return new SheafError('corrupt', `Update ${at} of "${name}" is missing.`);
}

/** See `SharedLog.read`. */
export function readBehind(client: ClientBase, name: DocumentName, after: number): Promise<LogRow[] | null> {
  return transaction(client, SNAPSHOT, async () => {
    const [head, rows] = await Promise.all([readHead(client, name), readUpdatesBehind(client, name, after)]);
    if (head === null || head.last <= after) return [];
    // Compacted meanwhile: as it came it lies in history, for a while.
    const compacted = (rows[0]?.first ?? head.last + 1) > after + 1;
    const history = compacted ? await readHistory(client, name, { from: after + 1, to: END }) : [];
    const parts = [...history.map((row) => numbered(readSegment(name, row))), ...soundRows(name, rows)];
    const [first] = parts;
    if (first === undefined || first.first > after + 1) return null;
    checkNumbers(name, head, first.first - 1, parts);
    return parts.map((part) => ({
      first: part.first,
      count: part.last - part.first + 1,
      entries: part.entries,
    }));
  });
}

/** What a compaction begins with. */
export interface CompactionBase {
  readonly head: Head;
  /** `through` of the newest generation; 0: there is none. */
  readonly current: number;
  /** It is damaged, and `load` gives the one before. */
  readonly damaged: boolean;
  readonly rows: readonly { first: number; count: number; entries: Uint8Array }[];
}

/** Reads what a compaction of `base` through `through` needs. Throws `stale`, `deleted` or `corrupt`. */
export function readCompactionBase(
  client: ClientBase,
  name: DocumentName,
  { base, through }: { base: number; through: number },
): Promise<CompactionBase> {
  return transaction(client, SNAPSHOT, async () => {
    const [head, found, rows] = await Promise.all([
      readHead(client, name),
      readThrough(client, name),
      readUpdates(client, name, through),
    ]);
    if (head === null) throw new SheafError('stale', `There is no document "${name}".`);
    const damaged = found !== base && (await isMendedFrom(client, name, base));
    const behind = through < (damaged ? base : found);
    if ((found !== base && !damaged) || behind || through > head.last)
      throw new SheafError('stale', `The snapshot of "${name}" is of ${found}, not of ${base}.`);
    soundRows(name, rows);
    return { head, current: found, damaged, rows };
  });
}

/** Whether `load` gives the snapshot `base` because the current one is damaged. */
async function isMendedFrom(client: ClientBase, name: DocumentName, base: number): Promise<boolean> {
  const current = await readGeneration(client, name, 'current');
  if (current === null || current.snapshot !== null) return false;
  return ((await readGeneration(client, name, 'previous'))?.through ?? 0) === base;
}

/** See `UpdateLog.history`. */
export function loadHistory(
  client: ClientBase,
  name: DocumentName,
  range: { from: number; to: number },
): Promise<HistorySegment[]> {
  return transaction(client, SNAPSHOT, async () => {
    const [head, rows] = await Promise.all([readHead(client, name), readHistory(client, name, range)]);
    return head === null ? [] : rows.map((row) => readSegment(name, row));
  });
}

/** Every finding of a document: see `UpdateLog.verify`. */
export async function verifyDocument(client: ClientBase, name: DocumentName): Promise<string[]> {
  const findings: string[] = [];
  const found = (what: string, words: string): void => void findings.push(`${name}: ${what} ${words}`);
  const check = async (what: string, read: () => unknown): Promise<void> => {
    try {
      await read();
    } catch (thrown) {
      const error = SheafError.from(thrown);
      // A document that was deleted meanwhile has nothing to check; a database that is gone is no damage.
      if (error.code === 'corrupt') found(what, error.message);
      else if (error.code !== 'deleted') throw thrown;
    }
  };
  await transaction(client, SNAPSHOT, async () => {
    for (const which of ['current', 'previous'] as const) {
      const generation = await readGeneration(client, name, which);
      if (generation?.snapshot === null) found(`snapshot ${generation.through}`, 'is damaged');
    }
    let before: StoredSegment | null = null;
    for (;;) {
      const page: StoredSegment[] = await readHistoryPage(client, name, before?.first ?? 0);
      if (page.length === 0) break;
      for (const row of page) {
        const { first } = row;
        if (before !== null && first !== before.last + 1)
          found(`history ${first}`, 'does not follow the one before');
        before = row;
        await check(`history ${first}:`, () => readSegment(name, row));
      }
    }
  });
  await check('the document:', () => loadDocument(client, name));
  return findings;
}

/** Names of documents behind `after` in the order of names: pages of a walk through all. */
export async function readNames(client: ClientBase, after: string, limit: number): Promise<DocumentName[]> {
  const { rows } = await client.query<{ name: DocumentName }>(
    'SELECT name FROM sheaf.documents WHERE deleted IS NULL AND name > $1 ORDER BY name LIMIT $2',
    [after, limit],
  );
  return rows.map(({ name }) => name);
}

/** See `UpdateLog.size`. */
export async function readSize(
  client: ClientBase,
  name: DocumentName,
): Promise<{ snapshot: number; tail: number; history: number }> {
  const { rows } = await client.query<{ snapshot: number; tail: number; history: number }>(
    `SELECT
       coalesce((SELECT sum(octet_length(content) + octet_length(state_vector) + octet_length(delete_set))
          FROM sheaf.snapshots WHERE document = id), 0)::bigint AS snapshot,
       (coalesce((SELECT sum(octet_length(entries)) FROM sheaf.updates WHERE document = id), 0)
         + coalesce((SELECT octet_length(entries) FROM sheaf.pending WHERE document = id), 0))::bigint AS tail,
       coalesce((SELECT sum(octet_length(entries)) FROM sheaf.history WHERE document = id), 0)::bigint AS history
     FROM sheaf.documents WHERE name = $1`,
    [name],
  );
  return rows[0] ?? { snapshot: 0, tail: 0, history: 0 };
}
