import type { ClientBase } from 'pg';
import { SheafError } from '../../error.ts';
import { rowChecksum } from '../checksum.ts';
import type { DocumentName } from '../document-name.ts';
import type { CatalogueEntry } from '../store.ts';
import { transaction } from './connection.ts';

/** History segments that are removed in one transaction: about 16 MiB. */
const SEGMENTS_PER_STEP = 64;

const ENTRY = 'name AS document, title, created, updated';

/** See `Catalogue.list`. */
export async function listDocuments(
  client: ClientBase,
  limit: number,
  after: { updated: number; document: DocumentName } | undefined,
): Promise<CatalogueEntry[]> {
  // The minute says nothing that the time does not; its index brings the rows almost in order.
  const { rows } = await client.query<CatalogueEntry>(
    `SELECT ${ENTRY} FROM sheaf.documents WHERE deleted IS NULL
       ${after === undefined ? '' : 'AND minute <= $2::bigint / 60000 AND (updated, name) < ($2::bigint, $3)'}
     ORDER BY minute DESC, updated DESC, name DESC LIMIT $1`,
    after === undefined ? [limit] : [limit, after.updated, after.document],
  );
  return rows;
}

/** See `Catalogue.names`. */
export async function listNames(
  client: ClientBase,
  after: string,
  limit: number,
): Promise<{ document: DocumentName; deleted: number | null }[]> {
  const { rows } = await client.query<{ document: DocumentName; deleted: number | null }>(
    'SELECT name AS document, deleted FROM sheaf.documents WHERE name > $1 ORDER BY name LIMIT $2',
    [after, limit],
  );
  return rows;
}

/** See `Catalogue.get`. */
export async function getDocument(client: ClientBase, name: DocumentName): Promise<CatalogueEntry | null> {
  const { rows } = await client.query<CatalogueEntry>(
    `SELECT ${ENTRY} FROM sheaf.documents WHERE name = $1 AND deleted IS NULL`,
    [name],
  );
  return rows[0] ?? null;
}

/** See `Catalogue.create`. */
export async function createDocument(client: ClientBase, name: DocumentName, time: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO sheaf.documents (name, created, updated, minute, crc)
       VALUES ($1, $2::bigint, $2::bigint, $2::bigint / 60000, $3)
     ON CONFLICT (name) DO NOTHING`,
    [name, time, rowChecksum([time], name)],
  );
  if (rowCount === 1) return true;
  await refuseDeleted(client, name);
  return false;
}

/** See `Catalogue.setTitle`. Texts of PostgreSQL hold no NUL: the sign for what cannot be shown stands in its place. */
export async function setDocumentTitle(client: ClientBase, name: DocumentName, title: string): Promise<void> {
  const { rowCount } = await client.query(
    'UPDATE sheaf.documents SET title = $2 WHERE name = $1 AND deleted IS NULL',
    [name, title.replaceAll('\0', '\ufffd')],
  );
  if (rowCount === 1) return;
  await refuseDeleted(client, name);
  throw new SheafError('not-found', `There is no document "${name}".`);
}

async function refuseDeleted(client: ClientBase, name: DocumentName): Promise<void> {
  const { rows } = await client.query(
    'SELECT 1 FROM sheaf.documents WHERE name = $1 AND deleted IS NOT NULL',
    [name],
  );
  if (rows.length > 0) throw new SheafError('deleted', `The document "${name}" was deleted.`);
}

/** See `Catalogue.delete`. */
export async function deleteDocument(client: ClientBase, name: DocumentName, time: number): Promise<void> {
  const id = '(SELECT id FROM sheaf.documents WHERE name = $1)';
  await transaction(client, 'BEGIN', async () => {
    await Promise.all([
      // Waits for a compaction that is writing (compaction.ts), and holds up a later one.
      client.query('SELECT FROM sheaf.documents WHERE name = $1 FOR UPDATE', [name]),
      client.query(
        `INSERT INTO sheaf.documents AS known (name, created, updated, minute, deleted, crc)
           VALUES ($1, $2::bigint, $2::bigint, $2::bigint / 60000, $2::bigint, $3)
         ON CONFLICT (name) DO UPDATE
           SET title = '', last = 0, deleted = coalesce(known.deleted, excluded.deleted)`,
        [name, time, rowChecksum([time], name)],
      ),
      ...['leases', 'updates', 'snapshots', 'history', 'pending', 'owners'].map((table) =>
        client.query(`DELETE FROM sheaf.${table} WHERE document = ${id}`, [name]),
      ),
    ]);
  });
}

/** See `Catalogue.expireTombstones`. */
export async function expireTombstones(client: ClientBase, time: number): Promise<number> {
  const { rowCount } = await client.query('DELETE FROM sheaf.documents WHERE deleted < $1', [time]);
  return rowCount ?? 0;
}

/** See `UpdateLog.expireHistory`. In steps, each of which commits. */
export async function expireHistory(client: ClientBase, time: number): Promise<number> {
  let total = 0;
  for (;;) {
    // What lies behind the generation before the current one is what a damaged current one is mended from.
    const { rowCount } = await client.query(
      `DELETE FROM sheaf.history WHERE (document, first) IN (
         SELECT document, first FROM sheaf.history AS old WHERE ended < $1 AND last <= coalesce(
           (SELECT through FROM sheaf.snapshots WHERE snapshots.document = old.document
            ORDER BY through DESC LIMIT 1 OFFSET 1), 0)
         LIMIT ${SEGMENTS_PER_STEP})`,
      [time],
    );
    if (!rowCount) return total;
    total += rowCount;
  }
}
