import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { SheafError } from '../../error.ts';
import { cutRows } from '../segments.ts';
import type { Compaction } from '../store.ts';
import { transaction } from './connection.ts';
import { readCompactionBase } from './log-reader.ts';
import type { CompactionBase } from './log-reader.ts';
import { readHead, snapshotChecksum, storeSegment, updatesChecksum } from './rows.ts';

/** The right to compact a document, for a while. */
interface Lease {
  readonly document: number;
  readonly holder: string;
  readonly epoch: number;
}

/** How a compaction is bounded. */
export interface CompactionBounds {
  readonly segmentBytes: number;
  readonly leaseMs: number;
}

/**
 * See `UpdateLog.compact`. Several nodes may want to: one gets the lease, and the others are `stale` at once. A lease ends with
 * the node's connections, and runs out, so that a node that died or sleeps holds up nobody; the statement that puts the snapshot therefore looks at the lease's epoch
 * itself, and puts nothing for a node that slept through its end.
 */
export async function compactDocument(
  client: ClientBase,
  compaction: Compaction,
  bounds: CompactionBounds,
): Promise<void> {
  const { document: name, base, snapshot } = compaction;
  const range = { base, through: snapshot.through };
  const head = await readHead(client, name);
  if (head === null) throw new SheafError('stale', `There is no document "${name}".`);
  const lease = await takeLease(client, head.id, bounds.leaseMs);
  if (lease === null) throw new SheafError('stale', `Another node is compacting "${name}".`);
  try {
    const read = await readCompactionBase(client, name, range);
    await writeCompaction(client, compaction, read, { lease, bounds });
  } finally {
    await releaseLease(client, lease);
  }
}

async function takeLease(client: ClientBase, document: number, leaseMs: number): Promise<Lease | null> {
  const holder = randomUUID();
  const { rows } = await client.query<{ epoch: number }>(
    `INSERT INTO sheaf.leases AS lease (document, holder, epoch, session, until)
       VALUES ($1, $2, 1, current_setting('application_name'), clock_timestamp() + make_interval(secs => $3::double precision / 1000))
     ON CONFLICT (document) DO UPDATE
       SET holder = excluded.holder, epoch = lease.epoch + 1, session = excluded.session, until = excluded.until
       WHERE lease.until < clock_timestamp()
         OR NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = lease.session)
     RETURNING epoch`,
    [document, holder, leaseMs],
  );
  const [row] = rows;
  return row === undefined ? null : { document, holder, epoch: row.epoch };
}

/** Another node need not wait for its end. If that does not get through, it runs out by itself. */
async function releaseLease(client: ClientBase, { document, holder, epoch }: Lease): Promise<void> {
  await client
    .query(`UPDATE sheaf.leases SET until = '-infinity' WHERE document = $1 AND holder = $2 AND epoch = $3`, [
      document,
      holder,
      epoch,
    ])
    .catch(() => {});
}

async function writeCompaction(
  client: ClientBase,
  { document: name, snapshot }: Compaction,
  { head, current, damaged, rows }: CompactionBase,
  { lease, bounds }: { lease: Lease; bounds: CompactionBounds },
): Promise<void> {
  const { id } = head;
  const { through, nesting, stateVector, deleteSet, update } = snapshot;
  const { segments, rest } = cutRows(rows, through, bounds.segmentBytes);
  const stored = segments.map((segment) => storeSegment(name, segment));
  await transaction(client, 'BEGIN', async () => {
    // Held until the end against a deletion, which locks the row for itself alone; commits go on beside this lock.
    const there = await client.query(
      'SELECT FROM sheaf.documents WHERE id = $1 AND deleted IS NULL FOR KEY SHARE',
      [id],
    );
    if (there.rowCount !== 1) throw new SheafError('deleted', `The document "${name}" was deleted.`);
    // A damaged snapshot goes, and the generation before stays.
    const guard = `WITH lease AS (UPDATE sheaf.leases SET until = until
         WHERE document = $1 AND holder = $2 AND epoch = $3 RETURNING document),
       gone AS (DELETE FROM sheaf.snapshots USING lease
         WHERE snapshots.document = lease.document AND through = $4 AND $5)
       INSERT INTO sheaf.snapshots AS known (document, through, nesting, crc, state_vector, delete_set, content)
         SELECT lease.document, $6, $7, $8, $9, $10, $11 FROM lease
         WHERE (SELECT coalesce(max(through), 0) FROM sheaf.snapshots WHERE snapshots.document = $1) = $4
       ON CONFLICT (document, through) DO UPDATE SET nesting = excluded.nesting, crc = excluded.crc,
         state_vector = excluded.state_vector, delete_set = excluded.delete_set, content = excluded.content`;
    const { rowCount } = await client.query(guard, [
      id,
      lease.holder,
      lease.epoch,
      current,
      damaged && current !== through,
      through,
      nesting,
      snapshotChecksum(name, snapshot),
      asBuffer(stateVector),
      asBuffer(deleteSet),
      asBuffer(update),
    ]);
    if (rowCount !== 1) throw new SheafError('stale', `Another node has compacted "${name}" meanwhile.`);
    const statements = [
      client.query(
        `DELETE FROM sheaf.snapshots WHERE document = $1 AND through <
           (SELECT through FROM sheaf.snapshots WHERE document = $1 ORDER BY through DESC LIMIT 1 OFFSET 1)`,
        [id],
      ),
      client.query('DELETE FROM sheaf.updates WHERE document = $1 AND first <= $2', [id, through]),
      ...stored.map(({ first, last, from, to, deflated, crc, hash, stored: entries }) =>
        client.query({
          name: 'put history',
          text: `INSERT INTO sheaf.history (document, first, last, begun, ended, deflated, crc, hash, entries)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          values: [id, first, last, from, to, deflated, crc, asBuffer(hash), asBuffer(entries)],
        }),
      ),
    ];
    if (rest !== null)
      statements.push(
        client.query(
          'INSERT INTO sheaf.updates (document, first, count, crc, entries) VALUES ($1, $2, $3, $4, $5)',
          [id, rest.first, rest.count, updatesChecksum(name, rest), asBuffer(rest.entries)],
        ),
      );
    await Promise.all(statements);
  });
}

/** The bytes as `pg` sends them without writing them out as text. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
